"""The stretch of a diff that is in sight: rows are laid out when they come there, however many there are."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Final, NamedTuple

from workbench.core.diff import SAME, Diff
from workbench.ui.diff.layout import Item, Line, Shape, item_of, items, lines

KEPT: Final = 400
"""Items whose lines are kept for when they come back into sight."""
OVERHEAD: Final = 40
"""Characters that a row counts for beside its own, in how far down it is."""


class Place(NamedTuple):
    """A line of an item."""

    item: int = 0
    line: int = 0


class Flow:
    """The items of a diff in one shape, and the place at the top of the window."""

    def __init__(self, diff: Diff, shape: Shape, *, only_changes: bool) -> None:
        self.diff: Final = diff
        self.shape: Final = shape
        self.items: Final[list[Item]] = items(diff, only_changes=only_changes)
        self.top = Place()
        self._lines: dict[int, list[Line]] = {}
        self._starts = [0, *accumulate(OVERHEAD + sum(map(len, row.texts)) for row in diff.rows)]

    def lines(self, item: int) -> list[Line]:
        found = self._lines.get(item)
        if found is None:
            if len(self._lines) >= KEPT:
                for old in list(self._lines)[: KEPT // 2]:
                    del self._lines[old]
            found = self._lines[item] = lines(self.diff, self.items[item], self.shape)
        return found

    def shown(self, height: int) -> list[Line]:
        """The lines in sight, fewer than `height` where the diff ends."""
        found: list[Line] = []
        item, skip = self.top
        while len(found) < height and item < len(self.items):
            found += self.lines(item)[skip:]
            item, skip = item + 1, 0
        return found[:height]

    def scroll(self, by: int, height: int) -> None:
        """So many lines further down; stops at the ends."""
        item, line = self.top
        line += by
        while line < 0 and item > 0:
            item -= 1
            line += len(self.lines(item))
        while item < len(self.items) - 1 and line >= len(self.lines(item)):
            line -= len(self.lines(item))
            item += 1
        self.top = min(Place(item, max(line, 0)), self.end(height))

    def end(self, height: int) -> Place:
        """The top where the last line stands at the foot of the window."""
        left = height
        for item in range(len(self.items) - 1, -1, -1):
            left -= len(self.lines(item))
            if left <= 0:
                return Place(item, -left)
        return Place()

    def reveal(self, change: int, height: int) -> None:
        """Bring a change into sight, a third of the way down, if it isn't there."""
        if change == SAME or self.sees(change, height):
            return
        item = item_of(self.items, self.diff.changes[change])
        self.top = Place(item, self._line_of(item, change))
        self.scroll(-(height // 3), height)

    def sees(self, change: int, height: int) -> bool:
        return any(change in cell.changes for line in self.shown(height) for cell in line)

    def _line_of(self, item: int, change: int) -> int:
        lines = enumerate(self.lines(item))
        return next((at for at, line in lines if any(change in cell.changes for cell in line)), 0)

    @property
    def offset(self) -> int:
        """How far down the top is, in characters of both texts: a place that outlives another shape or unit."""
        return self._offset(self.top) if self.items else 0

    def _offset(self, place: Place) -> int:
        item = self.items[place.item]
        start, end = self._starts[item.first], self._starts[item.end]
        return start + (end - start) * place.line // max(len(self.lines(place.item)), 1)

    def go_to(self, offset: int, height: int) -> None:
        """The place so far down to the top."""
        if not self.items:
            return
        row = min(bisect_right(self._starts, offset) - 1, len(self.diff.rows) - 1)
        at = item_of(self.items, row)
        item = self.items[at]
        start, end = self._starts[item.first], self._starts[item.end]
        line = max(offset - start, 0) * len(self.lines(at)) // max(end - start, 1)
        self.top = Place(at, line)
        self.scroll(0, height)

    def thumb(self, height: int) -> tuple[int, int] | None:
        """The first and last line of the window that the scrollbar's thumb covers; None where all is in sight."""
        end = self.end(height)
        if end == Place():
            return None
        size = max(1, height * height // max(height + self._starts[-1] // max(sum(self.shape.columns), 1), 1))
        whole = self._offset(end)
        first = (height - size) * min(self.offset, whole) // max(whole, 1)
        return first, first + size - 1
