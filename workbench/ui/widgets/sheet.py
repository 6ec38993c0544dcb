"""Commands and their keys in one or two columns, a heading over each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from workbench.ui.commands import Command

TWO_COLUMNS: Final = 100
"""Cells of the terminal from which two columns have room."""
TITLE: Final = 29
"""Cells that a title needs at most; the keys get the rest of a row, and at least a third."""

Cell = Command | str | None
"""A command, the heading of a group, or an empty line."""


class Sheet(ScrollView):
    """Shows commands; knows the highlighted one and how to move between columns."""

    DEFAULT_CSS: ClassVar[str] = "Sheet { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }"
    ALLOW_SELECT = False
    can_focus = False
    highlighted: reactive[int] = reactive(0)
    """The number of a command among those shown."""

    class Chosen(Message):
        """A command was clicked."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.keys = keys
        self.commands: tuple[Command, ...] = ()
        self.columns: list[list[Cell]] = [[]]

    @property
    def chosen(self) -> Command | None:
        """The highlighted command, if any is shown."""
        return self.commands[self.highlighted] if self.highlighted < len(self.commands) else None

    def fill(self, commands: Sequence[Command], highlighted: int = 0) -> None:
        """Show these, one of them highlighted."""
        self.commands = tuple(commands)
        self.highlighted = highlighted
        self._arrange()

    def move(self, rows: int) -> None:
        """Highlight another command, so many further on in reading order; stops at the ends."""
        self.highlighted = max(0, min(self.highlighted + rows, len(self.commands) - 1))

    def across(self, columns: int) -> None:
        """Highlight the command nearest in the next column, if there is one."""
        column, row = self._place()
        if not 0 <= column + columns < len(self.columns):
            return
        there = [
            (abs(at - row), cell) for at, cell in enumerate(self.columns[column + columns]) if isinstance(cell, Command)
        ]
        if there:
            self.highlighted = self.commands.index(min(there, key=lambda found: found[0])[1])

    def watch_highlighted(self) -> None:
        self._reveal()
        self.refresh()

    def on_resize(self) -> None:
        self._arrange()

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        each = self._width()
        cells = [self._draw(column[row] if row < len(column) else None, each) for column in self.columns]
        line = Content("").join(cell.pad_right(max(0, each + 2 - cell.cell_length)) for cell in cells)
        strips = Visual.to_strips(self, line.truncate(width), width, 1, self.visual_style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        column, row = event.x // (self._width() + 2), event.y + self.scroll_offset.y
        if column < len(self.columns) and row < len(self.columns[column]):
            cell = self.columns[column][row]
            if isinstance(cell, Command):
                self.highlighted = self.commands.index(cell)
                self.post_message(self.Chosen())

    def _arrange(self) -> None:
        """All groups in one column, or cut in two of the same length."""
        groups = [_group(self.commands, name) for name in dict.fromkeys(command.group for command in self.commands)]
        cells = [cell for group in groups for cell in (None, *group)][1:]
        self.columns = _halves(cells) if self.screen.size.width >= TWO_COLUMNS else [cells]
        self.virtual_size = Size(0, max(map(len, self.columns)))
        self._reveal()
        self.refresh()

    def _draw(self, cell: Cell, width: int) -> Content:
        if cell is None:
            return Content("")
        if isinstance(cell, str):
            return Content.styled(f"  {cell.upper()}", "bold $heading")
        chosen = cell == self.chosen
        room = min(max(map(len, self.keys.values())), max(width // 3, width - TITLE))
        keys = Content.styled(self.keys[cell.id], "bold $accent").truncate(room, ellipsis=True, pad=True)
        title = Content.styled(cell.title, "bold $foreground" if chosen else "$foreground")
        line = Content.assemble(("▌ " if chosen else "  ", "$primary"), keys, "  ", title)
        line = line.truncate(width, ellipsis=True, pad=True)
        return line.stylize_before("on $selection") if chosen else line

    def _width(self) -> int:
        """The cells of one column."""
        columns = len(self.columns)
        return max(1, (self.scrollable_content_region.width - 2 * (columns - 1)) // columns)

    def _place(self) -> tuple[int, int]:
        """The column and row of the highlighted command."""
        chosen = self.chosen
        places = ((at, column.index(chosen)) for at, column in enumerate(self.columns) if chosen in column)
        return next(places, (0, 0)) if chosen else (0, 0)

    def _reveal(self) -> None:
        column, row = self._place()
        heading = row > 0 and isinstance(self.columns[column][row - 1], str)
        region = Region(0, row - heading, 1, 1 + heading)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)


def _group(commands: Sequence[Command], name: str) -> list[Cell]:
    return [name, *(command for command in commands if command.group == name)]


def _halves(cells: list[Cell]) -> list[list[Cell]]:
    """Two columns; a group that is cut goes on under its heading."""
    half = (len(cells) + 1) // 2
    while half and not isinstance(cells[half - 1], Command):
        half -= 1
    left, right = cells[:half], cells[half:]
    if right and right[0] is None:
        right = right[1:]
    elif right and isinstance(right[0], Command):
        right.insert(0, f"{right[0].group} …")
    return [left, right]
