"""`workbench models`: what can be used, what it accepts, what it costs."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from typing import TYPE_CHECKING

from workbench.cli import context
from workbench.cli.table import columns
from workbench.core import clouds
from workbench.core.exports.json_text import legible
from workbench.core.facts import grouped
from workbench.core.model import Model, Prices
from workbench.core.problem import Problem

if TYPE_CHECKING:
    from decimal import Decimal

    from workbench.cli.output import Output
    from workbench.engine.endpoints import Chosen

HEAD = ("model", "context", "max out", "in", "out", "cache read", "thinking", "effort", "temperature", "status")
NUMBERS = frozenset({1, 2, 3, 4, 5})


def main(options: argparse.Namespace, output: Output) -> int:
    """The built-in table, merged with what the endpoint lists where one can be asked. Raises UsageError."""
    around = context.read(output)
    chosen = around.choose(name=options.endpoint, base_url=options.base_url)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    name = chosen.endpoint.name
    live = _live(chosen, output, named=options.endpoint is not None or options.base_url is not None)
    kind = chosen.endpoint.kind
    catalogue = around.catalogue.behind(kind) if live is None else around.catalogue.merge_live({"data": live})
    models = [each for each in catalogue.choices if catalogue.served is None or each.id in catalogue.served]
    if options.json:
        source = {"source": "built-in"} if live is None else {"source": "live", "endpoint": name}
        output.line(legible(json.dumps({**source, "models": [as_json(each) for each in models]}, ensure_ascii=False)))
        return 0
    output.write(columns(HEAD, [_row(each) for each in models], right=NUMBERS))
    source_note = (
        f"the built-in table{_names(kind)}"
        if live is None
        else f"listed by {name}, with prices from the built-in table"
    )
    output.note(f"{source_note}; USD per million tokens")
    return 0


def _live(chosen: Chosen, output: Output, *, named: bool) -> list[dict[str, object]] | None:
    """What the endpoint lists, or None; a simulator that nobody asked for has nothing to add."""
    if chosen.endpoint.simulated and not named:
        output.note("no key was found to ask an endpoint with")
        return None
    if (lacking := clouds.lack(chosen.endpoint.kind, "models")) is not None:
        output.note(f"{chosen.endpoint.name}: {lacking}")
        return None
    if chosen.problem is not None and chosen.key is None:
        output.note(str(chosen.problem))
        return None
    answer = _ask(chosen)
    if isinstance(answer, Problem):
        output.note(f"{chosen.endpoint.name} lists no models: {answer}")
        return None
    return answer


def _names(kind: str) -> str:
    """Under whose names the built-in models are listed, and what these prices leave out."""
    row = clouds.of(kind)
    if row is None:
        return ""
    extra = ""
    if row.surcharge and row.service:
        extra = "; a region's prices, a tenth above those of global. profiles"
    elif row.surcharge:
        extra = "; other regions than global cost a tenth more"
    return f", under the names of {row.name}{extra}"


def _ask(chosen: Chosen) -> list[dict[str, object]] | Problem:
    """Loads the network, which the built-in table has no need of."""
    import asyncio

    from workbench.engine.runner import Runner

    async def ask() -> list[dict[str, object]] | Problem:
        runner = Runner(confirmed=chosen.agreed)
        try:
            return await runner.models(chosen.endpoint, chosen.key)
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
    return f"{model.lifecycle}, retires {model.retires}" if model.retires else model.lifecycle


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
        }
    return {key: value for key, value in known.items() if value is not None}


def _prices(prices: Prices) -> dict[str, str]:
    """USD per million tokens, as decimal strings."""
    named = ((row.name, getattr(prices, row.name)) for row in fields(prices))
    return {name: format(price.normalize(), "f") for name, price in named if price is not None}
