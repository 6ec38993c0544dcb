"""What there is of a session on the disk: its file, its journal, its lock, kept copies and left-over files."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.core import changes, mending, session_file
from workbench.core.session import Session
from workbench.core.session_file import SessionError
from workbench.engine import (
    damaged,
    files,
    journal,
    lock,
    lost_runs,
    names,
    recovery,
    referring,
    salvage,
    session_text,
)
from workbench.engine.files import MissingFile, StoreError


@dataclass(frozen=True, slots=True)
class Content:
    """What could be had of a session."""

    session: Session | None = None
    """None where nothing could."""
    came: tuple[str, ...] = ()
    """What came back, and what a person should know of it."""
    lost: tuple[str, ...] = ()
    """What can't be read any more."""
    why: str = ""
    """Why the program would open it to be read only."""
    mistake: str = ""
    """Why the program doesn't open it at all."""
    torn: bool = False
    """Whether the file or its journal is damaged, or not the other's: it is kept beside what takes its place."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything a person wants to know before deciding."""

    path: Path
    content: Content
    file: int | None
    """Bytes; None where there is none."""
    journal: Path
    journal_size: int | None
    holder: str | None
    """Who has it open."""
    lock: Path
    kept: tuple[Path, ...]
    """Copies of damaged files."""
    left_over: tuple[Path, ...]
    """What saves that were killed left behind."""

    @property
    def calls_for_work(self) -> bool:
        content = self.content
        waits = self.holder is None and self.journal_size is not None
        return bool(content.mistake or content.lost or content.came or content.torn or waits)


def look(path: Path, *, with_journal: bool = True) -> Survey:
    """Look, and touch nothing. Raises MissingFile where there is neither file nor journal."""
    place, holder = names.beside(path, names.JOURNAL), lock.holder(path)
    content = _content(path, place, with_journal=with_journal, in_use=holder is not None)
    kept, left_over = _beside(path.resolve())
    return Survey(
        path,
        content,
        size(path),
        place,
        size(place),
        holder,
        names.beside(path, lock.SUFFIX),
        kept,
        left_over,
    )


def _content(path: Path, place: Path, *, with_journal: bool, in_use: bool) -> Content:
    try:
        if not with_journal:
            return _alone(path)
        found = recovery.read(path, in_use=in_use)
        return Content(found.session, found.recovered, why=found.why, torn=bool(found.damaged))
    except MissingFile:
        raise
    except StoreError as error:
        mistake = error.problem.detail or error.problem.title
    try:
        return _salvaged(path, place if with_journal else None, mistake)
    except StoreError:
        return Content(mistake=mistake)


def _alone(path: Path) -> Content:
    """The file as it stands."""
    text = session_text.read(files.read(path)[0], path.name)
    told = (f"{path.name} breaks off; what began at {text.dropped} is dropped",) if text.dropped else ()
    try:
        loaded = session_file.load(mending.mended(text.tables))
    except SessionError as error:
        return _salvaged(path, None, str(error))
    return Content(
        referring.absolute(loaded.session, path),
        lost=told,
        why=loaded.read_only * "a newer Workbench wrote it",
        torn=text.cut,
    )


def _salvaged(path: Path, place: Path | None, mistake: str) -> Content:
    """What can be read of a file that doesn't open, and what a journal adds to it. Raises StoreError."""
    found = salvage.salvage(files.read(path)[0], path.name)
    kept = journal.read(place) if place is not None else None
    if kept is None:
        return Content(referring.absolute(found.session, path), lost=found.lost, mistake=mistake, torn=True)
    added = changes.rows(filter(changes.is_change, kept.records))
    tables, moved = mending.joined(session_file.dump(found.session), added)
    session = session_file.load(mending.mended(tables)).session
    came = len(session.messages) - len(found.session.messages)
    session, told = lost_runs.ended(referring.absolute(session, path), kept.records, moved)
    sentences = (f"messages that come back from its journal: {came}", *told)
    return Content(session, sentences, found.lost, mistake=mistake, torn=True)


def _beside(target: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    kept: list[Path] = []
    left: list[Path] = []
    copies = (f"{target.name}{damaged.SUFFIX}", f"{target.name}{names.JOURNAL}{damaged.SUFFIX}")
    with suppress(OSError), os.scandir(target.parent) as entries:
        for name in sorted(entry.name for entry in entries):
            if name.startswith(copies):
                kept.append(target.with_name(name))
            elif name.startswith(f".{target.name[:40]}.") and name.endswith(files.TEMPORARY):
                left.append(target.with_name(name))
    return tuple(kept), tuple(left)


def size(path: Path) -> int | None:
    """Bytes; None where there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return None
