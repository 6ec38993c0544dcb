"""Retries of runs that wait for the same server are a little apart: lanes must not knock in step."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workbench.core.retry import Wait

RETRY_SPACING: Final = 0.1
"""Seconds between two of them."""
ROUNDING: Final = 1e-6


class Spacing:
    """Remembers when each server is tried again, in monotonic seconds."""

    def __init__(self) -> None:
        self._taken: dict[str, list[float]] = {}

    def apart(self, wait: Wait, origin: str, now: float) -> Wait:
        """A little longer where others try the same server again at the same moment."""
        at = now + wait.seconds
        taken = [each for each in self._taken.get(origin, []) if each > now]
        for other in taken:
            if abs(at - other) < RETRY_SPACING - ROUNDING:
                at = other + RETRY_SPACING
        self._taken[origin] = sorted([*taken, at])
        return replace(wait, seconds=at - now)
