"""`workbench models`: what can be used, what it accepts, what it costs."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.cli import context
from workbench.cli.table import columns
from workbench.core import cloud_models, clouds, model_words
from workbench.core.exports.json_text import legible
from workbench.core.figures import grouped
from workbench.core.model import Model, Prices
from workbench.core.problem import Problem
from workbench.engine import model_list, places
from workbench.engine.model_list import Listed, ModelLists

if TYPE_CHECKING:
    from decimal import Decimal

    from workbench.cli.output import Output
    from workbench.core.endpoint import Endpoint
    from workbench.engine.endpoints import Chosen

HEAD = ("model", "context", "max out", "in", "out", "cache read", "thinking", "effort", "temperature", "status")
NUMBERS = frozenset({1, 2, 3, 4, 5})


def main(options: argparse.Namespace, output: Output) -> int:
    """The built-in table, merged with what the endpoint lists where one can be asked. Raises UsageError."""
    around = context.read(output)
    chosen = around.choose(name=options.endpoint, base_url=options.base_url)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    name, kind = chosen.endpoint.name, chosen.endpoint.kind
    live, asked = _live(chosen, output, named=options.endpoint is not None or options.base_url is not None)
    catalogue = around.catalogue.behind(kind)
    if live is not None:
        catalogue = around.catalogue.merge_live({"data": list(live.rows)})
    models = [each for each in catalogue.choices if catalogue.served is None or catalogue.served & {*each.ids}]
    priced = live is None or chosen.endpoint.priced
    if not priced:  # what another server takes for a model, nobody knows
        models = [each if each.priced_by_user else replace(each, prices=None) for each in models]
    models = [cloud_models.offered(each, chosen.endpoint) for each in models]
    if options.json:
        fetched = {} if live is None else {"endpoint": name, "fetched": f"{live.fetched:%Y-%m-%dT%H:%M:%SZ}"}
        source = {"source": "built-in" if live is None else "live" if asked else "kept", **fetched}
        output.line(legible(json.dumps({**source, "models": [as_json(each) for each in models]}, ensure_ascii=False)))
        return 0
    output.write(columns(HEAD, [_row(each) for each in models], right=NUMBERS))
    when = "" if live is None or asked else f" on {live.fetched:%Y-%m-%d %H:%M} UTC"
    source_note = (
        f"the built-in table{_names(chosen.endpoint)}"
        if live is None
        else f"listed by {name}{when}, with {'prices from the built-in table' if priced else 'prices as you gave them'}"
    )
    output.note(f"{source_note}; USD per million tokens")
    return 0


def _live(chosen: Chosen, output: Output, *, named: bool) -> tuple[Listed | None, bool]:
    """What the endpoint lists, else what it listed last, and whether it was asked now.

    A simulator that nobody asked for has nothing to add.
    """
    if chosen.endpoint.simulated and not named:
        output.note("no key was found to ask an endpoint with")
        return None, False
    if (lacking := clouds.lack(chosen.endpoint.kind, "models")) is not None:
        output.note(f"{chosen.endpoint.name}: {lacking}")
        return None, False
    if chosen.problem is not None and chosen.key is None:
        output.note(str(chosen.problem))
        return None, False
    lists = ModelLists(places.find().cache)
    answer = _ask(chosen, lists)
    if not isinstance(answer, Problem):
        return answer, True
    output.note(f"{chosen.endpoint.name} lists no models: {answer}")
    return lists.read(chosen.endpoint), False


def _names(endpoint: Endpoint) -> str:
    """Under whose names the built-in models are listed, and what another place would cost."""
    row = clouds.of(endpoint.kind)
    if row is None:
        return ""
    extra = ""
    if row.surcharge and row.service:
        extra = "; a region's prices, a tenth above those of global. profiles"
    elif row.surcharge and endpoint.region == cloud_models.EVERYWHERE:
        extra = "; other regions than global cost a tenth more"
    elif row.surcharge:
        extra = f"; the prices of {endpoint.region}, a tenth above those of global"
    return f", under the names of {row.name}{extra}"


def _ask(chosen: Chosen, lists: ModelLists) -> Listed | Problem:
    """Loads the network, which the built-in table has no need of."""
    import asyncio

    from workbench.engine.runner import Runner

    async def ask() -> Listed | Problem:
        runner = Runner(confirmed=chosen.agreed)
        try:
            return await model_list.ask(runner, chosen.endpoint, chosen.key, lists, datetime.now(UTC))
        finally:
            await runner.aclose()

    return asyncio.run(ask())


def _row(model: Model) -> tuple[str, ...]:
    prices = model.prices
    known = model.listed
    return (
        model.id,
        _number(model.context),
        _number(model.max_output),
        _price(None if prices is None else prices.input),
        _price(None if prices is None else prices.output),
        _price(None if prices is None else prices.read),
        _thinking(model) if known else "—",
        _efforts(model.efforts) if known else "—",
        ("yes" if model.sampling else "no") if known else "—",
        _status(model),
    )


def _number(number: int | None) -> str:
    return "—" if number is None else grouped(number)


def _price(price: Decimal | None) -> str:
    return "—" if price is None else format(price.normalize(), "f")


def _thinking(model: Model) -> str:
    default = {"always": " (always)", "on": " (default)"}.get(model.thinking_default, "")
    order = [shape for shape in ("adaptive", "between_tools", "enabled", "disabled") if shape in model.thinking]
    return f"{order[0]}{default}{''.join(f', {each}' for each in order[1:])}" if order else "no"


def _efforts(efforts: tuple[str, ...]) -> str:
    return "no" if not efforts else efforts[0] if len(efforts) == 1 else f"{efforts[0]}…{efforts[-1]}"


def _status(model: Model) -> str:
    return model_words.status(model, datetime.now(UTC).date())


def as_json(model: Model) -> dict[str, object]:
    """One model; what isn't known is absent."""
    known: dict[str, object] = {
        "id": model.id,
        "aliases": list(model.aliases),
        "name": model.name or None,
        "context": model.context,
        "max_output": model.max_output,
        "prices": None if model.prices is None else _prices(model.prices),
        "lifecycle": model.lifecycle,
        "retires": model.retires and model.retires.isoformat(),
        "released": model.released and model.released.isoformat(),
        "successor": model.successor,
    }
    if model.features is not None:
        known["features"] = sorted(model.features)
    if model.listed:
        known["accepts"] = {
            "thinking": sorted(model.thinking),
            "thinking_default": model.thinking_default,
            "effort": list(model.efforts),
            "effort_default": model.effort_default,
            "sampling": model.sampling,
            "output_format": model.structured,
            "forced_tool": model.forced_tool,
            "prefill": model.prefill,
            "inference_geo": model.geo,
            "fast": model.fast_mode in {"ga", "beta"},
            "cache_minimum": model.cache_minimum,
        }
    return {key: value for key, value in known.items() if value is not None}


def _prices(prices: Prices) -> dict[str, str]:
    """USD per million tokens, as decimal strings."""
    named = ((row.name, getattr(prices, row.name)) for row in fields(prices))
    return {name: format(price.normalize(), "f") for name, price in named if price is not None}
