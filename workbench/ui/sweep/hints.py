"""The key line of the Sweep screen: what can be done here and now, and what it is called here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.ui.sweep.screen import SweepScreen

WORDS: Final = {
    "enter": "open",
    "fold": "mark",
    "view": "compare",
    "raw": "metric",
    "add": "axes",
    "rerun": "retry failed",
}
"""What commands are called here."""
READING: Final = (
    "enter",
    "fold",
    "diff",
    "view",
    "raw",
    "transpose",
    "add",
    "rerun",
    "wire",
    "back",
    "help",
)
NOTHING: Final = ("add", "undo", "back", "help")


def commands(screen: SweepScreen) -> tuple[str, ...]:
    """How to begin; while it is sent, how to hold it comes first."""
    if screen.sweeping is None:
        return NOTHING
    if screen.sweeping.active:
        return ("stop", "pause", *READING)
    return ("run", *(("batch-it",) if screen.sweeping.sweeper.missing else ()), *READING)
