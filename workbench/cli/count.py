"""`workbench count`: tokens and price before sending."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.cli import asking, canned, context, planning, sending, subject
from workbench.core import forecast, window
from workbench.core.cost import Basis, Cost, money
from workbench.core.exports.json_text import legible
from workbench.core.figures import grouped
from workbench.core.problem import Problem

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.forecast import Forecast
    from workbench.core.models import Model
    from workbench.core.request import Request
    from workbench.engine.endpoints import Chosen


def main(options: argparse.Namespace, output: Output) -> int:
    """Count every lane's next request, or estimate where the endpoint doesn't count. Raises UsageError."""
    asked = asking.read(options)
    around = context.read(output)
    found = subject.begin(asked, around.config, output)
    session, turns = sending.place(found.session, found.lanes, asked.prompt, canned.finder(found), asked.attachments)
    chosen = around.choose(session, name=asked.endpoint, base_url=asked.base_url)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    order = planning.Order(session, turns, found, chosen.endpoint, around.catalogue)
    planning.tell_warnings(order, output)
    for note in chosen.notes:
        output.note(note)
    planned = planning.plan(order, 1)
    answers = asyncio.run(_ask(chosen, [each.request for each in planned]))
    for each, answer in zip(planned, answers, strict=True):
        if isinstance(answer, Problem):
            output.note(f"{each.run.lane}: {chosen.endpoint.name} gave no count, so this is an estimate: {answer}")
        counted = None if isinstance(answer, Problem) else answer
        expected = forecast.of_request(each.request, chosen.endpoint, around.catalogue, counted=counted)
        model = around.catalogue.recognise(each.request.params.model)
        _print(each, expected, model, output, as_json=options.json)
    return 0


async def _ask(chosen: Chosen, requests: Sequence[Request]) -> list[int | Problem]:
    if chosen.problem is not None and chosen.key is None:
        return [chosen.problem for _ in requests]
    from workbench.engine.runner import Runner

    runner = Runner(confirmed=chosen.agreed)
    try:
        counts = (runner.count_tokens(request, chosen.endpoint, chosen.key) for request in requests)
        return await asyncio.gather(*counts)
    finally:
        await runner.aclose()


def _print(planned: planning.Planned, found: Forecast, model: Model | None, output: Output, *, as_json: bool) -> None:
    lane, params = planned.run.lane, planned.request.params
    room = window.left(found, model)
    if as_json:
        known: dict[str, object] = {
            "lane": lane,
            "model": params.model,
            "input_tokens": found.input_tokens,
            "counted": found.counted,
            "max_tokens": params.max_tokens,
            "cost_low_usd": Cost(found.low).text,
            "cost_high_usd": Cost(found.high).text,
            "cost_basis": found.basis.value,
            "context_left": room,
        }
        output.line(legible(json.dumps({key: value for key, value in known.items() if value is not None})))
        return
    mark = "" if found.counted else "≈"
    price = "price unknown"
    if found.low is not None and found.high is not None:
        price = f"{'≈' if found.rough else ''}{money(found.low)} to {money(found.high)}"
        price += " simulated" if found.basis is Basis.SIMULATED else ""
    left = "" if room is None else " · doesn't fit" if room < 0 else f" · {window.short(room)} left"
    most = "" if params.max_tokens is None else f" · up to {grouped(params.max_tokens)} out"
    output.line(f"{lane} · {params.model or 'no model'} · {mark}{grouped(found.input_tokens)} in{most}{left} · {price}")
