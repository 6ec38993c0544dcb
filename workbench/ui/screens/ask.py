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

LINES: Final = ("F4", "many lines", "lines")


class Ask(Dialog[str | None]):
    """Dismisses with what was typed, exactly, or None; `check` says in a sentence what is wrong with a text.

    What stands in it is selected, so that typing replaces it. `longer` lets a person go on to an editor of many lines:
    then `wants_lines` is set, and it dismisses with the text so far.
    """

    CLOSE = "cancel"
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "accept", "Accept", show=False),
        Binding("f4", "lines", "Many lines", show=False),
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
        longer: bool = False,
    ) -> None:
        super().__init__()
        self.longer, self.wants_lines = longer, False
        self.heading, self.note, self.hints = Heading(title), Note(), Hints()
        self.about, self.initial, self.check = help, initial, check
        self.field = Field(initial, placeholder=placeholder)

    def compose(self) -> ComposeResult:
        self.note.style = "$error"
        self.field.whole_pastes = self.longer
        self.hints.hints = (HINTS[0], LINES, HINTS[1]) if self.longer else HINTS
        with Vertical(classes="dialog"):
            yield self.heading
            if self.about:
                yield Static(Content(display(self.about)), classes="about")
            yield self.field
            yield self.note
            yield self.hints

    def on_mount(self) -> None:
        self.field.focus()
        self.field.select_all()

    def on_input_changed(self) -> None:
        """Nothing is wrong with a text that nobody has touched."""
        self.note.text = self._mistake() if self.field.value != self.initial else ""

    def on_input_submitted(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        mistake = self._mistake()
        self.note.text = mistake
        if not mistake:
            self.dismiss(self.field.value)

    def action_lines(self) -> None:
        """Give the text as it is, to go on with many lines."""
        if self.longer:
            self.wants_lines = True
            self.dismiss(self.field.value)

    def on_field_several(self, event: Field.Several) -> None:
        self.wants_lines = True
        self.dismiss(event.text)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _mistake(self) -> str:
        return (self.check(self.field.value) or "") if self.check else ""
