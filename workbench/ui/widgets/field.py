"""A text field of one line that keeps what is typed, and shows as pictures what would steer a terminal.

Textual calls the `_on_…` handlers of a class and of its bases in turn until one prevents the default: none calls super.
"""

from __future__ import annotations

from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.message import Message
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

    whole_pastes = False
    """Whether a paste of several lines is handed up whole, instead of cut to its first."""

    class Several(Message):
        """Several lines were pasted; `text` is the value with them in it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

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
        text = pasted(event.text)
        start, end = sorted(self.selection)
        if self.whole_pastes and "\n" in text.rstrip("\r\n"):
            self.post_message(self.Several(self.value[:start] + text + self.value[end:]))
        else:
            self.replace(text.partition("\n")[0].removesuffix("\r"), start, end)
