"""Retries of runs that wait for the same server are a little apart: lanes must not knock in step."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workbench.core.retry import Wait

RETRY_SPACING: Final = 0.1
"""Seconds between two of them."""


class Spacing:
    """Remembers when each server is tried again next, in monotonic seconds."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def apart(self, wait: Wait, origin: str, now: float) -> Wait:
        """A little longer where another run tries the same server again at the same moment."""
        at = now + wait.seconds
        others = self._next.get(origin)
        if others is not None and now < others and abs(at - others) < RETRY_SPACING:
            at = others + RETRY_SPACING
        self._next[origin] = max(at, others or at)
        return replace(wait, seconds=at - now)
