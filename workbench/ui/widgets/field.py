"""A text field of one line that keeps what is typed, and shows as pictures what would steer a terminal.

Textual calls the `_on_…` handlers of a class and of its bases in turn until one prevents the default: none calls super.
"""

from __future__ import annotations

from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.widgets import Input

from workbench.core.safe import display
from workbench.ui.typing import pasted, typed
from workbench.ui.visible import visible


class _Visible(Highlighter):
    """Textual's hook for what an `Input` draws."""

    def highlight(self, text: Text) -> None:
        text.plain = visible(text.plain)


VISIBLE: Final = _Visible()


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
