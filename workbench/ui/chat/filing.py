"""Save, open, begin anew, rename, quit; and text written to files."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.config import DEFAULTS
from workbench.core.session import Session
from workbench.ui.chat import outlining, parts
from workbench.ui.chat.document import Document
from workbench.ui.chat.live import stop_all

if TYPE_CHECKING:
    from workbench.core.errors import Problem
    from workbench.ui.chat.screen import Chat


async def save(chat: Chat) -> None:
    await write(chat)


async def write(chat: Chat, *, quietly: bool = False) -> bool:
    """Save the session where it belongs; True when it is on disk."""
    from workbench.engine import names, store

    document = chat.document
    if document.read_only:
        if not quietly:
            chat.tell("This session is read-only: save it elsewhere.", "warning")
            return await save_as(chat)
        return False
    if document.path is None:
        document.path = names.untitled(chat.desk.places.sessions, chat.desk.now().date())
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
        chat.tell(f"Saved as {document.path}")
    return True


async def _put(chat: Chat, document: Document, path: Path, *, overwrite: bool = False) -> None:
    """Write the session there, and go on there; one at a time, or the second would meet the first as a stranger's.

    Raises StoreError.
    """
    from workbench.engine import store

    async with document.writing:
        session = document.drafted(chat.unsent) if document is chat.document else document.session
        stamp = document.stamp if path == document.path else None
        stamp = await asyncio.to_thread(store.save, path, session, stamp=stamp, overwrite=overwrite)
        if path != document.path:
            document.path, document.read_only, document.untitled = path, False, False
        document.mark_saved(session, stamp)
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

    default = chat.document.path or chat.desk.places.sessions / f"{names.slug(chat.session.title)}.toml"
    answer = await chat.app.push_screen_wait(Ask("Save as", help="A path; .toml is added.", initial=str(default)))
    if answer is None or not answer.strip():
        return False
    path = _typed_path(answer)
    path = path if path.suffix == ".toml" else path.with_name(f"{path.name}.toml")
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
    chat.tell(f"Saved as {path}")
    return True


async def _replace(chat: Chat, path: Path, error: Exception) -> bool:
    """Whether a file that stands in the way may go."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("stay", "n", "Keep it"), Answer("replace", "r", "Replace it"))
    title = f"Replace {path.name}?"
    return await chat.app.push_screen_wait(Confirm(title, (str(error),), answers, "stay")) == "replace"


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
    if chosen is not None and await may_leave(chat, "Open another"):
        await open_file(chat, _typed_path(chosen))


async def open_file(chat: Chat, path: Path) -> None:
    """Read a session and show it; where it can't be read the present one stays."""
    from workbench.engine import store

    try:
        loaded = await asyncio.to_thread(store.load, path)
    except store.MissingFile:
        fresh = Document(new_session(chat), path, untitled=False)
        chat.take(fresh)
        chat.tell(f"{path.name} isn't there yet: saving makes it.")
        return
    except store.StoreError as error:
        chat.tell(str(error.problem), "error")
        return
    chat.take(Document.opened(loaded.session, path, loaded.stamp, read_only=loaded.read_only))
    for note in loaded.notes:
        chat.tell(note, "warning")


def _typed_path(text: str) -> Path:
    return Path(text.strip()).expanduser()


def new_session(chat: Chat) -> Session:
    """An empty session with the configured defaults."""
    return Session(created=chat.desk.now(), params=chat.desk.config.defaults or DEFAULTS)


async def new(chat: Chat) -> None:
    if await may_leave(chat, "Begin anew"):
        chat.take(Document(new_session(chat)))


async def title(chat: Chat) -> None:
    from workbench.ui.screens.ask import Ask

    answer = await chat.app.push_screen_wait(Ask("Title", initial=chat.session.title))
    if answer is not None:
        chat.change(replace(chat.session, title=answer))


async def may_leave(chat: Chat, what: str) -> bool:
    """Whether the present session may go: runs stopped, changes saved or given up."""
    if chat.lives:
        from workbench.ui.screens.confirm import Answer, Confirm

        answers = (Answer("stop", "s", "Stop it and keep what came"), Answer("stay", "n", "Stay"))
        lines = ("A run is going on.",)
        if await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "stay")) != "stop":
            return False
        await stop_all(chat)
    document = chat.document
    if not document.unsaved(chat.unsent):
        return True
    if document.untitled and not document.read_only:
        return await write(chat, quietly=True) or await _discard(chat, what)
    return await _discard(chat, what)


async def _discard(chat: Chat, what: str) -> bool:
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("save", "s", "Save"), Answer("discard", "d", "Discard the changes"), Answer("stay", "n", "Stay"))
    lines = ("The session has changes that are not saved.",)
    choice = await chat.app.push_screen_wait(Confirm(f"{what}?", lines, answers, "save"))
    if choice == "save":
        return await write(chat)
    return choice == "discard"


async def quit_(chat: Chat) -> None:
    """Leave; asks only if something is unsaved or running."""
    if await may_leave(chat, "Quit"):
        chat.app.exit()


async def write_export(chat: Chat, suffix: str, text: str) -> None:
    """Write text to a file that isn't there yet."""
    from workbench.engine import files, names
    from workbench.ui.screens.ask import Ask

    stem = names.slug(chat.session.title or "request")
    initial = str(chat.desk.folder / f"{stem}{suffix}")
    answer = await chat.app.push_screen_wait(Ask("Export to", help="A path.", initial=initial))
    if answer is None or not answer.strip():
        return
    path = _typed_path(answer)
    try:
        await asyncio.to_thread(files.write, path, text.encode("utf-8", "replace"), stamp=None, overwrite=False)
    except files.StoreError as error:
        chat.tell(str(error.problem), "error")
    else:
        chat.tell(f"Written to {path}")


def not_saved(chat: Chat, problem: Problem) -> None:
    """The session isn't on disk: say so until it is."""
    chat.trouble = problem
    chat.tell(str(problem), "error")
    chat.show_heading()


def saved_again(chat: Chat) -> None:
    chat.trouble = None
    outlining.look_again(chat)


async def follow(chat: Chat, leaf: str) -> None:
    """Go where a line of the outline leads."""
    kind, _, rest = leaf.partition(":")
    if kind == "message":
        parts.go(chat, leaf)
    elif kind == "session" and await may_leave(chat, "Open another"):
        await open_file(chat, Path(rest))
