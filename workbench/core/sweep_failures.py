"""Failures of a sweep that stand until they are asked again: what its batches were answered with, and not whole.

A live failure is one of its time: the next start asks it anew. A batch's comes hours later, when nobody is looking, so
it is shown until somebody asks again.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from workbench.core import batch_result
from workbench.core.state import FULL_STATES

if TYPE_CHECKING:
    from workbench.core.endpoint import Endpoint
    from workbench.core.record import RunRecord
    from workbench.core.sweep_plan import Plan, Spot


def standing(
    plan: Plan, records: Sequence[RunRecord], endpoint: Endpoint | None, answered: Container[Spot] = ()
) -> dict[Spot, RunRecord]:
    """The spots, less those `answered`, of which the last that came is a batch's failure; `records` oldest first."""
    failed = [record for record in reversed(records) if record.state not in FULL_STATES]
    if not any(map(batch_result.refused, failed)):
        return {}
    last = plan.placed(failed, endpoint)
    return {spot: each for spot, each in last.items() if spot not in answered and batch_result.refused(each)}
