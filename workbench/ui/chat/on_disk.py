"""What threads do with the file of a session: make it, note in its journal, write it anew, move on, let it go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.core.problem import Problem
from workbench.core.session import Session

if TYPE_CHECKING:
    from workbench.engine.open_session import OpenSession
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.live import Live
    from workbench.ui.desk import Desk

Place: TypeAlias = Callable[[Session], Path]
"""Where a session goes that has no file yet. Raises StoreError."""
TAKEN: Final = 5
"""How often another free name is tried, where other programs make files as well."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of one run in its newest attempt."""

    live: Live
    attempt: int
    came: Sequence[bytes]
    """All of it: a file that takes the place of another needs what that one had already."""
    noted: int
    """How many of them its file had when this was looked up."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a session was left: nowhere, where there is nothing in it, or where no disk takes it."""

    path: Path | None = None
    problem: Problem | None = None
    """Why it isn't where it belongs."""

    def __str__(self) -> str:
        """A sentence, or none."""
        if self.path is None:
            return str(self.problem or "")
        why = f"{self.problem.title}: {self.problem.detail}. " if self.problem is not None else ""
        return f"{why}The session was kept in {self.path}"


def note(document: Document, session: Session, place: Place, pieces: Sequence[Piece]) -> None:
    """Have the journal hold the session and what came of its runs. Raises StoreError."""
    with document.disk:
        held = _held(document, session, place, pieces)
        _stream(document, held, session, pieces)
        held.note(session)
        held.sync()
        document.noted = session


def _stream(document: Document, held: OpenSession, session: Session, pieces: Sequence[Piece]) -> None:
    """What came of its runs; all of it where this file knows nothing of one."""
    number = document.place_number
    for each in pieces:
        live, since = each.live, each.noted
        if live.journalled is None or live.journalled[0] != number:
            held.started(live.beginning(), session)
            live.journalled, since = (number, each.attempt, 0), 0
        if data := b"".join(each.came[since:]):
            held.came(live.run.id, each.attempt, data)
        live.journalled = (number, each.attempt, len(each.came))


def fold(document: Document, session: Session, place: Place, *, overwrite: bool = False) -> None:
    """Have the file itself hold the session. Raises ChangedOnDisk, StoreError."""
    with document.disk:
        held = document.held
        if held is None:
            _held(document, session, place, overwrite=overwrite)
            document.noted = session
    if held is not None:  # others may note meanwhile
        held.fold(session, overwrite=overwrite)


def look(document: Document) -> None:
    """Raises ChangedOnDisk where its file is another by now than this program read or wrote."""
    from workbench.engine.files import ChangedOnDisk, Stamp

    with document.disk, suppress(OSError):  # gone, or out of reach for now: saving makes it anew, or says why not
        held = document.held
        if held is not None and held.stamp not in {None, Stamp.of(held.path.stat())}:
            hint = "Overwrite it, take the file's version, or save under another name."
            reason = "another program changed it since it was opened"
            raise ChangedOnDisk(Problem(f"{held.path.name} is not saved", reason, hint))


def move(
    document: Document,
    path: Path,
    session: Session,
    left: Session,
    pieces: Sequence[Piece] = (),
    *,
    overwrite: bool = False,
) -> str:
    """Go on in another file, and leave this in the one before; what became of that, where it went wrong.

    `pieces` are what came of every run that is going on: it goes with the session, and nothing of it stays behind.

    Raises InUse, ChangedOnDisk, StoreError where the other can't be made; nothing has changed then.
    """
    from workbench.engine.open_session import OpenSession
    from workbench.engine.results import results_path
    from workbench.engine.store import StoreError

    with document.disk:
        made = OpenSession.create(path, session, overwrite=overwrite)
        before, scratch = document.held, document.untitled and document.made_here
        _go_on(document, made)
        document.why, document.untitled, document.unnamed, document.made_here = "", False, False, False
        document.noted = session
        try:
            if before is not None:
                before.close(left, moved=_follows(document, made, session, pieces))
                if scratch and not results_path(before.path).exists():
                    before.path.unlink(missing_ok=True)
        except StoreError as error:
            return str(error.problem)
        except OSError:  # it stays where it is
            return ""
    return ""


def close(document: Document, left: Session, place: Place) -> None:
    """Let the file go, with this in it; one that was made for nothing goes away. Raises StoreError."""
    with document.disk:
        if document.held is None and _worth(left):
            _held(document, left, place)
        held, document.held = document.held, None
        if held is None:
            return
        held.close(left)
        document.noted = left
        if document.made_here and not _worth(left):
            with suppress(OSError):
                held.path.unlink()


def let_go(document: Document, left: Session, place: Place, spare: Sequence[Path]) -> Kept:
    """Leave this where the session belongs; where that can't be, a copy in the first folder that takes it."""
    from workbench.engine import store

    problem: Problem | None = None
    if document.why:
        if left == document.saved:
            return Kept()
        name = document.path.name if document.path is not None else "The session"
        problem = Problem(f"{name} is not saved", document.why)
    else:
        try:
            close(document, left, place)
        except store.StoreError as error:
            problem = error.problem
        else:
            return Kept(document.path if _worth(left) else None)
    if not _worth(left):
        return Kept()
    home = document.path or Path("session.toml")
    return Kept(store.save_elsewhere(home, left, spare), problem)


def leave(document: Document, left: Session, place: Place, desk: Desk) -> Kept:
    """Let it go, and remember where a copy was kept: whoever opens the session's own file again must know."""
    kept = let_go(document, left, place, desk.spare)
    if kept.path is not None and kept.problem is not None and document.path is not None:
        from workbench.engine.copies import Copies

        Copies(desk.places.copies).remember(document.path, kept.path)
    return kept


def _worth(session: Session) -> bool:
    """Whether there is anything that somebody would miss."""
    return bool(session.messages or session.runs or session.prompt or session.sweeps or session.systems)


def _follows(document: Document, made: OpenSession, session: Session, pieces: Sequence[Piece]) -> bool:
    """Whether its new file has what is still coming; else the one before keeps it."""
    from workbench.engine.store import StoreError

    try:
        _stream(document, made, session, pieces)
        made.sync()
    except StoreError:
        return False
    return True


def _held(
    document: Document, session: Session, place: Place, pieces: Sequence[Piece] = (), *, overwrite: bool = False
) -> OpenSession:
    """The file of the session, made where there is none; one that had no name of its own gets it with its title."""
    if document.held is None:
        document.unnamed = document.path is None and not session.title
        _go_on(document, _made(document.path, session, place, overwrite=overwrite))
        document.made_here = True
    elif document.unnamed and session.title:
        _name(document, document.held, session, place, pieces)
    assert document.held is not None
    return document.held


def _go_on(document: Document, held: OpenSession) -> None:
    """In this file; what streams is journalled there from its beginning."""
    document.held, document.path = held, held.path
    document.place_number += 1


def _made(path: Path | None, session: Session, place: Place, *, overwrite: bool = False) -> OpenSession:
    from workbench.engine.open_session import OpenSession
    from workbench.engine.store import ChangedOnDisk

    if path is not None:
        return OpenSession.create(path, session, overwrite=overwrite)
    for _ in range(TAKEN):
        with suppress(ChangedOnDisk):  # another program took the name meanwhile
            return OpenSession.create(place(session), session)
    return OpenSession.create(place(session), session)


def _name(document: Document, held: OpenSession, session: Session, place: Place, pieces: Sequence[Piece]) -> None:
    """Call the file by the title, where no results and no batch's manifest are called by its name; else it stays."""
    from workbench.engine.results import results_path
    from workbench.engine.store import StoreError

    document.unnamed = False
    if session.batches or results_path(held.path).exists():
        return
    with suppress(StoreError):
        made = _made(None, session, place)
        _go_on(document, made)
        held.close(moved=_follows(document, made, session, pieces))
        held.path.unlink(missing_ok=True)


def same(one: Path | None, other: Path) -> bool:
    """Whether both lead to one file."""
    return one is not None and one.resolve() == other.resolve()


def unclosed(folder: Path) -> list[Path]:
    """The sessions of a folder whose journal was left behind by a program that is gone, the latest first."""
    from workbench.engine import names
    from workbench.engine.lock import holder
    from workbench.engine.store import StoreError

    found: list[tuple[float, Path]] = []
    try:
        for path in folder.glob(f"*{names.SUFFIX}"):
            with suppress(FileNotFoundError, StoreError):
                changed = names.beside(path, names.JOURNAL).stat().st_mtime
                if holder(path) is None:
                    found.append((changed, path))
    except OSError:
        return []
    return [path for _, path in sorted(found, reverse=True)]
