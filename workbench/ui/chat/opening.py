"""Open a session, or begin anew."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core import asked_before
from workbench.core.config import DEFAULTS
from workbench.core.session import Session
from workbench.ui.chat import drafting, filing, leaving, on_disk, parts, shortcuts
from workbench.ui.chat.document import Document
from workbench.ui.chat.handlers import beyond

if TYPE_CHECKING:
    from workbench.ui.chat.leaving import Way
    from workbench.ui.chat.on_disk import Kept
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
    if chosen is not None and (way := await leaving.may_leave(chat, "Open another")):
        await open_file(chat, filing.typed_path(chosen), way)


async def open_file(chat: Chat, path: Path, way: Way = "keep") -> None:
    """Read a session and show it; where it can't be read the present one stays."""
    from workbench.engine import store
    from workbench.engine.open_session import OpenSession

    if _busy(chat):
        return
    if on_disk.same(chat.document.path, path) and chat.document.held is not None:  # its own lock would keep it out
        tell_kept(chat, await filing.let_go(chat, chat.document, filing.left(chat, way)))
    try:
        opened = await asyncio.to_thread(OpenSession.open, path)
    except store.MissingFile:
        if await change_to(chat, Document(new_session(chat), path, untitled=False), way):
            chat.tell(f"{path.name} isn't there yet: saving makes it.")
        return
    except store.StoreError as error:
        chat.tell(str(error.problem), "error")
        return
    document, notes = await asyncio.to_thread(Document.opened, opened, path, chat.desk)
    if await change_to(chat, document, way):
        chosen = chat.desk.chosen
        for note in (*notes, asked_before.told(opened.session, chosen.endpoint.name, chosen.why)):
            if note:
                chat.tell(note, "warning")
        report(chat)


async def change_to(chat: Chat, document: Document, way: Way) -> bool:
    """Another session in place of the one on the screen, whose file is let go; not while a run of that goes on."""
    before = chat.document
    behind = filing.left(chat, way)
    if not take(chat, document):
        if document.held is not None:
            await asyncio.to_thread(document.held.close)
        return False
    tell_kept(chat, await filing.let_go(chat, before, behind))
    return True


def tell_kept(chat: Chat, kept: Kept) -> None:
    """Say where a session is that could not be left where it belongs."""
    if kept.problem is not None:
        chat.tell(str(kept), "warning")


def _busy(chat: Chat) -> bool:
    if chat.lives or chat.sweeping_now:
        chat.tell("A run is going on; ^C stops it. Then open again.", "warning")
        return True
    return False


def take(chat: Chat, document: Document) -> bool:
    """Another session on the screen; not while a run of the present one goes on."""
    if _busy(chat):
        return False
    if chat.editing is not None:
        drafting.stop_editing(chat)
    beyond("to_chat")(chat)  # what stands over it belongs to the session before
    chat.renew(document)
    chat.keeping.renew()
    chat.workbench.documents = [document]
    drafting.replace_draft(chat, document.session.prompt)
    chat.show()
    chat.view.bottom()
    chat.call_after_refresh(chat.read_results)
    (chat.lanes if chat.comparing else chat.prompt).focus()
    return True


def report(chat: Chat) -> None:
    """What came back of a session after a crash, and what didn't; nothing where nothing happened."""
    from workbench.ui.screens.confirm import Answer, Confirm

    if chat.document.recovered:
        chat.app.push_screen(Confirm("Recovered", chat.document.recovered, (Answer("on", "g", "Go on"),), "on"))


def begin(chat: Chat) -> None:
    """After the first paint: what came back, or which sessions wait to be opened because a program was ended."""
    report(chat)
    if chat.desk.file is None:
        chat.run_worker(_unclosed(chat), group="files")


async def _unclosed(chat: Chat) -> None:
    found = await asyncio.to_thread(on_disk.unclosed, chat.desk.places.sessions)
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        key = shortcuts.label(chat, "open")
        chat.tell(f"{found[0].stem}{more} was not closed when a program ended: {key} brings back what came.", "warning")


def new_session(chat: Chat) -> Session:
    """An empty session with the configured defaults."""
    return Session(created=chat.desk.now(), params=chat.desk.config.defaults or DEFAULTS)


async def new(chat: Chat) -> None:
    if way := await leaving.may_leave(chat, "Begin anew"):
        await change_to(chat, Document(new_session(chat)), way)


async def follow(chat: Chat, leaf: str) -> None:
    """Go where a line of the outline leads."""
    kind, _, rest = leaf.partition(":")
    if kind == "message":
        parts.go(chat, leaf)
    elif kind == "session" and (way := await leaving.may_leave(chat, "Open another")):
        await open_file(chat, Path(rest), way)
