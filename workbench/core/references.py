"""The paths of a session's attachments: absolute while it is open, and in its file from where that lies."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from workbench.core import attached
from workbench.core.attached import Block
from workbench.core.kinds import Json

if TYPE_CHECKING:
    from workbench.core.canned import CannedResult
    from workbench.core.session import Message, Session

PATHS: Final = "paths"
"""Where a message keeps whether it names files at all."""
NEAR: Final = 2
"""Folders up from a session's own within which a path is written from there."""
ROOTS: Final = 4
"""Parts of a path that is no longer one of the system's or everybody's: `/`, `home`, `you`, and one more."""
Said = TypeVar("Said", str, Json, str | Json)


def absolute(session: Session, folder: str, home: str) -> Session:
    """Each path as it is from the root; a session that names no file is the same object."""

    def change(path: str) -> str:
        whole = home + path[1:] if path == "~" or path.startswith("~/") else path
        return posixpath.normpath(posixpath.join(folder, whole))

    return _with_paths(session, change)


def relative(session: Session, folder: str) -> Session:
    """Each path from the folder where it lies below or near, so that both can be moved together."""
    return _with_paths(session, lambda path: from_folder(path, folder))


def relative_message(message: Message, folder: str) -> Message:
    return _message(message, _on_paths(lambda path: from_folder(path, folder)))


def from_folder(path: str, folder: str) -> str:
    """An absolute path as the file of a session in that folder has it."""
    if not (posixpath.isabs(path) and posixpath.isabs(folder)):
        return path
    common = posixpath.commonpath([path, folder])
    made = posixpath.relpath(path, folder)
    ups = made.split("/").count("..")
    if ups == 0 or (ups <= NEAR and common.count("/") + 1 >= ROOTS):
        return f"./{made}" if _misread(made) else made
    return path


def _misread(path: str) -> bool:
    """Whether a file of that name would be taken for something else when it is read again."""
    return path.startswith("~") or attached.FILE_ID.fullmatch(path) is not None


def stamped(session: Session, files: Iterable[attached.Sent], messages: Iterable[str]) -> Session:
    """The session with the SHA-256 of what was sent beside each path of these messages that has none yet."""
    known = {each.named: each.sha256 for each in files}
    wanted = set(messages)
    if not known:
        return session

    def change(block: Block) -> Block:
        source = block["source"]
        if source.get("type") != attached.PATH or source.get("sha256") or source.get("path") not in known:
            return block
        return {**block, "source": {**source, "sha256": known[source["path"]]}}

    made = tuple(_message(each, change) if each.id in wanted else each for each in session.messages)
    return _kept(session, made)


def renewed(session: Session, files: Iterable[attached.Sent]) -> Session:
    """The session with the SHA-256 of what goes now, where that was another: thinking behind it no longer holds."""
    now = {each.named: each.sha256 for each in files if each.recorded and each.recorded != each.sha256}
    if not now:
        return session

    def change(block: Block) -> Block:
        source = block["source"]
        if source.get("type") != attached.PATH or not source.get("sha256") or source.get("path") not in now:
            return block
        return {**block, "source": {**source, "sha256": now[source["path"]]}}

    return _kept(session, tuple(_message(each, change) for each in session.messages))


def _with_paths(session: Session, path: Callable[[str], str]) -> Session:
    change = _on_paths(path)
    messages = tuple(_message(each, change) for each in session.messages)
    drafted = tuple(_json(each, change) for each in session.attachments)
    sweeps = tuple(
        replace(each, attachments=tuple(_json(one, change) for one in each.attachments)) if each.attachments else each
        for each in session.sweeps
    )
    canned = tuple(_canned(each, change) for each in session.tool_results)
    made = _kept(session, messages)
    if canned != made.tool_results:
        made = replace(made, tool_results=canned)
    if drafted != made.attachments:
        made = replace(made, attachments=drafted)
    return replace(made, sweeps=sweeps) if sweeps != made.sweeps else made


def _kept(session: Session, messages: tuple[Message, ...]) -> Session:
    """The same session where nothing changed: what is worked out from it stays."""
    if all(new is old for new, old in zip(messages, session.messages, strict=True)):
        return session
    return replace(session, messages=messages)


def _on_paths(path: Callable[[str], str]) -> Callable[[Block], Block]:
    def change(block: Block) -> Block:
        source: Mapping[str, object] = block["source"]
        before = source.get("path")
        if source.get("type") != attached.PATH or not isinstance(before, str) or (after := path(before)) == before:
            return block
        return {**block, "source": {**source, "path": after}}

    return change


def _message(message: Message, change: Callable[[Block], Block]) -> Message:
    if isinstance(message.content, str):
        return message
    if PATHS not in message.memo:
        message.memo[PATHS] = any(True for _ in attached.paths(message.content.value))
    if not message.memo[PATHS]:
        return message
    made = _json(message.content, change)
    return message if made is message.content else replace(message, content=made)


def _canned(row: CannedResult, change: Callable[[Block], Block]) -> CannedResult:
    content = row.result.content
    if isinstance(content, str) or (made := _json(content, change)) is content:
        return row
    return replace(row, result=replace(row.result, content=made))


def _json(value: Json, change: Callable[[Block], Block]) -> Json:
    made = attached.replaced(value.value, change)
    return value if made is value.value else Json.of(made)
