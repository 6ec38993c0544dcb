"""When runs began, by the wall clock: in order, also where that clock is set back (faults T01)."""

from __future__ import annotations

from datetime import datetime


class Stamps:
    """A run never seems to have begun before the one that was sent before it."""

    def __init__(self) -> None:
        self._newest: datetime | None = None

    def of(self, now: datetime) -> datetime:
        """What is written down for a run that begins now."""
        self._newest = now if self._newest is None else max(now, self._newest)
        return self._newest
