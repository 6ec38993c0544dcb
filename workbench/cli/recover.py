"""`workbench recover`: what there is of a session, in plain words; and, when told, the decisions that are a person's.

Nothing is done that can't be undone: what is damaged, or set aside, is kept beside it as `.damaged`.
"""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.cli.arguments import UsageError
from workbench.cli.subject import copies
from workbench.core.exports.json_text import legible
from workbench.engine import carried, damaged, names, referring, store, survey
from workbench.engine.lock import Lock
from workbench.engine.open_session import OpenSession
from workbench.engine.survey import Survey

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.session import Session

FINE: Final = 0
WORK: Final = 1
"""Something waits for a decision or, once written, something could not be had."""


def main(options: argparse.Namespace, output: Output) -> int:
    """0 where all is well, 1 where something is to be done or is lost. Raises UsageError for what can't be done."""
    path = Path(options.file)
    if options.break_lock:
        _break_lock(path, output)
    found = _look(path, with_journal=not options.without_journal)
    written: Path | None = None
    if options.to is not None:
        written = _write_to(Path(options.to), found)
    elif options.write:
        written = _write(found, without_journal=options.without_journal)
    elsewhere = () if found.content.session is None else copies(path, found.content.session)
    if options.json:
        output.line(legible(json.dumps(_as_json(found, written) | ({"elsewhere": [*elsewhere]} if elsewhere else {}))))
    else:
        kept = ("Kept in another file:", *(f"  - {each}" for each in elsewhere)) if elsewhere else ()
        for line in (
            *_report(found, alone=options.without_journal),
            *kept,
            *_outcome(found, written, options, elsewhere),
        ):
            output.line(line)
    lost = bool(found.content.lost)
    return WORK if lost or (written is None and found.calls_for_work) else FINE


def _look(path: Path, *, with_journal: bool) -> Survey:
    try:
        return survey.look(path, with_journal=with_journal)
    except store.StoreError as error:
        raise UsageError(str(error)) from error


def _break_lock(path: Path, output: Output) -> None:
    """Take away the lock of a program on another machine: whether that one still runs, nobody here can see."""
    found = _look(path, with_journal=True)
    if found.holder is None:
        output.note(f"nobody has {path.name} open: there is no lock to break")
        return
    if " on " not in found.holder:
        raise UsageError(f"{found.holder} on this machine has {path.name} open: close it there")
    try:
        found.lock.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{found.lock.name} can't be taken away: {error.strerror}") from error
    output.note(f"the lock of {found.holder} is taken away")


def _write_to(other: Path, found: Survey) -> Path:
    """Everything that could be had, in another file; nothing else is touched."""
    try:
        journal = names.beside(other, names.JOURNAL)
        if journal.exists() or journal.is_symlink():
            what = "of this session" if journal == found.journal else "of another session"
            raise UsageError(f"--to {other}: {journal.name} {what} stands there and would be put into it: name another")
        store.save(other, _session(found))
    except store.ChangedOnDisk as error:
        raise UsageError(f"--to {other}: a file of that name is there already: name another") from error
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    return other


def _write(found: Survey, *, without_journal: bool) -> Path:
    """Everything that could be had, in place of the file; what stood there is kept."""
    path, session = found.path, _session(found)
    if not found.calls_for_work and found.holder is None:
        return path
    if found.holder is not None:
        raise UsageError(f"{found.holder} has {path.name} open: close it there first, or write with --to OTHER")
    if found.content.why:
        raise UsageError(f"{path.name} is only read here ({found.content.why}): write with --to OTHER")
    try:
        if without_journal or found.content.mistake:
            _replace(found, session)
        else:
            opened = OpenSession.open(path)
            if opened.held is None:
                raise UsageError(f"{path.name} is only read here ({opened.why}): write with --to OTHER")
            opened.held.close(opened.session)
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    return path


def _replace(found: Survey, session: Session) -> None:
    """Raises StoreError; the file and its journal are kept as they are before anything takes their place."""
    lock = Lock.take(found.path)
    try:
        damaged.keep(found.journal)
        if found.content.mistake or found.content.torn:
            damaged.keep(found.path)
            store.save(found.path, session, overwrite=True)
        with suppress(OSError):
            found.journal.unlink(missing_ok=True)
    finally:
        lock.release()


def _session(found: Survey) -> Session:
    if found.content.session is None:
        raise UsageError(f"{found.path.name}: nothing in it can be read ({found.content.mistake})")
    return found.content.session


def _report(found: Survey, *, alone: bool) -> Iterator[str]:
    content, session = found.content, found.content.session
    held = "nothing in it can be read" if session is None else _counted(session)
    yield f"{found.path}"
    if found.file is None:
        yield "  file       is gone; its journal is left"
    elif content.mistake:
        yield f"  file       can't be opened: {content.mistake}"
        yield f"             what can be had of it: {held}"
    else:
        left_out = alone or content.why
        both = "" if found.journal_size is None else "without its journal: " if left_out else "with its journal: "
        yield f"  file       {_bytes(found.file)}; {both}{held}"
    if content.why:
        yield f"             it is only read: {content.why}"
    journal = "none" if found.journal_size is None else f"{found.journal.name}, {_bytes(found.journal_size)}"
    yield f"  journal    {journal}"
    yield f"  open in    {found.holder or 'no program'}"
    if found.holder is None and survey.size(found.lock) is not None:
        yield f"             {found.lock.name} is of a program that is gone; it keeps nobody out"
    for title, paths in (("kept", found.kept), ("left over", found.left_over)):
        for path in paths:
            yield f"  {title:<11}{path.name}, {_bytes(survey.size(path) or 0)}"
    for title, sentences in (("What comes back:", content.came), ("What can't be had any more:", content.lost)):
        yield from (title, *(f"  - {each}" for each in sentences)) if sentences else ()


def _left(found: Survey, written: Path) -> Iterator[str]:
    """Files that its canned results name, and that it won't find where it is now."""
    if found.content.session is None:
        return
    left = carried.left(found.content.session, referring.folder_of(found.path), referring.folder_of(written))
    for name in left.names:
        yield f"{name}, which its canned results name, still lies beside {found.path.name}: copy it there."
    yield from (f"Its canned results: {each}." for each in left.mistakes)


def _outcome(
    found: Survey, written: Path | None, options: argparse.Namespace, elsewhere: Sequence[str]
) -> Iterator[str]:
    """What was done, or what can be."""
    if written is not None and (found.calls_for_work or written != found.path):
        yield f"{written} is written."
        yield from _left(found, written)
        if written == found.path:
            now = survey.look(written).kept
            yield from (f"What stood there is kept as {path.name}." for path in now if path not in found.kept)
        return
    if not found.calls_for_work and found.holder is None:
        yield "The file itself is whole." if elsewhere else "All is well: nothing has to be done."
        return
    name = f"workbench recover {shlex.quote(str(found.path))}"
    without = " --without-journal" if options.without_journal else ""
    yield "Nothing was changed. What can be done:"
    if found.holder is not None and " on " in found.holder:
        yield f"  {name} --break-lock"
        yield "      take the file although that program may have it open; only when it surely doesn't run any more"
    if found.content.session is not None:
        if found.holder is None and not found.content.why:
            yield f"  {name}{without} --write"
            kept = found.content.torn or found.content.mistake or without
            rest = "; what stands there now is kept as .damaged" if kept else ", which then needs no journal any more"
            yield f"      put that into {found.path.name}{rest}"
        yield f"  {name}{without} --to OTHER.toml"
        yield "      put it into another file, and leave everything here as it is"
    if found.journal_size is not None and found.holder is None and not without:
        yield f"  {name} --without-journal"
        yield "      look at the file as it stands, without what its journal adds"


def _as_json(found: Survey, written: Path | None) -> dict[str, object]:
    content = found.content
    session = content.session
    known: dict[str, object] = {
        "file": str(found.path),
        "opens": not content.mistake,
        "mistake": content.mistake or None,
        "read_only": content.why or None,
        "bytes": found.file,
        "messages": None if session is None else len(session.messages),
        "runs": None if session is None else len(session.runs),
        "journal": None if found.journal_size is None else found.journal.name,
        "journal_bytes": found.journal_size,
        "open_in": found.holder,
        "kept": [path.name for path in found.kept],
        "left_over": [path.name for path in found.left_over],
        "comes_back": list(content.came),
        "lost": list(content.lost),
        "written": None if written is None else str(written),
    }
    return {key: value for key, value in known.items() if value is not None}


def _counted(session: Session) -> str:
    empty = sum(not each.text and not each.blocks for each in session.messages)
    without = f" ({empty:,} of them without anything in {'it' if empty == 1 else 'them'})" if empty else ""
    return f"{_many(len(session.messages), 'message')}{without}, {_many(len(session.runs), 'run')}"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _bytes(size: int) -> str:
    return f"{size:,} bytes" if size < 10_000 else f"{size / 1000:,.0f} KB"
