"""A text field of many lines that keeps what is typed to the character.

Textual calls the `_on_…` handlers of a class and of its bases in turn until one prevents the default: none calls super.
"""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.widgets import TextArea

from workbench.ui import pasting
from workbench.ui.typing import pasted, typed
from workbench.ui.widgets.exact_document import ExactDocument

TAKEN: Final = frozenset({"f6", "f7"})
"""Keys that Textual's field selects with; here they are commands."""


def _bindings() -> list[BindingType]:
    rows = (each for each in TextArea.BINDINGS if isinstance(each, Binding))
    return [each for row in rows for each in Binding.make_bindings([row]) if each.key not in TAKEN]


class Editor(TextArea, inherit_bindings=False):
    """Many lines, wrapped softly; its text is exactly what was typed, pasted or given."""

    BINDINGS: ClassVar[list[BindingType]] = _bindings()

    def __init__(self, text: str = "", *, compact: bool = True, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(
            text, id=id, soft_wrap=True, show_line_numbers=False, compact=compact, highlight_cursor_line=False
        )

    def _set_document(self, text: str, language: str | None) -> None:
        """Textual's hook, called whenever another text is loaded."""
        super()._set_document("", language)
        self.document = ExactDocument(text)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)

    def _recompute_cursor_offset(self) -> None:
        """Where the cursor shows; Textual asks amid an undo too, while it still stands in a line that is gone."""
        with suppress(ValueError):
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]  # Textual leaves it untyped

    async def _on_key(self, event: events.Key) -> None:
        if character := typed(event):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(character, *self.selection)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        line = self.document.get_line(self.cursor_location[0])
        if why := pasting.refusal(event.text, held=len(self.text), beside=len(line)):
            event.stop()
            self.notify(f"The paste {why}", severity="warning", markup=False, timeout=8)
            return
        if result := self._replace_via_keyboard(pasted(event.text), *self.selection):
            self.move_cursor(result.end_location)
            self.focus()
