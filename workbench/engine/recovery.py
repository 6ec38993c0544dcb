"""A session from its file and its journal together, and a plain report of what came back and what could not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from workbench.core import changes, mending, session_file
from workbench.core.journal import VERSION, Record
from workbench.core.problem import Problem
from workbench.core.session import Session
from workbench.engine import files, journal, lost_runs, names, referring, session_text
from workbench.engine.files import MissingFile, Stamp, StoreError
from workbench.engine.journal import Journal

TRIES: Final = 5
"""How often a file is read again that was replaced while its journal was read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the disk holds of a session."""

    session: Session
    """With the answers that were still coming."""
    on_disk: Session
    """As file and journal have it, without those."""
    notes: tuple[str, ...]
    recovered: tuple[str, ...]
    why: str
    """Why it can only be read; empty where it can be written."""
    stamp: Stamp | None
    """None where the file itself is missing."""
    base: str
    """The hash of the file's bytes."""
    journal: journal.Read | None
    damaged: tuple[Path, ...] = ()
    """Files that must be kept as they are before anything takes their place."""
    fits: bool = True
    """Whether the journal goes on from this very file, so that it can be added to."""

    def going_on(self, path: Path) -> Journal:
        """The journal to go on with; one that can't be added to is begun anew with the next write."""
        made = Journal(names.beside(path, names.JOURNAL), path.resolve(), self.base)
        if self.journal is not None:
            made.size = self.journal.good
        made.broken = bool(self.damaged) or not self.fits
        return made


def read(path: Path, *, in_use: bool = False) -> Found:
    """Raises StoreError, and MissingFile where there is neither a file nor a journal.

    While another program has the session open, the answers that are still coming are its own affair.
    """
    place = names.beside(path, names.JOURNAL)
    data, stamp, kept = _both(path, place)
    if data is None and not (isinstance(kept, journal.Read) and kept.records):
        files.read(path)  # raises MissingFile
    return _Recovery(path, place, data or b"", stamp, kept, in_use=in_use).found()


def _both(path: Path, place: Path) -> tuple[bytes | None, Stamp | None, journal.Read | StoreError | None]:
    """File and journal that belong together: where the file is replaced meanwhile, both are read again."""
    for _ in range(TRIES):
        data, stamp = _file(path)
        kept: journal.Read | StoreError | None
        try:
            kept = journal.read(place)
        except StoreError as error:
            kept = error
        if _file(path, most=0)[1] == stamp:
            break
    return data, stamp, kept


def _file(path: Path, most: int | None = None) -> tuple[bytes | None, Stamp | None]:
    try:
        return files.read(path, most=most)
    except MissingFile:
        return None, None


class _Recovery:
    """One reading of a session."""

    def __init__(
        self,
        path: Path,
        place: Path,
        data: bytes,
        stamp: Stamp | None,
        kept: journal.Read | StoreError | None,
        *,
        in_use: bool,
    ) -> None:
        self.path, self.place, self.data, self.stamp, self.in_use = path, place, data, stamp, in_use
        self.kept = kept if isinstance(kept, journal.Read) else None
        self.why = str(kept.problem) if isinstance(kept, StoreError) else ""
        self.base = sha256(data).hexdigest()
        self.recovered: list[str] = []
        self.damaged: list[Path] = []
        self.fits = True
        self.cut = False

    def found(self) -> Found:
        text = self.text()
        loaded = self.loaded(mending.mended(text.tables) if text.cut else text.tables)
        notes = [f"{self.path.name}: {note}" for note in loaded.notes]
        self.cut = text.cut
        if loaded.read_only:
            self.why = "a newer Workbench wrote it"
        elif self.kept is not None and self.kept.head.get("journal", VERSION) != VERSION:
            self.why = "a newer Workbench wrote its journal"
        if self.why and not loaded.read_only:
            notes.append(f"{self.path.name} is opened read-only: {self.why}")
        if self.cut:
            self.say_cut(text, loaded.session)
        elif not self.data.strip():
            notes.append(f"{self.path.name} is empty")
        on_disk, session = loaded.session, loaded.session
        if self.kept is not None and not self.why:
            on_disk, session = self.with_journal(loaded.session, text.tables, self.kept)
        return Found(
            session,
            on_disk,
            tuple(notes),
            tuple(self.recovered),
            self.why,
            self.stamp,
            self.base,
            self.kept,
            tuple(self.damaged),
            self.fits,
        )

    def text(self) -> session_text.Text:
        """Nothing in place of a file is a cut too, where a journal tells that there was more."""
        if self.kept is not None and self.kept.records and session_text.is_empty(self.data):
            return session_text.Text({}, cut=True)
        return session_text.read(self.data, self.path.name)

    def loaded(self, tables: Mapping[str, Any]) -> session_file.Loaded:
        try:
            loaded = session_file.load(tables)
        except session_file.SessionError as error:
            hint = "Correct it in an editor, then open it again."
            raise StoreError(Problem(f"{self.path.name} can't be opened", str(error), hint)) from error
        return replace(loaded, session=referring.absolute(loaded.session, self.path))

    def say_cut(self, text: session_text.Text, session: Session) -> None:
        name = self.path.name
        if self.stamp is None:
            self.recovered.append(f"{name} is gone, and its journal alone is left")
            return
        self.damaged.append(self.path)
        whole = f"{_counted(session)} before that are whole"
        if text.dropped:
            self.recovered.append(f"{name} breaks off: {whole}; what began at {text.dropped} is dropped")
        elif session_text.is_empty(self.data):
            self.recovered.append(f"{name} holds nothing any more, and its journal alone is left")
        else:
            self.recovered.append(f"{name} breaks off just before its last line: {whole}")

    def with_journal(self, session: Session, tables: Mapping[str, Any], kept: journal.Read) -> tuple[Session, Session]:
        """The session as the disk has it, and with the answers that were still coming."""
        if kept.damaged and not self.in_use:
            self.recovered.append(
                f"the journal of {self.path.name} is damaged: its last {kept.size - kept.good} bytes are dropped"
            )
            self.damaged.append(self.place)
        start = self.start(kept)
        done = [record for record in kept.records[start or 0 :] if changes.is_change(record)]
        moved: Mapping[str, str] = {}
        if start is not None:
            on_disk = self.changed(session, done)
        elif kept.records:
            self.fits = False
            self.damaged.append(self.place)
            on_disk, moved = self.added(session, tables, done)
        else:
            self.fits = False
            on_disk = session
        if self.in_use:
            return on_disk, on_disk
        if done and start is not None:
            self.recovered.append(f"{self.path.name}: {_came(session, on_disk)} came back from its journal")
        whole, sentences = lost_runs.ended(on_disk, kept.records, None if start is not None else moved)
        self.recovered += sentences
        return on_disk, whole

    def start(self, kept: journal.Read) -> int | None:
        """From which record on the file doesn't have them yet; None where it is not the file that they go on from."""
        if self.cut:
            return None
        for at in range(len(kept.records) - 1, -1, -1):
            if kept.records[at].get("folded") == self.base:
                upto = kept.records[at].get("upto")
                return bisect_right(kept.ends, upto) if isinstance(upto, int) else at + 1
        return 0 if kept.base == self.base else None

    def changed(self, session: Session, done: Sequence[Record]) -> Session:
        tables: dict[str, Any] = session_file.dump(session)
        for record in done:
            tables = changes.applied(tables, record)
        return self.loaded(tables).session if done else session

    def added(
        self, session: Session, before: Mapping[str, Any], done: Sequence[Record]
    ) -> tuple[Session, Mapping[str, str]]:
        """What was paid for, and of the rest what the file has lost; and the messages that have another id by now."""
        tables: dict[str, Any] = session_file.dump(session)
        if self.cut:
            for lost in (record.get("set", {}) for record in done):
                gone = lost.keys() - before.keys() - set(changes.GROWING)
                tables.update({name: table for name, table in lost.items() if name in gone})
        noted = next((found for each in reversed(done) if (found := each.get("set", {}).get("batches"))), None)
        tables, moved = mending.joined(mending.with_batches(tables, noted), changes.rows(done))
        found = self.loaded(mending.mended(tables)).session
        if self.cut:
            self.recovered.append(f"{_came(session, found)} came back from its journal")
        else:
            came = _rows(session, found) or "no message and no run"
            rest = ", and what else had changed did not" if any(map(_is_more, done)) else ""
            self.recovered.append(
                f"another program changed {self.path.name} while its journal stood: {came} came back from it{rest}"
            )
        return found, moved


def _is_more(record: Record) -> bool:
    """Whether it changes more than messages, runs and batches."""
    return bool({*record.get("set", ()), *record.get("unset", ())} - {*changes.GROWING, "batches"})


def _counted(session: Session) -> str:
    return f"{_many(len(session.messages), 'message')} and {_many(len(session.runs), 'run')}"


def _came(before: Session, after: Session) -> str:
    return _rows(before, after) or "what was changed"


def _rows(before: Session, after: Session) -> str:
    """How many are more than before; empty where none is."""
    messages, runs = len(after.messages) - len(before.messages), len(after.runs) - len(before.runs)
    batches = len(after.batches) - len(before.batches)
    found = ((messages, "message", ""), (runs, "run", ""), (batches, "batch", "es"))
    return " and ".join(_many(number, what, more) for number, what, more in found if number > 0)


def _many(number: int, what: str, more: str = "") -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}{more or 's'}"
