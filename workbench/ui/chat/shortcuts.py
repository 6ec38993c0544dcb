"""The keys of commands as they are now: the configured ones, what was rebound since, and Enter where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.ui.commands import BY_ID, keys_shown

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def labels(chat: Chat, command: str, *, at_prompt: bool = True) -> tuple[str, ...]:
    """As people write them; `at_prompt` as the prompt takes them."""
    enter_runs = at_prompt and chat.desk.config.enter == "run"
    return keys_shown(BY_ID[command], chat.workbench.keys_in_use, enter_runs=enter_runs)


def label(chat: Chat, command: str, *, at_prompt: bool = True) -> str:
    """The first of them, or the command's name where it has none."""
    return next(iter(labels(chat, command, at_prompt=at_prompt)), BY_ID[command].title)


def either(chat: Chat, *commands: str) -> str:
    """The keys of commands that do the same here: `^J or c`."""
    return " or ".join(label(chat, command) for command in commands)


def hints(
    chat: Chat, commands: tuple[str, ...], words: Mapping[str, str], *, at_prompt: bool = False
) -> tuple[tuple[str, str, str], ...]:
    """Key, word and id of these commands, those without a key left out; `words` are what they are called here."""
    found = []
    for name in commands:
        keys = labels(chat, name, at_prompt=at_prompt)
        if keys:
            found.append((keys[0], words.get(name) or BY_ID[name].short or BY_ID[name].title.lower(), name))
    return tuple(found)
