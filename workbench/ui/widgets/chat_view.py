"""The conversation as a pane: the commands that move in it."""

from __future__ import annotations

import textwrap
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.geometry import Offset

from workbench.ui.text.lines import Run
from workbench.ui.widgets.conversation import Conversation

NOTES: Final = ((30, 3), (16, 2), (0, 1))
"""Rows of the terminal from which so many notes show at once."""


class ChatView(Conversation, can_focus=True):
    """The conversation with the keys of a reader."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("ctrl+down,ctrl+e", "row(1)", "Scroll down", show=False),
        Binding("ctrl+up,ctrl+y", "row(-1)", "Scroll up", show=False),
    ]

    said: tuple[str, ...] = ()
    """What the empty conversation says, before it is wrapped."""

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._place_notes)

    def welcome(self, lines: tuple[str, ...]) -> None:
        """What an empty conversation says."""
        self.said = lines
        self._draw_anew()

    def fitted(self, width: int, height: int) -> None:
        made: list[tuple[Run, ...]] = [
            ((f"  {part}", "dim" if at else "strong"),)
            for at, line in enumerate(self.said)
            for part in textwrap.wrap(line, max(width - 2, 10), break_on_hyphens=False) or [""]
        ]
        self._empty = tuple(made if len(made) <= height else [line for line in made if line[0][0].strip()])

    def _place_notes(self, _: object) -> None:
        """Keep the notes at the foot of the conversation, and only the newest: they would cover it."""
        if not self.region:
            return
        height = self.screen.size.height
        most = next(count for rows, count in NOTES if height >= rows)
        for rack in self.screen.query("#textual-toastrack"):
            rack.styles.margin = (0, 1, height - self.region.bottom, 0)
            for older in rack.children[:-most]:
                older.display = False

    def go_to(self, key: str) -> None:
        self.current = key

    def jumps(self) -> list[tuple[str, Offset]]:
        """The entries in sight, for the jump labels."""
        return self.targets()

    def jump_to(self, key: str) -> None:
        self.focus()
        self.go_to(key)

    def do_next(self) -> None:
        self.move(1)

    def do_previous(self) -> None:
        self.move(-1)

    def do_first(self) -> None:
        self.top()

    def do_last(self) -> None:
        self.bottom()

    def action_page(self, by: int) -> None:
        self.scroll_pages(by)

    def action_row(self, by: int) -> None:
        self.scroll_rows(by)
