"""What every dialog has: its styles, and one answer."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

STYLES: Final = Path(__file__).parent.parent / "dialogs.tcss"
"""Read when the first dialog opens."""
Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A screen over another that answers once: a second key that was on its way closes nothing beneath it."""

    CSS_PATH = STYLES
    answered = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        if self.answered:
            return AwaitComplete()
        self.answered = True
        return super().dismiss(result)
