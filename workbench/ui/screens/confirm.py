"""A question with a few answers, asked before something that can't be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from workbench.core.safe import display
from workbench.ui.screens.dialog import Dialog
from workbench.ui.widgets.heading import HEIGHTS, Heading, Hints
from workbench.ui.widgets.rows import Rows, one_line

HINTS: Final = (("↑↓", "move", "move(1)"), ("enter", "answer", "answer"), ("esc", "cancel", "cancel"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and the letter that gives it."""

    id: str
    key: str
    label: str


class Confirm(Dialog[str | None]):
    """Dismisses with an answer's id, or None on esc, which must be safe; enter gives the highlighted answer."""

    CLOSE = "cancel"
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left,shift+tab", "move(-1)", "Up", show=False, priority=True),
        Binding("down,right,tab", "move(1)", "Down", show=False, priority=True),
        Binding("pageup", "scroll(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "scroll(1)", "Page down", show=False, priority=True),
        Binding("enter,ctrl+j", "answer", "Answer", show=False, priority=True),
        Binding("escape", "cancel", "Cancel", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str], answers: Sequence[Answer], default: str) -> None:
        super().__init__()
        self.heading, self.hints = Heading(title), Hints()
        self.words = VerticalScroll(Static(Content(display("\n".join(lines)))), classes="words", can_focus=False)
        self.answers = tuple(answers)
        self.default = next(at for at, answer in enumerate(self.answers) if answer.id == default)
        self.rows = Rows(self.draw)

    def compose(self) -> ComposeResult:
        self.hints.hints = HINTS
        with Vertical(classes="dialog"):
            yield self.heading
            yield self.words
            yield self.rows
            yield self.hints

    def on_mount(self) -> None:
        self.rows.fill([True] * len(self.answers), self.default)

    def on_resize(self, event: events.Resize) -> None:
        self.rows.styles.height = len(self.answers)
        around = 5 if event.size.height >= 20 else 3
        self.words.styles.max_height = max(1, event.size.height - len(self.answers) - around)

    def on_key(self, event: events.Key) -> None:
        for answer in self.answers:
            if event.character and event.character.lower() == answer.key.lower():
                event.stop()
                self.dismiss(answer.id)
                return

    def on_rows_chosen(self) -> None:
        self.action_answer()

    def action_move(self, rows: int) -> None:
        self.rows.move(rows)

    def action_scroll(self, pages: int) -> None:
        self.words.scroll_relative(y=pages * max(1, self.words.size.height - 1), animate=False)

    def action_answer(self) -> None:
        self.dismiss(self.answers[self.rows.highlighted].id)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def draw(self, row: int, width: int) -> Content:
        """One answer; its letter in the colour of keys."""
        answer, chosen = self.answers[row], row == self.rows.highlighted
        label = (one_line(answer.label), "bold $foreground" if chosen else "$foreground")
        return Content.assemble(("▌ " if chosen else "  ", "$primary"), (f"{answer.key}  ", "bold $accent"), label)
