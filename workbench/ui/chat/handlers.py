"""What each command does on the Chat screen, by theme: one function a command, named like it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from textual.screen import Screen

    from workbench.ui.chat.screen import Chat

Handler: TypeAlias = "Callable[[Chat], Awaitable[Any] | None]"
BEYOND = "workbench.ui.going"
HERE = (
    *("running", "stopping", "reading", "exporting", "comparing", "filing", "leaving", "opening", "tuning", "asking"),
    *("schemas", "caching", "listing", "answering", "tooling", "attaching", "cautions"),
)
MODULES = (*(f"workbench.ui.chat.{name}" for name in HERE), BEYOND)
"""Imported when a command first needs them: the first paint doesn't. The last knows the screens over the chat."""
MOVES = frozenset({"next", "previous", "first", "last"})
PARAMETERS_ONLY = frozenset({"less-big", "more-big", "reset", "sweep-it"})
BOARDS_ONLY = frozenset({"swap", "transpose", "sort", "pause"})


def _move(chat: Chat, command: str) -> None:
    """From the palette, where no pane takes the key: in the conversation, or among the lanes."""
    getattr(chat.pane, f"do_{command}")()


def _elsewhere(chat: Chat) -> None:
    """A command of the parameters while another pane has the focus."""
    chat.tell("That works in the parameters; ^T goes there.")


def _on_boards(chat: Chat) -> None:
    """A command of other screens."""
    chat.tell("That works in Sweep, Runs or Diff.")


def find_handler(command: str) -> Handler:
    """The function for a command id; one that is a Python word or builtin has `_` behind it."""
    if command.startswith("pick-"):
        from workbench.ui.chat import comparing

        return partial(comparing.pick, number=int(command.removeprefix("pick-")))
    name = command.replace("-", "_")
    for module in (import_module(each) for each in MODULES):
        for each in (f"{name}_", name):
            found = vars(module).get(each)
            if found is not None and getattr(found, "__module__", "") == module.__name__:
                handler: Handler = found
                return handler
    if command in MOVES:
        return partial(_move, command=command)
    if command in PARAMETERS_ONLY:
        return _elsewhere
    if command in BOARDS_ONLY:
        return _on_boards
    raise LookupError(command)


def done_here(screen: Screen[Any], command: str) -> bool:
    """Let the focused pane of a screen do a command, else the screen itself; whether one of them does it."""
    name = f"do_{command.replace('-', '_')}"
    for pane in (screen.focused, screen):
        method = getattr(pane, name, None)
        if method is not None:
            goes_on(screen, method())
            return True
    return False


def goes_on(screen: Screen[Any], made: object) -> None:
    """What a command began and has not finished, beside everything else."""
    if inspect.isawaitable(made):
        screen.run_worker(made, group="commands")


def of(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that imports the one which calls it."""
    found: Callable[..., Any] = getattr(import_module(f"workbench.ui.chat.{module}"), name)
    return found


def beyond(name: str) -> Callable[..., Any]:
    """A function that knows the screens over the chat; those import the chat, so it can't import them."""
    found: Callable[..., Any] = getattr(import_module(BEYOND), name)
    return found
