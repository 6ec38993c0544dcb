"""The key line of the Chat screen: the commands that matter where the focus is, and what they are called there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

HINTS: Final = {
    "prompt": ("run", "back", "jump", "tune", "recall", "find", "save", "help"),
    "conversation": ("prompt", "next", "more", "rerun", "edit", "copy", "branch", "jump", "tune", "help"),
    "folded": ("prompt", "next", "fold", "rerun", "edit", "copy", "jump", "tune", "branch", "help"),
    "empty": ("prompt", "attach", "tools", "models", "schema", "open", "jump", "tune", "palette", "help"),
    "attached": ("more", "enter", "unset", "prompt", "help"),
    "parameters": ("next", "more", "enter", "unset", "view", "sweep-it", "back", "add", "run", "help"),
    "lanes": ("run", "rerun", "more", "add", "unset", "parameters", "diff", "zoom", "view", "keep", "prompt", "help"),
}
"""The commands of the key line, by focused pane, of a conversation before it begins, and of one with nothing to flip
through but something to unfold; the last one stays longest."""
NEAR: Final = 8
"""Turns at the end that tell whether there is more to flip through, or to unfold."""
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "conversation": {"fold": "open", "tools": "tools", "models": "model", "schema": "schema", "palette": "commands"},
    "attached": {"more": "next", "enter": "about", "unset": "leave out"},
    "parameters": {"unset": "unset", "view": "a lane each", "back": "prompt"},
    "lanes": {"run": "run all", "rerun": "run lane", "more": "lane", "add": "clone"},
}
"""What commands are called in a pane, where it is not their own word."""


def place_of(chat: Chat) -> str:
    """The pane that has the focus, by its id."""
    nowhere = "lanes" if chat.comparing else "conversation"
    return chat.focused.id or nowhere if chat.focused is not None else nowhere


def worded(chat: Chat) -> Mapping[str, str]:
    """What commands are called where the focus is; from the parameters esc leads to where one types or compares."""
    place = place_of(chat)
    words = WORDS.get(place, {})
    return {**words, "back": "lanes"} if place == "parameters" and chat.comparing else words


def hinted(chat: Chat) -> tuple[str, ...]:
    """The commands that matter where the focus is; first how to stop what runs, or to answer the calls that wait."""
    place = place_of(chat)
    nothing = place == "conversation" and chat.lane.tip is None
    commands = HINTS["empty"] if nothing else HINTS.get(place, HINTS["prompt"])
    near = chat.view.entries[-NEAR:] if place == "conversation" else ()
    if any(each.folds or each.tree for each in near) and not any(each.note for each in near):
        commands = HINTS["folded"]
    if chat.lives:
        return ("stop", *commands[1:])
    if place not in {"conversation", "lanes"}:
        return commands
    from workbench.core import tool_loop

    return ("answer", *commands) if tool_loop.pending(chat.session, chat.lane.tip) else commands
