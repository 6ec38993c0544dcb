"""Text fields that keep what is typed to the character, and show as pictures what would steer a terminal.

Textual calls the `_on_…` handlers of a class and of its bases in turn until one prevents the default: none calls super.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.widgets import Input, TextArea

from workbench.core.safe import display
from workbench.ui.visible import visible
from workbench.ui.widgets.exact_document import ExactDocument


class _Visible(Highlighter):
    """Textual's hook for what an `Input` draws."""

    def highlight(self, text: Text) -> None:
        text.plain = visible(text.plain)


VISIBLE: Final = _Visible()


def typed(event: events.Key) -> str | None:
    """The character of a key that writes one, where Textual would not take it.

    Python calls no space but the common one printable, and no joiner: the wide space of a Japanese keyboard would be
    lost, and the inside of an emoji.
    """
    character = event.character
    if event.is_printable or character is None or category(character) not in {"Zs", "Cf", "Co", "Cn"}:
        return None
    return character


def pasted(text: str) -> str:
    """What was copied: most terminals send each line's end of a paste as the enter key would, a carriage return."""
    return text if "\n" in text else text.replace("\r", "\n")


class Field(Input):
    """One line; its value stays exactly what was typed."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, display(placeholder), highlighter=VISIBLE, select_on_focus=False, compact=True)

    async def _on_key(self, event: events.Key) -> None:
        if character := typed(event):
            event.stop()
            event.prevent_default()
            self.replace(character, *self.selection)

    def _on_paste(self, event: events.Paste) -> None:
        """Only the first line of a paste: Textual's own would end it at a U+2028 too."""
        event.stop()
        event.prevent_default()
        self.replace(pasted(event.text).partition("\n")[0].removesuffix("\r"), *self.selection)


class Editor(TextArea):
    """Many lines, wrapped softly; its text is exactly what was typed, pasted or given."""

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

    async def _on_key(self, event: events.Key) -> None:
        if character := typed(event):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(character, *self.selection)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        if result := self._replace_via_keyboard(pasted(event.text), *self.selection):
            self.move_cursor(result.end_location)
            self.focus()
