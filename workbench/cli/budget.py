"""The budget of the configuration: a person is asked before it may be passed, and a script is told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.core import forecast
from workbench.core.budget import committed
from workbench.core.cost import money
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.planning import Order, Planned
    from workbench.core.endpoint import Endpoint
    from workbench.core.record import RunRecord


def check(budget: Decimal | None, order: Order, planned: Sequence[Planned], output: Output) -> None:
    """Raises UsageError when the person at the terminal says no; what has no known price may cost anything."""
    if budget is None or order.endpoint.simulated:
        return
    spent = committed((*order.session.runs, *_swept(order)), order.catalogue)
    requests = [each.request for each in planned]
    expected = [(each.params.model, forecast.of_request(each, order.endpoint, order.catalogue)) for each in requests]
    most = sum((each.high for _, each in expected if each.high is not None), Decimal(0))
    unpriced = sorted({model or "no model" for model, each in expected if each.high is None})
    ask(budget, spent, most, unpriced, order.endpoint, output)


def _swept(order: Order) -> Sequence[RunRecord]:
    """What the session's sweeps were answered; results that can't be read are told where they are needed."""
    file = order.subject.asking.file
    if file is None:
        return ()
    from workbench.engine.results import Results, results_path

    try:
        return Results(results_path(file)).load()[0]
    except StoreError:
        return ()


def ask(
    budget: Decimal, spent: Decimal, most: Decimal, unpriced: Sequence[str], endpoint: Endpoint, output: Output
) -> None:
    """The same with the prices known: `spent` so far, `most` of what comes, and models without a price. In USD."""
    if not unpriced and spent + most <= budget:
        return
    price = f"it may cost up to ≈{money(most)}"
    if unpriced:
        price = f"{endpoint.name} has no known price for {', '.join(unpriced)}"
    output.note(f"this may pass the budget of {money(budget)}: {money(spent)} is spent, and {price}")
    if not output.draws or sys.stdin is None or not sys.stdin.isatty():
        return
    output.note("send it? [y/N]")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UsageError("nothing was sent")
