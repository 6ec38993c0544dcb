"""What the diff is handed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts, and what is said of it above."""

    number: int | None
    """Of its lane, for the chip in the lane's colour; None where it is no lane."""
    title: str
    chips: tuple[str, ...]
    """The settings that made it."""
    text: str
    note: str
    """`112 words · $0.0032`."""
