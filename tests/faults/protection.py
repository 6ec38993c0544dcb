"""One protection: a piece of the program without which the tests of its row must fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Protection:
    """Taken out by putting `without` where `code` stands, once, in the file."""

    rows: tuple[str, ...]
    file: str
    """Relative to `workbench/`."""
    code: str
    without: str
