"""The classes that a screen has by the size of the terminal."""

from __future__ import annotations

from typing import Any, Final

from textual.screen import Screen

WIDE: Final = 160
"""Columns from which the outline has room."""
WIDTHS: Final = [(0, "-narrow"), (100, "-normal"), (WIDE, "-wide")]
HEIGHTS: Final = [(0, "-short"), (16, "-low"), (30, "-tall")]


def fit(screen: Screen[Any]) -> None:
    """Give a screen that comes up its classes at once: Textual does after the first paint, and lays it out again."""
    width, height = screen.app.size
    steps = ((width, screen.HORIZONTAL_BREAKPOINTS), (height, screen.VERTICAL_BREAKPOINTS))
    reached = [[name for least, name in each or () if room >= least] for room, each in steps]
    screen.add_class(*(names[-1] for names in reached if names))
