"""The file chooser: a folder at a time, or the path that is typed; and the path that was pasted."""

from __future__ import annotations

import asyncio
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from workbench.core import attached, media
from workbench.core.attached import AttachError
from workbench.core.kinds import Json
from workbench.core.problem import Problem
from workbench.engine import files
from workbench.ui.chat import enclosed, folder_items, paths, shortcuts
from workbench.ui.chat.handlers import beyond

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.choose import Item

LONGEST: Final = 4_096
"""Characters of a path."""
TOLD: Final = 48
"""Characters of a folder's path over the list."""


async def attach(chat: Chat) -> None:
    """Choose until something is attached, or nothing is wanted."""
    from workbench.ui.screens.file_choice import FileChoice

    here, typed, why = _start(chat), "", ""
    while True:
        items, _ = await asyncio.to_thread(folder_items.of, here)
        offered = _offered(chat)
        dialog = FileChoice(
            f"Attach · {_end_of(paths.shown(here))}", [*offered, *items], _reader(here), typed=typed, why=why
        )
        found = await chat.app.push_screen_wait(dialog)
        if found is None:
            return
        deeper = await asyncio.to_thread(_folder, here, found)
        if deeper is not None:
            here, typed, why = deeper, "", ""
            continue
        typed, why = dialog.field.value, await chosen(chat, found, here)
        if not why:
            chat.attached_from = (chat.document, here)
            _take_path_back(chat, found, offered)
            beyond("to_chat")(chat)
            chat.to_prompt()
            return


def _reader(here: Path) -> Callable[[str], tuple[list[Item], str]]:
    return lambda folder: folder_items.of(Path(_whole(here, folder)), folder)


def _end_of(folder: str) -> str:
    """The end of a long path, which says where one is."""
    return folder if len(folder) <= TOLD else f"…{folder[1 - TOLD :]}"


def _start(chat: Chat) -> Path:
    """Where the last file was found; at first beside the session, if a person chose that place."""
    if chat.attached_from is not None and chat.attached_from[0] is chat.document:
        return chat.attached_from[1]
    own = enclosed.folder(chat)
    return own if own is not None and not chat.document.untitled else chat.desk.folder


async def chosen(chat: Chat, reference: str, here: Path) -> str:
    """Attach it; where that can't be, the sentence that says why."""
    try:
        block = attached.block(reference)
    except AttachError as error:
        return str(error)
    if block["source"]["type"] != attached.PATH:
        enclosed.put(chat, (Json.of(block),))
        return ""
    path = _whole(here, reference)
    found = await asyncio.to_thread(chat.desk.attachments.look, path)
    if isinstance(found, Problem):
        return str(found)
    chat.desk.attachments.chose(path)
    kind = "image" if found.media.kind == "image" else "document"
    enclosed.put(chat, (Json.of(attached.of_path(kind, path)),))
    return ""


def _whole(here: Path, reference: str) -> str:
    return os.path.normpath(here / files.expanded(reference))


def _folder(here: Path, reference: str) -> Path | None:
    """The folder of that name, if it is one."""
    try:
        path = Path(_whole(here, reference))
        return path if path.is_dir() else None
    except (OSError, ValueError):
        return None


# A path that was pasted


async def offer(chat: Chat, text: str) -> None:
    """Say that what was pasted is a file that could go along, where it is one; the text stays as it is."""
    path = _path(text, chat.desk.folder)
    if path is None:
        return
    found = await asyncio.to_thread(_looked, chat, path)
    if found is None or text not in chat.draft:
        return
    chat.offered = (path, text)
    key, back = shortcuts.label(chat, "attach", at_prompt=False), shortcuts.label(chat, "back")
    chat.tell(f"{Path(path).name} is a file: {back} {key} attaches it in place of its path.")


def _looked(chat: Chat, path: str) -> media.Media | None:
    if not Path(path).is_file():
        return None
    found = chat.desk.attachments.look(path)
    return None if isinstance(found, Problem) else found.media


def _path(text: str, folder: Path) -> str | None:
    """What a terminal pastes when a file is dropped on it: a path, in quotes, with backslashes, or as file://."""
    bare = text.strip()
    if not bare or "\n" in bare or len(bare) > LONGEST or "\0" in bare:
        return None
    if bare.startswith("file://"):
        bare = unquote(urlsplit(bare).path)
    elif not Path(bare).is_absolute() or "\\" in bare:
        try:
            words = shlex.split(bare)
        except ValueError:
            words = []
        bare = words[0] if len(words) == 1 else bare
    if "/" not in bare and not os.path.splitext(bare)[1]:  # noqa: PTH122
        return None
    return os.path.normpath(folder / files.expanded(bare))


def _offered(chat: Chat) -> list[Item]:
    """The file whose path stands in the prompt since it was pasted."""
    from workbench.ui.screens.choose import Item

    if chat.offered is None or chat.offered[1] not in chat.draft:
        return []
    path = chat.offered[0]
    return [Item(path, Path(path).name, "as pasted: its path leaves the text", "")]


def _take_path_back(chat: Chat, found: str, offered: Sequence[Item]) -> None:
    """Take the pasted path out of the prompt, where that file was chosen; ^Z brings it back."""
    from workbench.ui.chat import drafting

    if chat.offered is not None and any(item.id == found for item in offered):
        drafting.rewrite_draft(chat, chat.draft.replace(chat.offered[1], "", 1))
        chat.offered = None
