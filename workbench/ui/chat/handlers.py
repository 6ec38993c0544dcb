"""What each command does on the Chat screen, by theme: one function a command, named like it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

Handler: TypeAlias = "Callable[[Chat], Awaitable[Any] | None]"
MODULES = ("running", "reading", "filing", "leaving", "opening", "tuning", "asking")
"""Imported when a command first needs them: the first paint doesn't."""
MOVES = frozenset({"next", "previous", "first", "last"})
PARAMETERS_ONLY = frozenset({"less-big", "more-big", "unset", "reset"})


def _move(chat: Chat, command: str) -> None:
    """From the palette, where no pane takes the key: in the conversation."""
    getattr(chat.view, f"do_{command}")()


def _elsewhere(chat: Chat) -> None:
    """A command of the parameters while another pane has the focus."""
    chat.tell("That works in the parameters; ^T goes there.")


def find_handler(command: str) -> Handler:
    """The function for a command id; one that is a Python word or builtin has `_` behind it."""
    if command.startswith("preset-"):
        from workbench.ui.chat import tuning

        return partial(tuning.preset, number=int(command.removeprefix("preset-")))
    name = command.replace("-", "_")
    for module in (import_module(f"workbench.ui.chat.{each}") for each in MODULES):
        for each in (f"{name}_", name):
            found = vars(module).get(each)
            if found is not None and getattr(found, "__module__", "") == module.__name__:
                handler: Handler = found
                return handler
    if command in MOVES:
        return partial(_move, command=command)
    if command in PARAMETERS_ONLY:
        return _elsewhere
    raise LookupError(command)
