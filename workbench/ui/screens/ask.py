"""One line of text to ask for: a title, a file name, a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from workbench.core.safe import display
from workbench.ui.screens.dialog import Dialog
from workbench.ui.widgets.field import Field
from workbench.ui.widgets.heading import HEIGHTS, Heading, Hints, Note

HINTS: Final = (("enter", "accept", "accept"), ("esc", "cancel", "cancel"))


class Ask(Dialog[str | None]):
    """Dismisses with what was typed, exactly, or None; `check` says in a sentence what is wrong with a text."""

    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+j", "accept", "Accept", show=False, priority=True),
        Binding("escape", "cancel", "Cancel", show=False),
    ]

    def __init__(
        self,
        title: str,
        *,
        help: str = "",  # noqa: A002  # the word that people know
        initial: str = "",
        check: Callable[[str], str | None] | None = None,
        placeholder: str = "",
    ) -> None:
        super().__init__()
        self.heading, self.note, self.hints = Heading(title), Note(), Hints()
        self.about, self.initial, self.check = help, initial, check
        self.field = Field(initial, placeholder=placeholder)

    def compose(self) -> ComposeResult:
        self.note.style = "$error"
        self.hints.hints = HINTS
        with Vertical(classes="dialog"):
            yield self.heading
            if self.about:
                yield Static(Content(display(self.about)), classes="about")
            yield self.field
            yield self.note
            yield self.hints

    def on_mount(self) -> None:
        self.field.focus()

    def on_input_changed(self) -> None:
        """Nothing is wrong with a text that nobody has touched."""
        self.note.text = self._mistake() if self.field.value != self.initial else ""

    def action_accept(self) -> None:
        mistake = self._mistake()
        self.note.text = mistake
        if not mistake:
            self.dismiss(self.field.value)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _mistake(self) -> str:
        return (self.check(self.field.value) or "") if self.check else ""
