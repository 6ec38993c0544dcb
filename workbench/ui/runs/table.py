"""The list of runs as a pane: rows, of which only those in sight are drawn, under their titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message

from workbench.core.run_list import Row
from workbench.ui.runs import columns
from workbench.ui.runs.columns import Column, Scene
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import Rows

FEW: Final = 7
"""So few rows leave room for an answer below them, on a low terminal too."""
MARK = 2
"""Cells before a row, for its mark."""


class Table(Rows, can_focus=True):
    """Runs under each other; it knows which is highlighted and which are marked."""

    class Moved(Message):
        """Another run is highlighted."""

    class Opened(Message):
        """The run that was highlighted already was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(self.draw_row, id=id)
        self.rows: Sequence[Row] = ()
        self.scene: Scene | None = None
        self.marked: list[tuple[str, str, str]] = []
        """The keys of the marked runs, in the order in which they were marked."""
        self._fitted: tuple[Column, ...] = ()
        self._fitted_for: tuple[Scene | None, int] = (None, 0)

    @property
    def row(self) -> Row | None:
        """The highlighted run."""
        return self.rows[self.highlighted] if 0 <= self.highlighted < len(self.rows) else None

    def put(self, rows: Sequence[Row], scene: Scene, *, first: bool = False) -> None:
        """Show these; the same run stays highlighted where it is still there, unless the first is wanted."""
        before, old = self.row, self.highlighted
        self.rows, self.scene = rows, scene
        self.choosable = (True,) * len(rows)
        self.virtual_size = Size(0, len(rows))
        at = next((at for at, row in enumerate(rows) if before is not None and row.key == before.key), None)
        if at is None or first:
            at = 0 if first else max(min(old, len(rows) - 1), 0)
        self.highlighted = at if rows else -1
        self.reveal()
        self.refresh()
        self.post_message(self.Moved())

    @property
    def width(self) -> int:
        """Cells that a run has."""
        return max(self.scrollable_content_region.width - MARK, 1)

    def fitted(self, width: int) -> tuple[Column, ...]:
        if self.scene is not None and self._fitted_for != (self.scene, width):
            self._fitted_for = (self.scene, width)
            self._fitted = columns.fitted(self.scene, width)
        return self._fitted

    def draw_row(self, at: int, width: int) -> Content:
        row, room = self.rows[at], max(width - MARK, 1)
        if self.scene is None:
            return Content("")
        marked = row.key in self.marked
        sign = "● " if marked else self.pointer if at == self.highlighted else "  "
        mark = Content.styled(sign, "$accent" if marked else "$primary")
        return mark + columns.draw(row, self.fitted(room), self.scene, room)

    def mark(self) -> None:
        """Mark the highlighted run, or take its mark away, and go on to the next."""
        if self.row is None:
            return
        key = self.row.key
        self.marked = [each for each in self.marked if each != key] if key in self.marked else [*self.marked, key]
        self.move(1)
        self.refresh()

    def marks(self) -> list[Row]:
        """The marked runs that are in the list, in the order in which they were marked."""
        by_key = {row.key: row for row in self.rows}
        return [by_key[key] for key in self.marked if key in by_key]

    def on_click(self, event: events.Click) -> None:
        if event.y + self.scroll_offset.y == self.highlighted:
            self.post_message(self.Opened())

    def watch_highlighted(self) -> None:
        super().watch_highlighted()
        self.post_message(self.Moved())


class Titles(Line):
    """The titles over the list; a click on one sorts by it."""

    class Pressed(Message):
        """A title that can be sorted by was clicked."""

        def __init__(self, order: str) -> None:
            super().__init__()
            self.order = order

    def __init__(self, table: Table, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.table = table
        self.sorted_by = ("started", True)

    def put(self, order: str, *, down: bool) -> None:
        self.sorted_by = (order, down)
        self.refresh()

    def draw(self, width: int) -> Content:
        del width
        room = self.table.width
        order, down = self.sorted_by
        return Content(" " * MARK) + columns.header(self.table.fitted(room), room, order, down=down)

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The titles that can be sorted by, for the jump labels."""
        room, left = self.table.width, self.content_region.x + MARK
        for column in self.table.fitted(room):
            if column.order:
                yield column.order, Offset(left, self.content_region.y)
            left += column.width + columns.gap_of(room)

    def jump_to(self, key: str) -> None:
        self.post_message(self.Pressed(key))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        room = self.table.width
        column = columns.column_at(self.table.fitted(room), offset.x - MARK, room) if offset is not None else None
        if column is not None and column.order:
            self.post_message(self.Pressed(column.order))
