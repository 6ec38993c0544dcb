"""Save, rename; and text written to files."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.session import Session
from workbench.ui.chat import outlining, paths, results

if TYPE_CHECKING:
    from workbench.core.errors import Problem
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat
    from workbench.ui.desk import Desk


async def save(chat: Chat) -> None:
    await write(chat)


async def write(chat: Chat, document: Document | None = None, *, quietly: bool = False) -> bool:
    """Save a session where it belongs, the one on the screen by default; True when it is on disk."""
    from workbench.engine import store

    document = document or chat.document
    if document.read_only:
        if not quietly:
            chat.tell("This session is read-only: save it elsewhere.", "warning")
            return await save_as(chat)
        return False
    if document.path is None:
        document.path = first_path(chat.desk, document.session)
    try:
        await _put(chat, document, document.path)
    except store.ChangedOnDisk as error:
        if quietly:
            not_saved(chat, error.problem)
            return False
        return await _changed_on_disk(chat, error)
    except store.StoreError as error:
        not_saved(chat, error.problem)
        return False
    if not quietly:
        chat.tell(f"Saved as {paths.shown(document.path)}")
    return True


def first_path(desk: Desk, session: Session) -> Path:
    """Where a session goes that no one named a file for: by its title, else by the day."""
    from workbench.engine import names

    if session.title:
        return names.free(desk.places.sessions, names.slug(session.title))
    return names.untitled(desk.places.sessions, desk.now().date())


async def _put(chat: Chat, document: Document, path: Path, *, overwrite: bool = False) -> None:
    """Write the session there, and go on there; one at a time, or the second would meet the first as a stranger's.

    Raises StoreError.
    """
    from workbench.engine import store

    before = document.path
    async with document.writing:
        session = document.drafted(chat.unsent) if document is chat.document else document.session
        stamp = document.stamp if path == document.path else None
        stamp = await asyncio.to_thread(store.save, path, session, stamp=stamp, overwrite=overwrite)
        if path != document.path:
            document.path, document.read_only, document.untitled = path, False, False
        document.mark_saved(session, stamp)
    if path != before and (trouble := await results.follow(document, before)):
        chat.tell(trouble, "error")
    saved_again(chat)
    chat.show_heading()


async def _changed_on_disk(chat: Chat, error: Exception) -> bool:
    """Another program wrote the file: nothing is overwritten before the person has chosen."""
    from workbench.engine import store
    from workbench.ui.screens.confirm import Answer, Confirm

    assert chat.document.path is not None
    answers = (
        Answer("elsewhere", "e", "Save elsewhere"),
        Answer("overwrite", "o", "Overwrite it"),
        Answer("stay", "n", "Not now"),
    )
    choice = await chat.app.push_screen_wait(Confirm("Changed on disk", (str(error),), answers, "elsewhere"))
    if choice == "elsewhere":
        return await save_as(chat)
    if choice != "overwrite":
        return False
    try:
        await _put(chat, chat.document, chat.document.path, overwrite=True)
    except store.StoreError as failed:
        not_saved(chat, failed.problem)
        return False
    return True


async def save_as(chat: Chat) -> bool:
    """Ask for a file, and go on there."""
    from workbench.engine import names, store
    from workbench.ui.screens.ask import Ask

    document = chat.document
    default = document.path or first_path(chat.desk, document.session)
    if document.read_only:
        default = names.free(default.parent, f"{default.stem}-copy")
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
            await _put(chat, chat.document, path)
        except store.ChangedOnDisk as error:
            if not await _replace(chat, path, error):
                return False
            await _put(chat, chat.document, path, overwrite=True)
    except store.StoreError as error:
        not_saved(chat, error.problem)
        return False
    chat.tell(f"Saved as {paths.shown(path)}")
    return True


async def _replace(chat: Chat, path: Path, error: Exception) -> bool:
    """Whether a file that stands in the way may go."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("stay", "n", "Keep it"), Answer("replace", "r", "Replace it"))
    title = f"Replace {path.name}?"
    return await chat.app.push_screen_wait(Confirm(title, (str(error),), answers, "stay")) == "replace"


def typed_path(text: str) -> Path:
    return Path(text.strip()).expanduser()


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


def not_saved(chat: Chat, problem: Problem) -> None:
    """The session isn't on disk: say so until it is."""
    chat.trouble = problem
    chat.tell(str(problem), "error")
    chat.show_heading()


def saved_again(chat: Chat) -> None:
    chat.trouble = None
    outlining.look_again(chat)
