"""Sessions on disk: opened, saved and listed."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from workbench.core import session_file
from workbench.core.errors import Problem
from workbench.core.session import Session
from workbench.engine import files, names, referring, session_text, toml_file
from workbench.engine.files import ChangedOnDisk, MissingFile, Stamp, StoreError
from workbench.engine.session_writer import Writer

__all__ = [
    "ChangedOnDisk",
    "Loaded",
    "MissingFile",
    "SessionFile",
    "Stamp",
    "StoreError",
    "elsewhere",
    "exposed",
    "load",
    "save",
    "save_elsewhere",
    "sessions",
]

MOST_NAMED: Final = 8
HEAD_BYTES: Final = 16 * 1024
TITLE: Final = re.compile(r"^\[session\][^\n]*\n(?:(?!\[).*\n)*?(title[ \t]*=[^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session as it was opened, and what tells whether its file changes afterwards."""

    session: Session
    notes: tuple[str, ...]
    read_only: bool
    """Whether saving here could lose something, or isn't permitted."""
    stamp: Stamp | None
    """None where the file is gone, and its journal alone was read."""
    recovered: tuple[str, ...] = ()
    """What came back from its journal, or out of a file that was cut, and what was dropped."""


@dataclass(frozen=True, slots=True)
class SessionFile:
    """One row of the list of sessions."""

    path: Path
    title: str
    modified: datetime
    size: int
    """Bytes."""
    mistake: Problem | None = None
    """Why it can't be opened, as far as its beginning shows."""


def load(path: Path) -> Loaded:
    """The session of file and journal together; nothing is locked or written. Raises StoreError, MissingFile."""
    from workbench.engine import lock, recovery

    found = recovery.read(path, in_use=lock.holder(path) is not None)
    protected = found.stamp is not None and not os.access(path, os.W_OK)
    notes = (*found.notes, *warnings(path))
    return Loaded(found.session, notes, bool(found.why) or protected, found.stamp, found.recovered)


def warnings(path: Path) -> tuple[str, ...]:
    """What its modes, and those of its folder, mean for a person who opens it."""
    notes: list[str] = []
    with suppress(OSError):
        mode = path.stat().st_mode
        if not os.access(path, os.W_OK):
            notes.append(f"{path.name} is write-protected: opened read-only")
        elif not os.access(path.resolve().parent, os.W_OK):
            notes.append(f"the folder of {path.name} is write-protected: save elsewhere")
        if mode & 0o022:
            notes.append(f"other users may change {path.name}: chmod go-w {path.name}")
        elif _read_by_others(path, mode):
            notes.append(exposed((path,)))
    return tuple(notes)


def exposed(paths: Sequence[Path]) -> str:
    """One sentence for all of these files that others may read; empty where they may read none."""
    found: list[Path] = []
    for path in paths:
        with suppress(OSError):
            mode = path.stat().st_mode
            found += [path] if not mode & 0o022 and _read_by_others(path, mode) else []
    if len(found) < 2:
        return "".join(f"other users may read {each.name}: chmod go-r {shlex.quote(each.name)}" for each in found)
    names = " ".join(shlex.quote(str(path)) for path in found[:MOST_NAMED])
    more = " …" if len(found) > MOST_NAMED else ""
    return f"other users may read {len(found)} of these files: chmod go-r {names}{more}"


def _read_by_others(path: Path, mode: int) -> bool:
    return bool(mode & 0o044) and _reached_by_others(path, mode)


def _reached_by_others(path: Path, mode: int) -> bool:
    """Whether those who may read the file may pass through every folder above it."""
    passing = (mode & 0o044) >> 2
    return all(folder.stat().st_mode & passing for folder in path.resolve().parents)


def save(path: Path, session: Session, *, stamp: Stamp | None = None, overwrite: bool = False) -> Stamp:
    """Write the whole session in one step; the stamp it returns belongs into the next save.

    `stamp` is that of the version the session came from, None for a file that shouldn't be there yet. Raises
    ChangedOnDisk where another file stands, unless `overwrite`, and StoreError; the old file is then as it was.
    """
    return files.write(path, written(path, session), stamp=stamp, overwrite=overwrite)


def written(path: Path, session: Session, writer: Writer | None = None) -> bytes:
    """The bytes of its file. Raises StoreError for what could not be opened again."""
    title = f"{path.name} is not saved"
    try:
        data = (writer or Writer()).write(session, str(referring.folder_of(path)))
    except ValueError as error:
        hint = "Export that message, then remove it." if "nests" in str(error) else "Go on in a new session."
        raise StoreError(Problem(title, str(error), hint)) from error
    if len(data) > files.MAX_BYTES:
        reason = f"it would have {len(data) / 2**20:.0f} MB, and 64 MB is the most that can be opened again"
        raise StoreError(Problem(title, reason, "Go on in a new session."))
    return data


def elsewhere(path: Path, folders: Iterable[Path]) -> Path | None:
    """A free place in the first of the folders that can be written, for a session whose own can't."""
    for folder in folders:
        try:
            files.make_folder(folder)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return names.free(folder, names.slug(path.stem))
    return None


def save_elsewhere(path: Path, session: Session, folders: Iterable[Path]) -> Path | None:
    """A copy of the session in the first of the folders that takes it; None where none does."""
    for folder in folders:
        with suppress(StoreError):
            other = elsewhere(path, (folder,))
            if other is not None:
                save(other, session)
                return other
    return None


def sessions(folder: Path) -> list[SessionFile]:
    """The sessions of a folder, the latest first; only the beginning of each is read. Raises StoreError."""
    try:
        with os.scandir(folder) as entries:
            paths = [Path(entry.path) for entry in entries if _is_session(entry.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(files.explain(f"the sessions in {folder} can't be listed", error)) from error
    rows = (_row(path) for path in paths)
    return sorted((row for row in rows if row is not None), key=lambda row: row.modified, reverse=True)


def _is_session(name: str) -> bool:
    return name.endswith(names.SUFFIX) and not name.startswith(".")


def _row(path: Path) -> SessionFile | None:
    """None for a file that went away meanwhile."""
    try:
        data, stamp = files.read(path, most=HEAD_BYTES)
    except MissingFile:
        return None
    except StoreError as error:
        return SessionFile(path, path.stem, _modified(path), 0, error.problem)
    title, mistake = "", None
    try:
        if stamp.size <= len(data):
            title = session_file.load(session_text.read(data, path.name).tables).session.title
        else:
            title = _title(toml_file.decode(_uncut(data), path.name))
    except StoreError as error:
        mistake = error.problem
    except session_file.SessionError as error:
        mistake = Problem(f"{path.name} can't be opened", str(error), "Correct it in an editor, then open it again.")
    modified = datetime.fromtimestamp(stamp.mtime_ns / 1e9, UTC)
    return SessionFile(path, title or path.stem, modified, stamp.size, mistake)


def _title(head: str) -> str:
    """The title in the beginning of a file, if it stands there on one line."""
    found = TITLE.search(head)
    try:
        title = toml_file.loads(found[1].encode(), "")["title"] if found else ""
    except StoreError:
        return ""
    return title if isinstance(title, str) else ""


def _uncut(data: bytes) -> bytes:
    """Without its last character, of which a part may be missing."""
    end = len(data) - 1
    while end > 0 and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[: max(end, 0)]


def _modified(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except OSError:
        return datetime.fromtimestamp(0, UTC)
