"""The key line where a command means something of its own here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.ui.chat import shortcuts
from workbench.ui.commands import BY_ID

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def hints(chat: Chat, names: Sequence[str], words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Key and word of these commands, with `words` in place of the usual ones; those without a key are left out."""
    found = ((name, shortcuts.labels(chat, name, at_prompt=False)) for name in names)
    return tuple(
        (labels[0], words.get(name) or BY_ID[name].short or BY_ID[name].title.lower())
        for name, labels in found
        if labels
    )
