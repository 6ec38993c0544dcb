"""Leave a session, for another or for good; nothing is given up unasked, and what was paid for never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from workbench.ui.chat import drafting, filing, shortcuts
from workbench.ui.chat.live import stop_all

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

Way: TypeAlias = Literal["", "keep", "give up"]
"""How the session is left: not at all, as it is, or without the changes since it was saved."""


async def may_leave(chat: Chat, what: str) -> Way:
    """Whether the present session may go: runs stopped, changes saved or given up."""
    if chat.lives or chat.sweeping_now:
        from workbench.ui.screens.confirm import Answer, Confirm

        answers = (Answer("stop", "s", "Stop it and keep what came"), Answer("stay", "n", "Stay"))
        lines = ("A sweep is going on." if chat.sweeping_now else "A run is going on.",)
        if await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "stay")) != "stop":
            return ""
        await stop_all(chat)
    if drafting.edit_pending(chat) and not await _drop_edit(chat, what):
        return ""
    document = chat.document
    if document.read_only or not document.untitled:
        return await _ask(chat, what) if document.unsaved(chat.unsent) else "keep"
    if not document.loose and not document.unsaved(chat.unsent):
        return "keep"
    return "keep" if await filing.write(chat, quietly=True) else await _ask(chat, what)


async def _ask(chat: Chat, what: str) -> Way:
    from workbench.ui.screens.confirm import Answer, Confirm

    document = chat.document
    trouble, news = document.trouble, document.has_news
    discard = "Discard the other changes" if news else "Discard the changes"
    if news and (trouble is not None or document.read_only):
        discard = "Leave; new answers are kept in a copy"
    answers = (Answer("save", "s", "Save"), Answer("discard", "d", discard), Answer("stay", "n", "Stay"))
    lines = [str(trouble) if trouble is not None else "The session has changes that are not saved."]
    if news:
        lines.append("Answers are kept, whatever you choose.")
    choice = await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "save"))
    if choice == "save":
        return "keep" if await filing.write(chat) else ""
    return "give up" if choice == "discard" else ""


async def quit_(chat: Chat) -> None:
    """Leave; asks only if something is unsaved or running."""
    way = await may_leave(chat, "Quit")
    if not way:
        return
    document = chat.document
    kept = await filing.let_go(chat, document, filing.left(chat, way))
    if kept.path is None and kept.problem is not None and not await _lose(chat, str(kept)):
        return
    chat.workbench.documents = []  # what is left was saved, or given up
    if kept.problem is not None:
        chat.workbench.farewell.append(str(kept))
    chat.app.exit()


async def _lose(chat: Chat, why: str) -> bool:
    """Whether to end although nothing can be written anywhere."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("stay", "n", "Stay"), Answer("lose", "l", "Quit, and lose it"))
    lines = (why, "No other folder takes it either: what came would be lost.")
    return await chat.app.push_screen_wait(Confirm("Nothing could be kept", lines, answers, "stay")) == "lose"


async def _drop_edit(chat: Chat, what: str) -> bool:
    """Whether the turn that is being edited may be forgotten."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("drop", "d", "Drop the edit"), Answer("stay", "n", "Stay"))
    lines = (f"A turn is being edited; {shortcuts.label(chat, 'run')} would make it a sibling.",)
    return await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "stay")) == "drop"
