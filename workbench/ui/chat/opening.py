"""Open a session, or begin anew."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.config import DEFAULTS
from workbench.core.session import Session
from workbench.ui.chat import drafting, filing, leaving, parts
from workbench.ui.chat.document import Document
from workbench.ui.chat.handlers import beyond

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


async def open_(chat: Chat) -> None:
    """The saved sessions, the latest first; typing a path opens that."""
    from workbench.core.safe import display
    from workbench.engine import store
    from workbench.ui.ages import age
    from workbench.ui.screens.choose import Choose, Item

    try:
        found = await asyncio.to_thread(store.sessions, chat.desk.places.sessions)
    except store.StoreError as error:
        chat.tell(str(error.problem), "error")
        found = []
    now = chat.desk.now()
    items = [
        Item(
            str(each.path),
            each.title or each.path.stem,
            each.path.name,
            age(now, each.modified),
            disabled=display(str(each.mistake)) if each.mistake else "",
        )
        for each in found
    ]
    empty = "No sessions are saved yet: type the path of a file."
    chosen = await chat.app.push_screen_wait(
        Choose("Open", items, placeholder="a session, or a path", empty=empty, keep_order=True, allow_other=True)
    )
    if chosen is not None and await leaving.may_leave(chat, "Open another"):
        await open_file(chat, filing.typed_path(chosen))


async def open_file(chat: Chat, path: Path) -> None:
    """Read a session and show it; where it can't be read the present one stays."""
    from workbench.engine import store

    try:
        loaded = await asyncio.to_thread(store.load, path)
    except store.MissingFile:
        if take(chat, Document(new_session(chat), path, untitled=False)):
            chat.tell(f"{path.name} isn't there yet: saving makes it.")
        return
    except store.StoreError as error:
        chat.tell(str(error.problem), "error")
        return
    document, notes = Document.opened(loaded, path, chat.desk.config.defaults)
    if take(chat, document):
        for note in notes:
            chat.tell(note, "warning")


def take(chat: Chat, document: Document) -> bool:
    """Another session in place of the one on the screen; not while a run of that goes on."""
    if chat.lives or chat.sweeping_now:
        chat.tell("A run is going on; ^C stops it. Then open again.", "warning")
        return False
    if chat.editing is not None:
        drafting.stop_editing(chat)
    beyond("to_chat")(chat)  # what stands over it belongs to the session before
    chat.renew(document)
    chat.workbench.documents = [document]
    drafting.replace_draft(chat, document.session.prompt)
    chat.show()
    chat.view.bottom()
    chat.read_results()
    (chat.lanes if chat.comparing else chat.prompt).focus()
    return True


def new_session(chat: Chat) -> Session:
    """An empty session with the configured defaults."""
    return Session(created=chat.desk.now(), params=chat.desk.config.defaults or DEFAULTS)


async def new(chat: Chat) -> None:
    if await leaving.may_leave(chat, "Begin anew"):
        take(chat, Document(new_session(chat)))


async def follow(chat: Chat, leaf: str) -> None:
    """Go where a line of the outline leads."""
    kind, _, rest = leaf.partition(":")
    if kind == "message":
        parts.go(chat, leaf)
    elif kind == "session" and await leaving.may_leave(chat, "Open another"):
        await open_file(chat, Path(rest))
