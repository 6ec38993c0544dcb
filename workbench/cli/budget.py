"""The budget of the configuration: a person is asked before it may be passed, and a script is told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.core import forecast
from workbench.core.cost import Basis, money

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.planning import Order, Planned


def check(budget: Decimal | None, order: Order, planned: Sequence[Planned], output: Output) -> None:
    """Raises UsageError when the person at the terminal says no; simulated money counts for nothing."""
    if budget is None or order.endpoint.simulated:
        return
    spent = sum(
        (run.cost_usd or Decimal(0) for run in order.session.runs if run.cost_basis != Basis.SIMULATED), Decimal()
    )
    expected = [forecast.of_request(each.request, order.endpoint, order.catalogue).high for each in planned]
    most = sum((each for each in expected if each is not None), Decimal())
    if spent + most <= budget:
        return
    output.note(f"this may pass the budget of {money(budget)}: {money(spent)} is spent, and it may cost {money(most)}")
    if not output.draws or sys.stdin is None or not sys.stdin.isatty():
        return
    output.note("send it? [y/N]")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UsageError("nothing was sent")
