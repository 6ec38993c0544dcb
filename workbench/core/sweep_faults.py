"""Which failures end a sweep by itself: those that every other cell would meet too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workbench.core.errors import CODES
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.state import FULL_STATES, State

STATUSES: Final = frozenset({401, 402, 405, 407, 413, 431})
"""Key, bill, proxy, and the size of what all cells share."""
OF_A_MODEL: Final = frozenset({403, 404})
"""Permission, and model or address: they concern all cells only once every model of the sweep has met them."""
TITLES: Final = frozenset(
    CODES[code].title
    for code in ("enforced_spend_limit_reached", "contract_spend_limit_reached", "organization_on_hold")
)
"""Refusals that stand in the body, under a status that could mean less."""
BUSY: Final = frozenset({408, 409, 429})
"""Refusals for the moment, after the engine's own patience."""
IN_A_ROW: Final = 10
"""Failures of the server without one answer between them, after which the next would fail as well."""
UNREACHABLE_IN_A_ROW: Final = 3


class Faults:
    """The failures since the last answer, of a sweep over these models."""

    def __init__(self, models: Iterable[str | None] = ()) -> None:
        self._row: list[RunRecord] = []
        self._models = frozenset(models)
        self._refused: set[object] = set()
        """Models that are not there, or not for this key."""

    def ends(self, record: RunRecord) -> Problem | None:
        """Why the sweep should stop with this run, or None where the next one may fare better."""
        if record.state in FULL_STATES:
            self._row.clear()
        if record.problem is None or record.state in {*FULL_STATES, State.CANCELLED}:
            return None
        if _concerns_all(record):
            return record.problem
        status = record.problem.status
        if status in OF_A_MODEL:
            self._refused.add(record.asked_model)
            return record.problem if self._refused >= self._models else None
        if status is not None and 400 <= status < 500 and status not in BUSY:
            return None  # a combination that the model refuses: its neighbours may be fine
        self._row.append(record)
        unreachable = sum(each.state is State.UNREACHABLE for each in self._row)
        if unreachable >= UNREACHABLE_IN_A_ROW or len(self._row) >= IN_A_ROW:
            return record.problem
        return None


def _concerns_all(record: RunRecord) -> bool:
    """Whether it was refused for what all cells have in common; a request that never left was refused here."""
    problem = record.problem
    if problem is None:
        return False
    unsent = record.state is State.UNREACHABLE and not record.attempts
    return unsent or problem.status in STATUSES or problem.title in TITLES
