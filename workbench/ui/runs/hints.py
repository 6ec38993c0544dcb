"""The key line of the Runs screen: of the list, of one run in all the room, of the line that is typed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.ui.runs.screen import RunsScreen

LIST: Final = (*("enter", "find", "sort", "view", "fold", "diff", "rerun", "wire", "copy", "zoom", "back", "help"),)
NOTHING: Final = ("view", "find", "back", "help")
LARGE: Final = ("more", "back", "fold", "rerun", "wire", "copy", "copy-as", "help")
TYPING: Final = ("enter", "back", "help")
WORDS: Final = {
    "enter": "open",
    "find": "filter",
    "rerun": "again exactly",
    "copy-as": "copy as",
    "back": "back",
}
"""What commands are called here."""


def hinted(screen: RunsScreen) -> tuple[str, ...]:
    """The commands here and now; while something runs, how to stop it first."""
    if screen.search.field.has_focus:
        return TYPING
    here = LARGE if screen.has_class("-zoomed") else LIST if screen.table.rows else NOTHING
    return ("stop", *here) if screen.chat.lives else here


def worded(screen: RunsScreen) -> Mapping[str, str]:
    """What they are called here and now."""
    if screen.search.field.has_focus:
        return {"enter": "to the list", "back": "no filter"}
    if screen.has_class("-zoomed"):
        return {**WORDS, "more": "next run", "back": "the list"}
    return {**WORDS, "view": "this session" if screen.everywhere else "all sessions"}
