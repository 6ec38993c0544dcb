"""A list of one-line rows, of which only those in sight are drawn: two thousand cost as much as twenty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from workbench.core.safe import display

LONGEST: Final = 500
"""Characters of a text that are looked at for one line of it."""


def one_line(text: str) -> str:
    """A text from outside as one safe line."""
    return display(" ".join(text[:LONGEST].split()))


class Rows(ScrollView, inherit_bindings=False):
    """Draws rows through a function; knows which is highlighted and where the mouse pressed.

    The function gets the row's number and the width. The arrows move the highlight: they are keys of commands, not of
    the scrolling that it brings along.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
    ]

    DEFAULT_CSS: ClassVar[str] = "Rows { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }"
    ALLOW_SELECT = False
    can_focus = False
    highlighted: reactive[int] = reactive(-1)
    """The row that `enter` means, -1 for none."""

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self, draw: Callable[[int, int], Content], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.draw = draw
        self.choosable: tuple[bool, ...] = ()

    def fill(self, choosable: Sequence[bool], highlighted: int = -1) -> None:
        """Show other rows: for each, whether it can be highlighted; -1 highlights the first that can."""
        self.choosable = tuple(choosable)
        self.virtual_size = Size(0, len(self.choosable))
        first = next((at for at, can in enumerate(self.choosable) if can), -1)
        self.highlighted = highlighted if highlighted >= 0 else first
        self.scroll_to(y=0, animate=False, force=True)
        self.reveal()
        self.refresh()

    def move(self, rows: int) -> None:
        """Highlight another row, so many further down; stops at the ends."""
        at, step, every = self.highlighted, 1 if rows > 0 else -1, range(len(self.choosable))
        for _ in range(abs(rows)):
            further = range(at + step, len(every) if step > 0 else -1, step)
            found = next((each for each in further if self.choosable[each]), None) if at in every else None
            if found is None:
                break
            at = found
        self.highlighted = at

    def do_next(self) -> None:
        self.move(1)

    def do_previous(self) -> None:
        self.move(-1)

    def do_first(self) -> None:
        self.move(-len(self.choosable))

    def do_last(self) -> None:
        self.move(len(self.choosable))

    def action_page(self, by: int) -> None:
        self.move(by * self.page())

    def page(self) -> int:
        """How many rows a page is."""
        return max(1, self.scrollable_content_region.height - 1)

    def reveal(self) -> None:
        """Scroll so that the highlighted row is in sight, and a heading right above it too."""
        if self.highlighted < 0:
            return
        above = self.highlighted - 1
        top = above if above >= 0 and not self.choosable[above] else self.highlighted
        rows = Region(0, top, 1, self.highlighted - top + 1)
        self.scroll_to_region(rows, animate=False, force=True, immediate=True)

    def watch_highlighted(self) -> None:
        self.reveal()
        self.refresh()

    def on_resize(self) -> None:
        self.reveal()

    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if at >= len(self.choosable):
            return Strip.blank(width, self.rich_style)
        row = self.draw(at, width)
        if row.cell_length > width:
            row = row.truncate(width, ellipsis=True)
        if at == self.highlighted:
            row = row.pad_right(width - row.cell_length).stylize_before("on $panel" if self.left else "on $selection")
        strips = Visual.to_strips(self, row, width, 1, self.visual_style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    @property
    def left(self) -> bool:
        """Whether the focus is elsewhere on the same screen: the highlight is paler then, and its mark thinner."""
        return self.can_focus and self.screen.focused not in {None, self}

    @property
    def pointer(self) -> str:
        """What stands before the highlighted row."""
        return "▏ " if self.left else "▌ "

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The rows in sight that can be highlighted, for the jump labels."""
        top, origin = self.scroll_offset.y, self.scrollable_content_region.offset
        for at in range(top, min(top + self.scrollable_content_region.height, len(self.choosable))):
            if self.choosable[at]:
                yield str(at), origin + Offset(0, at - top)

    def jump_to(self, key: str) -> None:
        self.highlighted = int(key)
        self.focus()

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if 0 <= at < len(self.choosable) and self.choosable[at]:
            self.highlighted = at
            self.post_message(self.Chosen(at))
