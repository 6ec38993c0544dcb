"""What each command does on the Chat screen, by theme: one function a command, named like it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from workbench.ui.chat import asking, filing, reading, running, tuning

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

Handler: TypeAlias = "Callable[[Chat], Awaitable[Any] | None]"
MODULES = (running, reading, filing, tuning, asking)
PANES_ONLY = frozenset({"next", "previous", "first", "last", "back", "leave", "less-big", "more-big", "unset", "reset"})
"""Commands that only a pane or the screen itself knows."""


def nothing(chat: Chat) -> None:
    """A pane's command while another pane has the focus."""


def find_handler(command: str) -> Handler:
    """The function for a command id; one that is a Python word or builtin has `_` behind it."""
    if command.startswith("preset-"):
        return partial(tuning.preset, number=int(command.removeprefix("preset-")))
    name = command.replace("-", "_")
    for module in MODULES:
        for each in (f"{name}_", name):
            found = vars(module).get(each)
            if found is not None and getattr(found, "__module__", "") == module.__name__:
                handler: Handler = found
                return handler
    if command in PANES_ONLY:
        return nothing
    raise LookupError(command)
