"""Leave a session, for another or for good; nothing is given up unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui.chat import drafting, filing, shortcuts
from workbench.ui.chat.live import stop_all

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


async def may_leave(chat: Chat, what: str) -> bool:
    """Whether the present session may go: runs stopped, changes saved or given up."""
    if chat.lives or chat.sweeping_now:
        from workbench.ui.screens.confirm import Answer, Confirm

        answers = (Answer("stop", "s", "Stop it and keep what came"), Answer("stay", "n", "Stay"))
        lines = ("A sweep is going on." if chat.sweeping_now else "A run is going on.",)
        if await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "stay")) != "stop":
            return False
        await stop_all(chat)
    if drafting.edit_pending(chat) and not await _drop_edit(chat, what):
        return False
    document = chat.document
    if not document.unsaved(chat.unsent):
        return True
    if document.untitled and not document.read_only:
        return await filing.write(chat, quietly=True) or await _discard(chat, what)
    return await _discard(chat, what)


async def _discard(chat: Chat, what: str) -> bool:
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("save", "s", "Save"), Answer("discard", "d", "Discard the changes"), Answer("stay", "n", "Stay"))
    lines = ("The session has changes that are not saved.",)
    choice = await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "save"))
    if choice == "save":
        return await filing.write(chat)
    return choice == "discard"


async def quit_(chat: Chat) -> None:
    """Leave; asks only if something is unsaved or running."""
    if await may_leave(chat, "Quit"):
        chat.workbench.documents = []  # what is left was saved, or given up
        chat.app.exit()


async def _drop_edit(chat: Chat, what: str) -> bool:
    """Whether the turn that is being edited may be forgotten."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("drop", "d", "Drop the edit"), Answer("stay", "n", "Stay"))
    lines = (f"A turn is being edited; {shortcuts.label(chat, 'run')} would make it a sibling.",)
    return await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "stay")) == "drop"
