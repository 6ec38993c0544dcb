"""The key line of the Sweep screen: what can be done here and now, and what it is called here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.ui.chat import shortcuts
from workbench.ui.commands import BY_ID

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
READING: Final = ("enter", "fold", "diff", "view", "raw", "transpose", "add", "rerun", "wire", "back", "help")
NOTHING: Final = ("add", "undo", "back", "help")


def hints(screen: SweepScreen) -> tuple[tuple[str, str], ...]:
    """How to begin; while it is sent, how to hold it comes first."""
    if screen.sweeping is None:
        commands = NOTHING
    else:
        commands = (*(("stop", "pause") if screen.sweeping.active else ("run",)), *READING)
    labels = {name: shortcuts.labels(screen.chat, name, at_prompt=False) for name in commands}
    words = {name: WORDS.get(name) or BY_ID[name].short or BY_ID[name].title.lower() for name in commands}
    return tuple((keys[0], words[name]) for name, keys in labels.items() if keys)
