"""What every dialog has: its styles, and one answer."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from workbench.ui import breakpoints
from workbench.ui.styles import StyledOnce

STYLES: Final = Path(__file__).parent.parent / "dialogs.tcss"
"""Read when the first dialog opens."""
Answer = TypeVar("Answer")


class Dialog(StyledOnce, ModalScreen[Answer]):
    """A screen over another that answers once: a second key that was on its way closes nothing beneath it."""

    CSS_PATH = STYLES
    HORIZONTAL_BREAKPOINTS = breakpoints.WIDTHS
    CLOSE: ClassVar[str] = "close"
    """The action of esc."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit_key", "Close", show=False, id="quit")]
    answered = False

    def on_mount(self) -> None:
        breakpoints.fit(self)

    async def action_quit_key(self) -> None:
        """The quit key closes what lies over the program as esc does, and the program the next time."""
        await self.run_action(self.CLOSE)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        if self.answered:
            return AwaitComplete()
        self.answered = True
        return super().dismiss(result)
