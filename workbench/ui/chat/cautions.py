"""What may be wrong with the next request, in whole sentences: the prompt's border has room for a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core.params import BY_KEY
from workbench.ui.chat import border, parts, planning

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

MOST: Final = 6
"""Ways on that are offered."""


async def cautions(chat: Chat) -> None:
    """Say all of it, and go to a parameter that it is about."""
    from workbench.ui.screens.confirm import Answer, Confirm

    tip, draft = parts.next_run(chat)
    plans = border.plans(chat, planning.plan(chat, tip, draft) if tip is not None or draft else None)
    found = {each.text: each for plan in plans for each in plan.cautions}
    if not found:
        chat.tell("Nothing is known to be wrong with the next request." if plans else "There is nothing to send yet.")
        return
    lines = [f"{'✗' if each.blocking else '!'} {text}" for text, each in found.items()]
    keys = [*dict.fromkeys(each.key for each in found.values() if each.key in BY_KEY)][:MOST]
    answers = (
        Answer("", "q", "Close"),
        *(Answer(key, str(at), f"Go to {BY_KEY[key].label.lower()}") for at, key in enumerate(keys, 1)),
    )
    chosen = await chat.app.push_screen_wait(Confirm("Before sending", lines, answers, ""))
    if chosen:
        parts.point_at(chat, chosen)
