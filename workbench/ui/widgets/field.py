"""Text fields that show control characters as pictures: what is edited may come from a file or a server."""

from __future__ import annotations

from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input, TextArea

from workbench.core.safe import REPLACEMENT, display


def visible(text: str) -> str:
    """The text as it can be shown, letter for letter, so that the cursor stands where it seems to."""
    shown = display(text)
    if shown == text:
        return text
    pictures = [display(letter) for letter in text]
    return "".join(picture if len(picture) == 1 else REPLACEMENT for picture in pictures)


class _Visible(Highlighter):
    """Textual's hook for what an `Input` draws."""

    def highlight(self, text: Text) -> None:
        text.plain = visible(text.plain)


VISIBLE: Final = _Visible()


class Field(Input):
    """One line; its value stays exactly what was typed."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, display(placeholder), highlighter=VISIBLE, select_on_focus=False, compact=True)


class Editor(TextArea):
    """Many lines, wrapped softly."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, soft_wrap=True, show_line_numbers=False, compact=True, highlight_cursor_line=False)

    def get_line(self, line_index: int) -> Text:
        """The line, made safe to draw."""
        line = super().get_line(line_index)
        line.plain = visible(line.plain)
        return line
