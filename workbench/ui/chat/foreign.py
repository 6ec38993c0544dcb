"""A file that another program changed while it is open: its version is taken, and nothing that was said here lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.problem import Problem
from workbench.core.session import Session
from workbench.ui.chat import opening, paths

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.desk import Desk


async def take_theirs(chat: Chat) -> bool:
    """Go on with what the file says now; questions and answers that are only here are joined to it or kept beside."""
    from workbench.engine import store
    from workbench.engine.open_session import OpenSession

    document, path = chat.document, chat.document.path
    if path is None or chat.lives or chat.sweeping_now:
        chat.tell("A run is going on; ^C stops it. Then take the file's version.", "warning")
        return False
    ours = document.drafted(chat.unsent)
    await chat.keeping.note(document)
    async with document.folding, document.writing:
        try:
            kept = await asyncio.to_thread(_keep, chat.desk, path, ours)
        except store.StoreError as error:
            chat.tell(str(error.problem), "error")
            return False
        held, document.held = document.held, None
        if held is not None:
            with suppress(store.StoreError):  # its journal stays, out of which what is only here is joined
                await asyncio.to_thread(held.close)
        try:
            opened = await asyncio.to_thread(OpenSession.open, path)
        except store.StoreError as error:
            chat.tell(str(error.problem), "error")
            return False
    fresh, notes = await asyncio.to_thread(type(document).opened, opened, path, chat.desk)
    opening.take(chat, fresh)
    for note in notes:
        chat.tell(note, "warning")
    if kept is not None:
        chat.tell(f"What was only here is kept in {paths.shown(kept)}")
    opening.report(chat)
    return True


def _keep(desk: Desk, path: Path, ours: Session) -> Path | None:
    """A copy, where the file and the journal together lack something that was said here. Raises StoreError."""
    from workbench.engine import store

    theirs = store.load(path).session
    there = {(each.role, each.text) for each in theirs.messages}
    lacks = any((each.role, each.text) not in there for each in ours.messages)
    if not lacks and ours.prompt in {"", theirs.prompt}:
        return None
    problem = Problem(f"{path.name} is left as it is here", "no folder takes a copy of it", "Free some space.")
    if (other := store.save_elsewhere(path, ours, desk.spare)) is None:
        raise store.StoreError(problem)
    return other
