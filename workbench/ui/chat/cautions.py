"""What may be wrong with the next request, and what was at the start, in whole sentences: elsewhere is little room."""

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
    noted = chat.workbench.noted
    lines = [f"{'✗' if each.blocking else '!'} {text}" for text, each in found.items()]
    if not found:
        lines = ["Nothing is known to be wrong with the next request." if plans else "There is nothing to send yet."]
        if not noted:
            chat.tell(lines[0])
            return
    if noted:
        lines += ["", "Noted at the start:", *(f"! {note}" for note in noted)]
    keys = [*dict.fromkeys(each.key for each in found.values() if each.key in BY_KEY)][:MOST]
    answers = (
        Answer("", "q", "Close"),
        *(Answer(key, str(at), f"Go to {BY_KEY[key].label.lower()}") for at, key in enumerate(keys, 1)),
    )
    chosen = await chat.app.push_screen_wait(Confirm("Before sending", lines, answers, ""))
    if chosen:
        parts.point_at(chat, chosen)
