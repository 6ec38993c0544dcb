"""The heat map: a cell for each setting, of which only those in sight are drawn; it scrolls both ways by cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from workbench.ui.sweep.heat_cell import HeatCell, lines
from workbench.ui.sweep.heat_layout import Layout, arrange, scrolled
from workbench.ui.widgets.rows import one_line

TALL: Final = 30
"""Rows of the terminal from which cells may have three lines."""
ABOVE: Final = 5
"""Lines of that room for what stands above the map."""
SHARE: Final = 0.48
"""Of the room for map, repeats and answer: how much the map takes at most."""


@dataclass(frozen=True)
class HeatGrid:
    """What the map shows; cells are asked for one by one, because most of a thousand are out of sight."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row_medians: tuple[str, ...] = ()
    column_medians: tuple[str, ...] = ()
    cell: Callable[[int, int], HeatCell] = lambda row, column: HeatCell()


class HeatMap(Widget, can_focus=True):
    """Draws a grid, and knows the cell under the cursor."""

    DEFAULT_CSS: ClassVar[str] = "HeatMap { height: auto; }"
    ALLOW_SELECT = False

    class Moved(Message):
        """The cursor stands on another cell."""

    class Opened(Message):
        """A cell was clicked that already had the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self.grid = HeatGrid()
        self.row = self.column = 0
        """Of the cursor."""
        self.first_row = self.first_column = 0
        """In sight."""
        self.whole = False
        """Whether it may take all the room."""
        self.drawn = 0
        """How many cells were drawn so far."""
        self._longest = 0
        """Width of the longest name of a row."""
        self._made: dict[int, list[list[Content]]] = {}
        """The rows of this painting, each a list of cells, each a list of lines."""

    def show(self, grid: HeatGrid) -> None:
        """Another grid, or new values in this one; the cursor stays where it is, if that is still there."""
        resized = (len(grid.rows), len(grid.columns)) != (len(self.grid.rows), len(self.grid.columns))
        self.grid = grid
        self._longest = max((Content(one_line(name)).cell_length for name in grid.rows), default=0)
        self.row = min(self.row, max(len(grid.rows) - 1, 0))
        self.column = min(self.column, max(len(grid.columns) - 1, 0))
        self._reveal()
        self.refresh(layout=resized)

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor; it stops at the edges."""
        before = (self.row, self.column)
        self.row = min(max(self.row + rows, 0), max(len(self.grid.rows) - 1, 0))
        self.column = min(max(self.column + columns, 0), max(len(self.grid.columns) - 1, 0))
        self._reveal()
        self.refresh()
        if (self.row, self.column) != before:
            self.post_message(self.Moved())

    # Commands

    def do_next(self) -> None:
        self.move(1, 0)

    def do_previous(self) -> None:
        self.move(-1, 0)

    def do_more(self) -> None:
        self.move(0, 1)

    def do_less(self) -> None:
        self.move(0, -1)

    def do_first(self) -> None:
        self.move(-len(self.grid.rows), -len(self.grid.columns))

    def do_last(self) -> None:
        self.move(len(self.grid.rows), len(self.grid.columns))

    # Drawing

    @property
    def layout_(self) -> Layout:
        return self._arranged(self.size.width, self.size.height)

    def _arranged(self, width: int, height: int) -> Layout:
        tall = self.screen.size.height >= TALL
        return arrange(width, height, len(self.grid.rows), len(self.grid.columns), self._longest, tall=tall)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the rows need, within its share of the room."""
        room = container.height - ABOVE if self.whole else int(container.height * SHARE)
        return self._arranged(width, max(room, 3)).height

    def zoom(self, *, whole: bool) -> None:
        """All the room that there is, or its share."""
        self.whole = whole
        self.refresh(layout=True)

    def on_resize(self) -> None:
        self._reveal()
        self.refresh()

    def _reveal(self) -> None:
        layout = self.layout_
        self.first_row = scrolled(self.first_row, self.row, layout.rows, len(self.grid.rows))
        self.first_column = scrolled(self.first_column, self.column, layout.columns, len(self.grid.columns))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        self._made.clear()
        self._reveal()  # a new size may be painted before it is told
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        layout, width = self.layout_, self.size.width
        line = self._drawn(layout, y)
        strips = Visual.to_strips(self, line.truncate(width), width, 1, self.visual_style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def _drawn(self, layout: Layout, y: int) -> Content:
        if y == 0:
            return self._heads(layout)
        at, line = divmod(y - 1, layout.pitch)
        if at < layout.rows:
            return self._row(layout, self.first_row + at, line) if line < layout.lines else Content("")
        is_foot = layout.foot and y == layout.height - 1
        return self._foot(layout) if is_foot else Content("")

    def _columns(self, layout: Layout) -> range:
        return range(self.first_column, min(self.first_column + layout.columns, len(self.grid.columns)))

    def _heads(self, layout: Layout) -> Content:
        parts = [self._corner(layout)]
        for at in self._columns(layout):
            style = "bold $accent" if at == self.column else "$muted"
            parts.append(_centred(Content.styled(one_line(self.grid.columns[at]), style), layout.cell))
        if layout.medians:
            parts.append(Content.styled("median".rjust(7), "$dim"))
        return _spaced(parts)

    def _corner(self, layout: Layout) -> Content:
        """How many rows and columns are out of sight, and where."""
        hidden = (
            ("↑", self.first_row),
            ("↓", len(self.grid.rows) - self.first_row - layout.rows),
            ("←", self.first_column),
            ("→", len(self.grid.columns) - self.first_column - layout.columns),
        )
        text = " ".join(f"{sign}{count}" for sign, count in hidden if count > 0)
        return Content.styled(text, "$muted").truncate(layout.head - 1, ellipsis=True, pad=True)

    def _row(self, layout: Layout, row: int, line: int) -> Content:
        name = one_line(self.grid.rows[row]) if line == 0 else ""
        style = "bold $accent" if row == self.row else "$soft"
        parts = [Content.styled(name, style).truncate(layout.head - 1, ellipsis=True, pad=True)]
        if row not in self._made:
            self._made[row] = [self._cell(layout, row, column) for column in self._columns(layout)]
        parts += [cell[line] for cell in self._made[row]]
        if layout.medians and line == 0 and self.grid.row_medians:
            parts.append(Content.styled(self.grid.row_medians[row].rjust(7), "$muted"))
        return _spaced(parts)

    def _cell(self, layout: Layout, row: int, column: int) -> list[Content]:
        self.drawn += 1
        here = (row, column) == (self.row, self.column)
        cursor = ("$accent" if self.has_focus else "$foreground") if here else ""
        return lines(self.grid.cell(row, column), layout.cell, layout.lines, cursor)

    def _foot(self, layout: Layout) -> Content:
        parts = [Content.styled("median", "$dim").truncate(layout.head - 1, pad=True)]
        medians = self.grid.column_medians
        columns = self._columns(layout) if medians else ()
        parts += [_centred(Content.styled(medians[at], "$muted"), layout.cell) for at in columns]
        return _spaced(parts)

    # The mouse

    def on_click(self, event: events.Click) -> None:
        layout = self.layout_
        row, line = divmod(event.y - 1, layout.pitch)
        column = (event.x - layout.head) // (layout.cell + 1)
        row, column = row + self.first_row, column + self.first_column
        if event.y < 1 or event.x < layout.head or line >= layout.lines:
            return
        if row < len(self.grid.rows) and column in self._columns(layout):
            if (row, column) == (self.row, self.column):
                self.post_message(self.Opened())
            self.move(row - self.row, column - self.column)

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The cells in sight, for the jump labels."""
        layout, origin = self.layout_, self.content_region.offset
        for row in range(self.first_row, min(self.first_row + layout.rows, len(self.grid.rows))):
            for column in self._columns(layout):
                x = layout.head + (column - self.first_column) * (layout.cell + 1)
                yield f"{row} {column}", origin + Offset(x, 1 + (row - self.first_row) * layout.pitch)

    def jump_to(self, key: str) -> None:
        row, column = map(int, key.split())
        self.focus()
        self.move(row - self.row, column - self.column)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -1)

    def _scroll(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        self.move(*((0, by) if event.shift or event.ctrl else (by, 0)))


def _centred(content: Content, width: int) -> Content:
    content = content.truncate(width, ellipsis=True) if content.cell_length > width else content
    left = (width - content.cell_length) // 2
    return content.pad(left, width - content.cell_length - left)


def _spaced(parts: list[Content]) -> Content:
    """The parts with one blank between them."""
    return Content.assemble(*(piece for part in parts for piece in (part, Content(" "))))
