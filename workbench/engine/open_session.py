"""A session file held open by this program: its lock, its journal, and what of it the disk holds."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from workbench.core import changes
from workbench.core.problem import Problem
from workbench.core.session import Session
from workbench.engine import damaged, files, names, recovery, store
from workbench.engine import journal as journals
from workbench.engine.files import Stamp, StoreError
from workbench.engine.going_on import GoingOn
from workbench.engine.journal import Journal
from workbench.engine.lock import InUse, Lock, holder
from workbench.engine.session_writer import Writer


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as it was opened, and whether this program may write it."""

    session: Session
    notes: tuple[str, ...]
    recovered: tuple[str, ...]
    """What came back and what was dropped, in plain sentences; empty when nothing happened."""
    held: OpenSession | None
    """None where it can only be read."""
    why: str = ""
    """Why it can only be read."""


class OpenSession:
    """Every method may be called from any thread; all raise StoreError when the disk fails, and may be tried again.

    While a fold writes the file, the others go on: an answer that is coming doesn't wait for it.
    """

    def __init__(self, path: Path, lock: Lock, journal: Journal, stamp: Stamp | None, on_disk: Session) -> None:
        self.path = path
        self.stamp = stamp
        self.on_disk = on_disk
        """File and journal together."""
        self._lock = lock
        self._journal = journal
        self._to_keep: tuple[Path, ...] = ()
        """Damaged files, of which a copy is made before anything takes their place."""
        self._copies: list[Path] = []
        """Where those are."""
        self._writer = Writer()
        self._going_on = GoingOn()
        self._turn = threading.Condition()
        self._folding = False
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> Opened:
        """Lock, load, recover; what was recovered is in the file at once, if the disk takes it. Raises StoreError."""
        if not path.exists() and journals.read(names.beside(path, names.JOURNAL)) is None:
            store.load(path)  # raises MissingFile
        try:
            lock = Lock.take(path)
        except InUse:
            return _only_read(path, f"{holder(path) or 'another program'} has it open")
        except StoreError as error:
            folder = path.resolve().parent
            writable = os.access(folder, os.W_OK | os.X_OK)
            return _only_read(path, str(error.problem) if writable else "the folder can't be written")
        try:
            return cls._locked(path, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _locked(cls, path: Path, lock: Lock) -> Opened:
        found = recovery.read(path)
        notes = (*found.notes, *store.warnings(path))
        why = found.why or ("it is write-protected" if found.stamp and not os.access(path, os.W_OK) else "")
        if why:
            lock.release()
            return Opened(found.session, notes, found.recovered, None, why)
        files.sweep(path.resolve(), older_s=0)
        held = cls(path, lock, found.going_on(path), found.stamp, found.on_disk)
        held._to_keep = found.damaged
        if found.recovered or held._journal.size or held._journal.broken:
            try:
                held.fold(found.session)
            except StoreError as error:
                notes += (str(error),)
        copies = ", ".join(dict.fromkeys(copy.name for copy in held._copies))
        kept = (f"what stood there before is kept beside it: {copies}",) if copies else ()
        return Opened(found.session, notes, (*found.recovered, *kept), held)

    @classmethod
    def create(cls, path: Path, session: Session, *, overwrite: bool = False) -> OpenSession:
        """Lock the name and write the first file. Raises InUse, ChangedOnDisk, StoreError."""
        with suppress(OSError, RuntimeError, ValueError):  # taking the lock says it in a sentence
            files.make_folder(path.resolve().parent)
        lock = Lock.take(path)
        try:
            place = names.beside(path, names.JOURNAL)
            held = cls(path, lock, Journal(place, path.resolve(), ""), None, Session())
            held._journal.broken = True  # there is nothing yet that it could go on from
            held._to_keep = (place,) if place.exists() else ()
            held.fold(session, overwrite=overwrite)
        except BaseException:
            lock.release()
            raise
        return held

    @property
    def journalled(self) -> int:
        """Bytes in the journal: a fold makes them none, but for answers that are still coming."""
        return self._journal.size

    def started(self, run: Mapping[str, object], session: Session) -> None:
        """What changed, and that a run begins; on the disk when it returns."""
        with self._writing():
            self._going_on.begin(run, session)
            self._note(session)
            self._append()
            self._journal.sync()

    def came(self, run: str, attempt: int, piece: bytes) -> None:
        """More of a run's answer; with the system when it returns, with the disk after the next `sync`.

        Where it raises the piece was not taken, and nothing that follows it may be handed in before it.
        """
        with self._writing():
            record = self._going_on.came(run, attempt, piece)
            if record is not None:
                self._append(record)

    def note(self, session: Session) -> None:
        """What changed since the last time; with the system when it returns."""
        with self._writing():
            self._note(session)

    def sync(self) -> None:
        """Have the disk hold what was appended."""
        with self._writing():
            self._append()
            self._journal.sync()

    def fold(self, session: Session, *, overwrite: bool = False) -> Stamp:
        """Write the file anew, and begin the journal anew. Raises ChangedOnDisk, StoreError."""
        with self._writing():
            self._wait_for_fold()
            self._keep_damaged()
            if not self._noted(session):
                return self._fold(session, overwrite=overwrite)
            self._folding = True
            upto = self._journal.size
        try:
            return self._fold(session, overwrite=overwrite, upto=upto)
        finally:
            with self._turn:
                self._folding = False
                self._turn.notify_all()

    def close(self, session: Session | None = None, *, moved: bool = False) -> None:
        """Fold what is journalled, and let the session go; where that fails the journal stays.

        `moved` says that another file's journal has the answers that are still coming: they would be in both.
        """
        with self._turn:
            if self._closed:
                return
            self._wait_for_fold()
            if moved:
                self._going_on.clear()
            try:
                wanted = self.on_disk if session is None else session
                if self._journal.size or self._journal.broken or changes.between(self.on_disk, wanted):
                    self.fold(wanted)
            finally:
                self._closed = True
                self._journal.close()
                self._lock.release()

    def _noted(self, session: Session) -> bool:
        """Whether the journal holds the whole session, so that others may add to it while the file is written."""
        try:
            if not self._journal.broken:
                self._note(session)
        except OSError:
            return False
        return not self._journal.broken

    def _note(self, session: Session) -> None:
        if self._journal.broken:
            self._wait_for_fold()
        change = changes.between(self.on_disk, session)
        if change is not None:
            self._append(change, after=session)
        self.on_disk = session
        self._going_on.look(session)

    def _append(self, *records: Mapping[str, object], after: Session | None = None) -> None:
        """Write them, with what could not be written before; a broken journal is begun anew by a fold."""
        if self._journal.broken:
            self._wait_for_fold()
        if self._journal.broken:
            self._keep_damaged()
            self._fold(self.on_disk if after is None else after)
            records = records if after is None else ()  # else the file has it
        owed = self._going_on.owed
        if owed or records:
            self._journal.append((*owed, *records))
            owed.clear()

    def _fold(self, session: Session, *, overwrite: bool = False, upto: int | None = None) -> Stamp:
        """`upto` is the part of the journal that the session holds; without it nobody else writes meanwhile."""
        data = store.written(self.path, session, self._writer)
        base = sha256(data).hexdigest()
        marked = [0]

        def mark() -> None:
            with self._turn, suppress(OSError):
                if upto and not self._journal.broken:
                    before = self._journal.size
                    self._journal.append([{"folded": base, "upto": upto}])
                    self._journal.sync()
                    marked[0] = self._journal.size - before

        stamp = files.write(self.path, data, stamp=self.stamp, overwrite=overwrite, ready=mark)
        with self._turn:
            self.stamp = stamp
            if upto is None:
                self.on_disk = session
            self._restart(base, upto, marked[0])
        return stamp

    def _restart(self, base: str, upto: int | None, marked: int) -> None:
        """Begin the journal anew; where that fails it stays, and knows by its mark what the file has already."""
        self._going_on.look(self.on_disk)
        whole = upto is None or self._journal.size == upto + marked
        try:
            self._journal.restart(base, self._going_on.kept(self._journal, None if whole else upto))
        except (OSError, StoreError):
            self._journal.broken = self._journal.broken or not marked

    def _keep_damaged(self) -> None:
        for each in self._to_keep:
            if (copy := damaged.keep(each)) is not None:
                self._copies.append(copy)
        self._to_keep = ()

    def _wait_for_fold(self) -> None:
        while self._folding:
            self._turn.wait()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._turn:
            if self._closed:
                raise StoreError(Problem(f"{self.path.name} is not saved", "it was closed", "Open it again."))
            try:
                yield
            except OSError as error:
                raise StoreError(files.explain(f"{self.path.name} is not saved", error)) from error


def _only_read(path: Path, why: str) -> Opened:
    loaded = store.load(path)
    return Opened(loaded.session, loaded.notes, loaded.recovered, None, why)


__all__ = ["InUse", "OpenSession", "Opened"]
