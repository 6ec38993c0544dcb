"""How lanes are laid out in the room there is: side by side, one line each, or one alone."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Mode: TypeAlias = Literal["auto", "grid", "list", "zoom"]
"""What the person chose."""

LANE: Final = (42, 13)
"""Columns and rows that a lane has at least where nothing else was chosen."""
TIGHT: Final = (24, 6)
"""The same where the person asked for the grid."""
MOST: Final = 8
"""Lanes in a grid: there are so many colours."""
GAP: Final = 1
"""Columns and rows between lanes."""
BODY: Final = 8
"""Rows that the lane below the list keeps."""
FULL_HEAD, LOW_HEAD = 30, 16
"""Rows of the terminal from which all lines of the header show, and from which two do."""


class Shape(NamedTuple):
    """What is shown: a grid of so many columns and rows, or the list, of which so many rows are in sight."""

    kind: Literal["grid", "list", "zoom"]
    columns: int = 1
    rows: int = 1


def shape(lanes: int, width: int, height: int, mode: Mode = "auto") -> Shape:
    """The layout of so many lanes in a room of so many columns and rows."""
    if mode == "zoom" or lanes <= 1:
        return Shape("zoom")
    if mode != "list":
        for least in (LANE, TIGHT) if mode == "grid" else (LANE,):
            if found := grid(lanes, width, height, least):
                return Shape("grid", *found)
    return Shape("list", 1, list_rows(lanes, height))


def grid(lanes: int, width: int, height: int, least: tuple[int, int] = LANE) -> tuple[int, int] | None:
    """Columns and rows of the grid with the fewest rows in which every lane has its least size, if there is one."""
    if not 0 < lanes <= MOST:
        return None
    for rows in range(1, lanes + 1):
        columns = -(-lanes // rows)
        wide = (width - GAP * (columns - 1)) // columns
        high = (height - GAP * (rows - 1)) // rows
        if wide >= least[0] and high >= least[1]:
            return columns, -(-lanes // columns)
    return None


def list_rows(lanes: int, height: int) -> int:
    """Rows of the list: all lanes, as long as the lane below keeps enough; at most half of a low terminal."""
    return max(min(lanes, max(height - BODY, height // 2)), 1)


def head_lines(terminal: int) -> int:
    """How many lines of the header a terminal of so many rows has room for; the prompt goes first."""
    return 3 if terminal >= FULL_HEAD else 2 if terminal >= LOW_HEAD else 1


def stepped(lanes: int, at: int, by: int) -> int:
    """The place of the lane so many further on; after the last comes the first."""
    return (at + by) % lanes if lanes else 0
