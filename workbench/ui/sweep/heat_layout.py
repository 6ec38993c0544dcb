"""How a heat map is laid out: how large its cells are, and how many have room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NARROWEST: Final = 11
"""Cells of the terminal that a cell needs for `▌1 204 ±6%▐`."""
WIDEST: Final = 24
HEAD: Final = 8
"""The least and …"""
HEAD_SHARE: Final = 0.24
"""… the largest part of the width for the names of the rows."""
MEDIANS: Final = 8
"""The column of row medians."""
MEDIANS_FROM: Final = 60
"""Cells of the terminal from which there is room for it."""
ENOUGH: Final = 6
"""Lines above which a map that scrolls keeps one for the column medians."""
SHAPES: Final = ((3, 1), (2, 1), (2, 0), (1, 0))
"""Lines of a cell, and empty ones under it: the first that lets every row in is taken, else the map scrolls."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes in terminal cells, and how many rows and columns are in sight."""

    head: int
    """Of the names of the rows, with the blank behind them."""
    cell: int
    lines: int
    gap: int
    rows: int
    columns: int
    medians: bool
    """Whether the row medians stand at the right."""
    foot: bool
    """Whether the column medians stand below."""

    @property
    def pitch(self) -> int:
        """Lines from one row to the next."""
        return self.lines + self.gap

    @property
    def body(self) -> int:
        """Lines of all rows in sight."""
        return self.rows * self.pitch - self.gap if self.rows else 0

    @property
    def height(self) -> int:
        """All lines: the heads, the rows, and the medians after an empty line where the rows stand apart."""
        return 1 + self.body + (1 + self.gap) * self.foot


def arrange(width: int, height: int, rows: int, columns: int, longest: int, *, tall: bool) -> Layout:
    """The largest cells with which all rows fit, and as many columns as have room.

    `longest` is the width of the longest name of a row; `tall` allows cells of three lines.
    """
    head = min(max(longest + 2, HEAD), max(int(width * HEAD_SHARE), HEAD))
    medians = columns > 1 and width >= MEDIANS_FROM and not _needs_all(width - head, columns)
    room = width - head - MEDIANS * medians
    seen = min(max((room + 1) // (NARROWEST + 1), 1), max(columns, 1))
    cell = max(min((room + 1) // seen - 1, WIDEST), 1)
    shapes = SHAPES if tall else SHAPES[1:]
    for lines, gap in shapes:
        for foot in (True, False) if rows > 1 else (False,):
            if 1 + rows * (lines + gap) - gap + (1 + gap) * foot <= height:
                return Layout(head, cell, lines, gap, rows, seen, medians, foot)
    foot = height > ENOUGH
    return Layout(head, cell, 1, 0, max(min(rows, height - 1 - foot), 1), seen, medians, foot)


def _needs_all(room: int, columns: int) -> bool:
    """Whether all columns fit, but not beside the medians."""
    needed = columns * (NARROWEST + 1) - 1
    return room - MEDIANS < needed <= room


def scrolled(first: int, at: int, seen: int, count: int) -> int:
    """The first row or column in sight, moved as little as brings `at` into sight."""
    first = min(max(first, at - seen + 1), at)
    return max(min(first, count - seen), 0)
