"""A text of many lines to write: a system prompt, a variable, a schema."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from workbench.core.safe import display
from workbench.ui.screens.dialog import Dialog
from workbench.ui.widgets.editor import Editor
from workbench.ui.widgets.heading import HEIGHTS, Heading, Hints, Note

AGAIN: Final = "esc again discards, ^J keeps"
ACCEPT: Final = ("^J", "accept", "accept")
OUTSIDE: Final = ("F4", "$EDITOR", "edit")
CANCEL: Final = ("esc", "cancel", "cancel")


class Write(Dialog[str | None]):
    """Dismisses with the text, exactly, or None; what was changed is only discarded by a second esc.

    `edit` takes the text elsewhere, as to `$EDITOR`, and brings it back, or None to leave it. `top` begins at its
    first line, as one reads JSON, and not behind the last.
    """

    CLOSE = "cancel"
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,ctrl+s", "accept", "Accept", show=False),
        Binding("f4", "edit", "Edit in $EDITOR", show=False),
        Binding("escape", "cancel", "Cancel", show=False),
    ]

    def __init__(
        self,
        title: str,
        *,
        help: str = "",  # noqa: A002  # the word that people know
        initial: str = "",
        check: Callable[[str], str | None] | None = None,
        edit: Callable[[str], Awaitable[str | None]] | None = None,
        top: bool = False,
    ) -> None:
        super().__init__()
        self.heading, self.note, self.hints = Heading(title), Note(), Hints()
        self.about, self.initial, self.check, self.edit = help, initial, check, edit
        self.editor = Editor(initial)
        self.untouched = self.editor.text
        self.asked, self.top = False, top

    def compose(self) -> ComposeResult:
        self.hints.hints = (ACCEPT, OUTSIDE, CANCEL) if self.edit else (ACCEPT, CANCEL)
        with Vertical(classes="dialog large"):
            yield self.heading
            if self.about:
                yield Static(Content(display(self.about)), classes="about")
            yield self.editor
            yield self.note
            yield self.hints

    @property
    def text(self) -> str:
        """What would be accepted; an untouched text keeps the line ends that the editor would make alike."""
        return self.initial if self.editor.text == self.untouched else self.editor.text

    def on_mount(self) -> None:
        if not self.top:
            self.editor.move_cursor(self.editor.document.end)
        self.editor.focus()

    def on_text_area_changed(self) -> None:
        self.asked = False
        self._say(self._mistake() if self.text != self.initial else "", "$error")
        lines, size = self.editor.document.line_count, len(self.editor.text)
        self.heading.right = f"{lines} line{'s'[: lines != 1]} · {size} character{'s'[: size != 1]}"

    def action_accept(self) -> None:
        mistake = self._mistake()
        self._say(mistake, "$error")
        if not mistake:
            self.dismiss(self.text)

    def action_edit(self) -> None:
        if self.edit:
            self.run_worker(self._edit(self.edit), group="edit", exclusive=True)

    def action_cancel(self) -> None:
        if self.text == self.initial or self.asked:
            self.dismiss(None)
            return
        self.asked = True
        self._say(AGAIN, "$warning")

    async def _edit(self, edit: Callable[[str], Awaitable[str | None]]) -> None:
        from workbench.ui.external_editor import EditorFailed

        try:
            written = await edit(self.text)
        except EditorFailed as error:
            self._say(str(error), "$error")
            return
        if written is not None and self.is_attached:
            self.editor.replace(written, (0, 0), self.editor.document.end)

    def _mistake(self) -> str:
        return (self.check(self.text) or "") if self.check else ""

    def _say(self, text: str, style: str) -> None:
        self.note.text, self.note.style = text, style
