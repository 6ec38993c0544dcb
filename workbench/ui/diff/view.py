"""The two texts: one widget that draws its own lines, at a cost that doesn't grow with the texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from workbench.core.diff import SAME, Diff, compare
from workbench.ui.diff.flow import Flow, Place
from workbench.ui.diff.layout import Shape, change_at, changes_in, splits
from workbench.ui.diff.paint import Painter

WHEEL: Final = 3
NOTHING: Final = Strip([])


class DiffView(Widget, can_focus=True):
    """Shows a diff that it is handed; a click on a change says which."""

    DEFAULT_CSS: ClassVar[str] = "DiffView { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
    ]

    class Pressed(Message):
        """A change was clicked."""

        def __init__(self, change: int) -> None:
            super().__init__()
            self.change = change

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._diff = compare("", "")
        self._split = True
        self._only_changes = False
        self._change = SAME
        self._flow = Flow(self._diff, Shape(0, split=False), only_changes=False)
        self._painter: Painter | None = None
        self._rows: list[Strip] = []

    def show(self, diff: Diff, *, split: bool, only_changes: bool, change: int = SAME) -> None:
        """Show a diff; what is at the top stays there as far as it can."""
        self._diff, self._split, self._only_changes, self._change = diff, split, only_changes, change
        self._lay_out()

    def point_at(self, change: int) -> None:
        """Make a change the current one, and bring it into sight; `SAME` is none."""
        self._change = change
        if self._flow.diff is self._diff:  # else it is not laid out yet
            self._flow.reveal(change, self.size.height)
            self._draw()

    # Drawing

    def render_line(self, y: int) -> Strip:
        return self._rows[y] if y < len(self._rows) else NOTHING

    def _lay_out(self) -> None:
        """Make the flow anew: for another diff, width or way to show it."""
        if not self.is_attached or not self.size.area:
            return
        width, height = self.size
        before = self._flow
        seen = before.diff is self._diff and self._change != SAME and before.sees(self._change, height)
        shape = Shape(width, self._split and splits(width), signs=self.app.no_color)
        self._flow = Flow(self._diff, shape, only_changes=self._only_changes)
        if before.shape.width:
            self._flow.go_to(before.offset, height)
        if seen or before.diff is not self._diff:
            self._flow.reveal(self._change, height)
        self._painter = None
        self._draw()

    def _draw(self) -> None:
        height = self.size.height
        if not self.is_attached or not self._flow.shape.width:
            return
        if self._painter is None:
            self._painter = Painter(self.app.theme_variables, self._flow.shape)
        first, last = self._flow.thumb(height) or (-1, -1)
        shown = self._flow.shown(height)
        shown += [()] * (height - len(shown))
        self._rows = [self._painter.strip(line, self._change, thumb=first <= y <= last) for y, line in enumerate(shown)]
        self.refresh()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._recolour())

    def _recolour(self) -> None:
        self._painter = None
        self._draw()

    def on_resize(self) -> None:
        self._lay_out()

    # Moving

    def scroll_lines(self, by: int) -> None:
        """So many lines down."""
        self._flow.scroll(by, self.size.height)
        self._draw()

    def do_next(self) -> None:
        self.scroll_lines(1)

    def do_previous(self) -> None:
        self.scroll_lines(-1)

    def do_first(self) -> None:
        self._flow.top = Place()
        self._draw()

    def do_last(self) -> None:
        self._flow.top = self._flow.end(self.size.height)
        self._draw()

    def action_page(self, by: int) -> None:
        self.scroll_lines(by * max(self.size.height - 2, 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-WHEEL)

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The changes in sight, each where it begins, for the jump labels."""
        seen: set[int] = set()
        for y, line in enumerate(self._flow.shown(self.size.height)):
            for change, start, _ in changes_in(line, self._flow.shape):
                if change not in seen:
                    seen.add(change)
                    yield str(change), self.content_region.offset + Offset(start, y)

    def jump_to(self, key: str) -> None:
        self.focus()
        self.post_message(self.Pressed(int(key)))

    def on_click(self, event: events.Click) -> None:
        shown = self._flow.shown(self.size.height)
        change = change_at(shown[event.y], self._flow.shape, event.x) if event.y < len(shown) else SAME
        if change != SAME:
            self.post_message(self.Pressed(change))
