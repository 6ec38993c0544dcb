"""Where a session goes on in another folder: the text files that its canned results name go along."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ui.chat import paths

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


async def offer(chat: Chat, before: Path | None, path: Path) -> None:
    """Ask whether they should be copied; what doesn't come along is said. Attachments are named by their new path."""
    from workbench.engine import carried, referring
    from workbench.ui.screens.confirm import Answer, Confirm

    session = chat.session
    if before is None or not any(row.file for row in session.tool_results):
        return
    old, new = referring.folder_of(before), referring.folder_of(path)
    left = await asyncio.to_thread(carried.left, session, old, new)
    mistakes = list(left.mistakes)
    if left.names:
        lines = (
            f"Canned results name files that lie in {paths.shown(old)}, and not in {paths.shown(new)}:",
            *(f"  {each}" for each in left.names),
        )
        answers = (Answer("copy", "c", "Copy them along"), Answer("leave", "n", "Leave them"))
        choice = await chat.app.push_screen_wait(Confirm("Files of canned results", lines, answers, "copy"))
        if choice == "copy":
            mistakes += await asyncio.to_thread(carried.copy, left.names, old, new)
        else:
            mistakes.append(f"{', '.join(left.names)}: not found from here, so those calls will wait for an answer")
    for each in mistakes:
        chat.tell(f"Canned results: {each}", "warning")
