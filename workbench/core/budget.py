"""What counts against the budget: an answer that was cut off by what came of it, not by what was reported."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.core import facts, usage
from workbench.core.state import FULL_STATES

if TYPE_CHECKING:
    from workbench.core.models import Catalogue
    from workbench.core.record import RunRecord


def committed(runs: Iterable[RunRecord], catalogue: Catalogue) -> Decimal:
    """USD that is spent, as near as can be told; simulated money and unknown prices count for nothing.

    A record's `at_least` holds the output tokens of its first event, a few, whatever was paid for after it.
    """
    return sum((_committed(run, catalogue) for run in runs if not run.simulated), Decimal(0))


def _committed(run: RunRecord, catalogue: Catalogue) -> Decimal:
    if run.cost_usd is None:
        return Decimal(0)
    if run.state in FULL_STATES or not run.usage:
        return run.cost_usd
    model = next((found for each in (run.model, run.asked_model) if (found := catalogue.recognise(each))), None)
    whole = usage.bill({**run.usage, "output_tokens": facts.output(run) or 0}, model, catalogue=catalogue)
    return run.cost_usd if whole is None else max(run.cost_usd, whole.usd)
