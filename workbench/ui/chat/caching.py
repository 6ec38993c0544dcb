"""Cache breakpoints behind turns, set from the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core import breakpoints
from workbench.core.session import Message
from workbench.ui.chat import choosing

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

NEXT: Final = {None: "5m", "5m": "1h", "1h": None}
"""What a press makes of a turn."""


def cache_turn(chat: Chat) -> None:
    """The chosen turn: not cached up to, for 5 minutes, for 1 hour, and round again."""
    message = _markable(chat)
    if message is None:
        chat.tell("No turn to cache up to yet; cache, cache system and cache tools stand in the parameters.", "warning")
        return
    if message.blocks and not any(breakpoints.carries(block) for block in message.blocks):
        chat.tell("A thinking block can't carry a cache breakpoint: choose another turn.", "warning")
        return
    chat.change(chat.session.with_cache({message.id: NEXT.get(message.cache)}))


def _markable(chat: Chat) -> Message | None:
    """The turn under the cursor; in Compare the question that the lanes share."""
    return choosing.edited_message(chat) if chat.comparing else choosing.chosen_message(chat)
