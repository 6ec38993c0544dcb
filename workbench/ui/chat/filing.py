"""Save, rename; and text written to files."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.core.session import Session
from workbench.ui.chat import carrying, on_disk, paths, results
from workbench.ui.chat.handlers import beyond

if TYPE_CHECKING:
    from workbench.engine.store import StoreError
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.on_disk import Kept
    from workbench.ui.chat.screen import Chat
    from workbench.ui.desk import Desk


SPARE: Final = 1 << 16
"""Bytes that a disk must have beyond the session itself, to go on with."""


async def save(chat: Chat) -> None:
    await write(chat)


async def write(chat: Chat, document: Document | None = None, *, quietly: bool = False) -> bool:
    """Save a session where it belongs, the one on the screen by default; True when its file holds it."""
    from workbench.engine import store

    document = document or chat.document
    if document.read_only:
        if not quietly:
            chat.tell(f"This session is read-only ({document.why}): save it elsewhere.", "warning")
            return await save_as(chat)
        return False
    try:
        await chat.keeping.fold(document)
    except store.StoreError as error:
        chat.keeping.refused(document, error, file=True)
        return False if quietly else await _not_saved(chat, error)
    if not quietly and document.path is not None:
        chat.tell(f"Saved as {paths.shown(document.path)}")
    return True


def first_path(desk: Desk, session: Session) -> Path:
    """Where a session goes that no one named a file for: by its title, else by the day."""
    from workbench.engine import names

    if session.title:
        return names.free(desk.places.sessions, names.slug(session.title))
    return names.untitled(desk.places.sessions, desk.now().date())


async def _not_saved(chat: Chat, error: StoreError) -> bool:
    """Ask what to do; nothing is overwritten before the person has chosen."""
    from workbench.engine import store
    from workbench.ui.screens.confirm import Answer, Confirm

    document = chat.document
    changed = isinstance(error, store.ChangedOnDisk)
    answers = (
        Answer("elsewhere", "e", "Save elsewhere"),
        *((Answer("theirs", "t", "Take the file's version"),) if changed else ()),
        Answer("overwrite", "o", "Overwrite it") if changed else Answer("again", "a", "Try again"),
        Answer("stay", "n", "Not now"),
    )
    title = "Changed on disk" if changed else "Not saved"
    choice = await chat.app.push_screen_wait(Confirm(title, (str(error),), answers, "elsewhere"))
    if choice == "elsewhere":
        return await save_as(chat)
    if choice == "again":
        return await write(chat, document)
    if choice == "theirs":
        return bool(await beyond("take_theirs")(chat))
    if choice != "overwrite":
        return False
    try:
        await chat.keeping.fold(document, overwrite=True)
    except store.StoreError as failed:
        chat.keeping.refused(document, failed, file=True)
        return False
    return True


async def _move(chat: Chat, path: Path, *, overwrite: bool = False) -> None:
    """Go on in another file; what was saved of the one before stays there. Raises StoreError."""
    document, before = chat.document, chat.document.path
    if document.held is not None and on_disk.same(before, path):
        await chat.keeping.fold(document, overwrite=overwrite)
        return
    async with document.folding, document.writing:
        session = document.drafted(chat.unsent)
        behind = session if document.untitled else document.given_up()
        pieces = chat.keeping.pieces(document)
        move = partial(on_disk.move, document, path, session, behind, pieces, overwrite=overwrite)
        trouble = await asyncio.to_thread(move)
        document.saved = session
    chat.keeping.folded(document)
    for each in (trouble, await results.follow(document, before)):
        if each:
            chat.tell(each, "error")


async def save_as(chat: Chat) -> bool:
    """Ask for a file, and go on there."""
    from workbench.engine import store
    from workbench.ui.screens.ask import Ask

    document, before = chat.document, chat.document.path
    default = await asyncio.to_thread(_proposed, chat.desk, document, document.drafted(chat.unsent))
    answer = await chat.app.push_screen_wait(Ask("Save as", help="A path; .toml is added.", initial=str(default)))
    if answer is None or not answer.strip():
        return False
    path = typed_path(answer)
    path = path if path.suffix == ".toml" else path.with_name(f"{path.name}.toml")
    if document.read_only and path == document.path:
        chat.tell(f"{path.name} is read-only here: give another name.", "warning")
        return False
    try:
        try:
            await _move(chat, path)
        except store.ChangedOnDisk as error:
            if not await _replace(chat, path, error):
                return False
            await _move(chat, path, overwrite=True)
    except store.StoreError as error:
        chat.tell(str(error.problem), "error")
        return False
    chat.tell(f"Saved as {paths.shown(path)}")
    await carrying.offer(chat, before, path)
    return True


def _proposed(desk: Desk, document: Document, session: Session) -> Path:
    """Where it belongs; where that takes nothing, a free name in the first folder that has room for it."""
    from workbench.engine import files, names, store

    own = document.path or first_path(desk, session)
    if not document.read_only and document.trouble is None:
        return own
    try:
        size = len(store.written(own, session))
    except store.StoreError:
        size = 0
    beside = (own.parent,)
    folders = (*beside, *desk.spare) if document.read_only or document.clash else (*desk.spare, *beside)
    folder = next((each for each in folders if files.takes(each, size + SPARE)), own.parent)
    return names.free(folder, f"{own.stem}-copy")


async def _replace(chat: Chat, path: Path, error: Exception) -> bool:
    """Whether a file that stands in the way may go."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("stay", "n", "Keep it"), Answer("replace", "r", "Replace it"))
    title = f"Replace {path.name}?"
    return await chat.app.push_screen_wait(Confirm(title, (str(error),), answers, "stay")) == "replace"


def typed_path(text: str) -> Path:
    from workbench.engine import files

    return files.expanded(text.strip())


async def title(chat: Chat) -> None:
    from workbench.ui.screens.ask import Ask

    answer = await chat.app.push_screen_wait(Ask("Title", initial=chat.session.title))
    if answer is not None:
        chat.change(replace(chat.session, title=answer))


async def write_export(chat: Chat, suffix: str, text: str) -> None:
    """Write text to a file that isn't there yet."""
    from workbench.engine import files, names
    from workbench.ui.screens.ask import Ask

    stem = names.slug(chat.session.title or "request")
    initial = str(chat.desk.folder / f"{stem}{suffix}")
    answer = await chat.app.push_screen_wait(Ask("Export to", help="A path.", initial=initial))
    if answer is None or not answer.strip():
        return
    from workbench.core.safe import encodable

    path = typed_path(answer)
    try:
        await asyncio.to_thread(files.write, path, encodable(text).encode(), follow=False)
    except files.StoreError as error:
        chat.tell(str(error.problem), "error")
    else:
        chat.tell(f"Written to {paths.shown(path)}")


def left(chat: Chat, way: str) -> Session:
    """What is left behind of the session on the screen: as it is now, or without what was given up."""
    document = chat.document
    return document.given_up() if way == "give up" else document.drafted(chat.unsent)


async def let_go(chat: Chat, document: Document, behind: Session) -> Kept:
    """Close the file of a session, with this in it; where that can't be, a copy is kept elsewhere."""
    async with document.folding, document.writing:
        place = partial(first_path, chat.desk)
        return await asyncio.to_thread(on_disk.leave, document, behind, place, chat.desk)
