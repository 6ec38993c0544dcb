"""A session file held open by this program: its lock, its journal, and what of it the disk holds."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from workbench.core import changes
from workbench.core.problem import Problem
from workbench.core.session import Session
from workbench.engine import files, keeping_copies, lost_runs, names, recovery, store
from workbench.engine import journal as journals
from workbench.engine.files import Stamp, StoreError
from workbench.engine.journal import Journal
from workbench.engine.lock import InUse, Lock, holder


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
    """Every method may be called from any thread; they take turns. All raise StoreError when the disk fails."""

    def __init__(self, path: Path, lock: Lock, journal: Journal, stamp: Stamp | None, on_disk: Session) -> None:
        self.path = path
        self.stamp = stamp
        self.on_disk = on_disk
        """File and journal together."""
        self._lock = lock
        self._journal = journal
        self._damaged: tuple[Path, ...] = ()
        self._running: dict[str, list[Mapping[str, object]]] = {}
        self._owed: list[Mapping[str, object]] = []
        """What came of answers and could not be written yet."""
        self._turn = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Opened:
        """Lock, load, recover; what was recovered is in the file at once, if the disk takes it. Raises StoreError."""
        if not path.exists() and journals.read(names.beside(path, names.JOURNAL)) is None:
            store.load(path)  # raises MissingFile
        try:
            lock = Lock.take(path)
        except InUse:
            return _only_read(path, f"{holder(path) or 'another program'} has it open")
        except StoreError:
            return _only_read(path, "the folder can't be written")
        try:
            found = recovery.read(path)
            notes = (*found.notes, *store.warnings(path))
            if found.read_only or (path.exists() and not os.access(path, os.W_OK)):
                why = "a newer Workbench wrote it" if found.read_only else "it is write-protected"
                lock.release()
                return Opened(found.session, notes, found.recovered, None, why)
            files.sweep(path.resolve(), older_s=0)
            journal = Journal(
                names.beside(path, names.JOURNAL),
                path.resolve(),
                found.base,
                size=found.journal.good if found.journal else 0,
            )
            journal.broken = bool(found.damaged) or not found.fits
            held = cls(path, lock, journal, found.stamp, found.on_disk)
            held._damaged = found.damaged
            if found.recovered or journal.size or journal.broken:
                try:
                    held.fold(found.session)
                except StoreError as error:
                    notes += (str(error),)
        except BaseException:
            lock.release()
            raise
        return Opened(found.session, notes, found.recovered, held)

    @classmethod
    def create(cls, path: Path, session: Session, *, overwrite: bool = False) -> OpenSession:
        """Lock the name and write the first file. Raises InUse, ChangedOnDisk, StoreError."""
        with suppress(OSError):
            files.make_folder(path.resolve().parent)
        lock = Lock.take(path)
        try:
            place = names.beside(path, names.JOURNAL)
            held = cls(path, lock, Journal(place, path.resolve(), ""), None, Session())
            if place.exists():
                held._damaged = (place,)
                held._journal.broken = True
            held.fold(session, overwrite=overwrite)
        except BaseException:
            lock.release()
            raise
        return held

    def started(self, run: Mapping[str, object], session: Session) -> None:
        """What changed, and that a run begins; on the disk when it returns."""
        with self._writing():
            begun = {"started": dict(run)}
            self._running[str(run["id"])] = [begun]
            self._note(session, begun)
            self._journal.sync()

    def came(self, run: str, attempt: int, piece: bytes) -> None:
        """More of a run's answer; with the system when it returns, with the disk after the next `sync`."""
        with self._turn:
            text = piece.decode("utf-8", "surrogateescape")
            self._owed.append({"came": {"run": run, "attempt": attempt, "text": text}})
            with self._writing():
                self._append()

    def note(self, session: Session) -> None:
        """What changed since the last time; with the system when it returns."""
        with self._writing():
            self._note(session)

    def sync(self) -> None:
        """Have the disk hold what was appended."""
        with self._writing():
            self._journal.sync()

    def fold(self, session: Session, *, overwrite: bool = False) -> Stamp:
        """Write the file anew, and begin the journal anew. Raises ChangedOnDisk, StoreError."""
        with self._turn:
            for each in self._damaged:
                keeping_copies.keep(each)
            self._damaged = ()
            data = store.written(self.path, session)
            base = sha256(data).hexdigest()
            self.stamp = files.write(self.path, data, stamp=self.stamp, overwrite=overwrite, ready=self._marker(base))
            self.on_disk = session
            self._restart(base, session)
            return self.stamp

    def close(self, session: Session | None = None) -> None:
        """Fold what is journalled, and let the session go."""
        with self._turn:
            try:
                wanted = self.on_disk if session is None else session
                if self._journal.size or self._journal.broken or changes.between(self.on_disk, wanted):
                    self.fold(wanted)
            finally:
                self._journal.close()
                self._lock.release()

    def _note(self, session: Session, *more: Mapping[str, object]) -> None:
        change = changes.between(self.on_disk, session)
        if self._journal.broken and (change or more):
            self.fold(session)
            change = None
            more = ()
        self._append(*([change] if change else []), *more)
        self.on_disk = session
        for run in session.runs[-len(self._running) - 8 :]:
            self._running.pop(run.id, None)

    def _append(self, *records: Mapping[str, object]) -> None:
        if self._journal.broken:
            self.fold(self.on_disk)
        if self._owed or records:
            self._journal.append((*self._owed, *records))
            self._owed.clear()

    def _marker(self, base: str) -> Callable[[], None]:
        def mark() -> None:
            """Without it a crash right after the rename is still recovered, as after a change by somebody else."""
            if self._journal.size and not self._journal.broken:
                with suppress(OSError):
                    self._journal.append([{"folded": base}])
                    self._journal.sync()

        return mark

    def _restart(self, base: str, session: Session) -> None:
        """Where the old journal can't be taken away it stays: it knows by then that the file has what it holds."""
        going_on: list[Mapping[str, object]] = []
        if self._running and (kept := journals.read(self._journal.path)) is not None:
            for started, _, _ in lost_runs.open_runs(session, kept.records):
                going_on += [
                    record
                    for record in kept.records
                    if record.get("started") == started or (record.get("came") or {}).get("run") == started["id"]
                ]
        with suppress(OSError, StoreError):
            self._journal.restart(base, going_on)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except OSError as error:
                raise StoreError(files.explain(f"{self.path.name} is not saved", error)) from error


def _only_read(path: Path, why: str) -> Opened:
    loaded = store.load(path)
    return Opened(loaded.session, loaded.notes, loaded.recovered, None, why)


__all__ = ["InUse", "OpenSession", "Opened", "Problem"]
