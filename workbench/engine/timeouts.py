"""How long silence is borne."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds of silence that end an attempt."""

    connect: float = 5.0
    read: float = 600.0
    """Between any two pieces of an answer, and before the first."""
