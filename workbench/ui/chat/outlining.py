"""The outline of a wide terminal: what it lists, and where its lines lead."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from workbench.ui.ages import age
from workbench.ui.chat import choosing, parts
from workbench.ui.widgets.outline import Leaf, Outline

if TYPE_CHECKING:
    from workbench.core.session import Message
    from workbench.ui.chat.screen import Chat

SHOWN_TURNS: Final = 200
SHOWN_FILES: Final = 12
MOST: Final = 200
"""Characters of a turn that are looked at."""


def outline(chat: Chat) -> tuple[Leaf, ...]:
    """Turns of the conversation, the runs of the chosen one, and where the session is kept."""
    session, lane = chat.session, chat.lane
    saved = chat.document.path.name if chat.document.path else "not saved yet"
    found = [Leaf("", "SESSION", saved, heading=True)]
    current = choosing.chosen_message(chat)
    path = session.path(lane.tip)
    for message in path[-SHOWN_TURNS:]:
        role = "you" if message.role == "user" else "model"
        text = message.text[:MOST] or _wordless(message)
        chosen = current is not None and message.id == current.id
        found.append(Leaf(f"message:{message.id}", text, role=role, chosen=chosen))
    if current is not None:
        siblings = session.siblings(current.id)
        if len(siblings) > 1:
            found.append(Leaf("", "RUNS OF THIS TURN" if current.role == "assistant" else "VERSIONS", heading=True))
            for number, message in enumerate(siblings, 1):
                record = session.run_by_id.get(message.run or "")
                cost = str(record.cost).removesuffix(" simulated") if record else ""
                label = _differing(record.params if record else {}, message.text)
                found.append(Leaf(f"message:{message.id}", f"{number} {label}", cost, chosen=message is current))
    if chat.saved_files:
        found.append(Leaf("", "SAVED", heading=True))
        here = chat.document.path
        now = chat.desk.now()
        for each in chat.saved_files[:SHOWN_FILES]:
            leaf = Leaf(
                f"session:{each.path}", each.title or each.path.stem, age(now, each.modified), chosen=each.path == here
            )
            found.append(leaf)
    return tuple(found)


def _wordless(message: Message) -> str:
    """What a turn without a word of its own is: calls, what came of them, or files."""
    if not message.blocks:
        return "(empty)"
    from workbench.core import tool_loop

    if tool_loop.only_results(message):
        return f"✓ {tool_loop.source(message)[:MOST]}"
    if called := [call.name for call in tool_loop.calls_of(message)]:
        return f"→ {', '.join(called)}"
    return " · ".join(str(block.get("type", "…")) for block in message.blocks[:3])


def _differing(params: dict[str, object], text: str) -> str:
    """What tells one run from another at a glance: its samplers and effort, else how it begins."""
    keys = ("temperature", "top_p", "top_k", "effort", "thinking")
    shown = [f"{parts.SHORT_NAMES.get(key, key)} {params[key]}" for key in keys if key in params]
    return " ".join(shown) or text[:60]


def show(chat: Chat) -> None:
    """Hand the outline its lines, where it is shown at all."""
    pane = chat.query_one("#outline", Outline)
    if pane.display:
        pane.leaves = outline(chat)


async def look(chat: Chat) -> None:
    """Read which sessions there are; that the folder can't be read is said where one asks for them."""
    from workbench.engine import store

    try:
        found = await asyncio.to_thread(store.sessions, chat.desk.places.sessions)
    except store.StoreError:
        found = []
    chat.saved_files = tuple(found)
    if chat.is_attached:
        show(chat)


def look_again(chat: Chat) -> None:
    """Read the list of saved sessions, where there is an outline to show it."""
    if chat.has_class("-wide"):
        chat.run_worker(look(chat), group="outline", exclusive=True)
