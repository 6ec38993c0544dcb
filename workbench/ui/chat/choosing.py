"""Which turn a command is about: the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.session import Lane, Message
    from workbench.ui.chat.screen import Chat


def chosen_message(chat: Chat) -> Message | None:
    """The turn under the cursor; of a run without an answer, its question; else the last turn, as in Compare."""
    key = "" if chat.comparing else chat.view.current or ""
    if key.startswith("failed:"):
        record = chat.session.run_by_id.get(key.partition(":")[2])
        key = record.parent or "" if record else ""
    return chat.session.by_id.get(key) or chat.session.by_id.get(chat.lane.tip or "")


def edited_message(chat: Chat) -> Message | None:
    """The turn to be edited: in Compare the lane's last question, because that is what lanes share."""
    if not chat.comparing:
        return chosen_message(chat)
    from workbench.core import tool_loop

    asked = (each for each in reversed(chat.session.path(chat.lane.tip)) if each.role == "user")
    return next((each for each in asked if not tool_loop.only_results(each)), None)


def lanes_on(chat: Chat, message_id: str) -> list[Lane]:
    """The lanes whose conversation goes through that turn, in their order."""
    session = chat.session
    return [lane for lane in session.lanes if any(each.id == message_id for each in session.path(lane.tip))]


def chosen_text(chat: Chat) -> str:
    """The source text of that turn, or of the answer that is still coming."""
    for live in chat.lives:
        shown = live.view is not None and chat.lane_of(live) == chat.lane
        if shown and (chat.comparing or chat.view.current == f"live:{live.run.id}"):
            return live.run.text
    from workbench.core import tool_loop

    message = chosen_message(chat)
    return message.text or tool_loop.source(message) if message is not None else ""
