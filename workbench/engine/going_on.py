"""Runs whose answer is still coming, as far as a journal must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.core import changes
from workbench.core.journal import Record
from workbench.core.session import Session
from workbench.engine import journal as journals
from workbench.engine.files import StoreError
from workbench.engine.journal import Journal


@dataclass(slots=True)
class _Going:
    """One of them."""

    started: Record
    runs: int
    """How many runs the session had when it began: its own record is none of those."""
    attempt: int = 0
    """The newest."""
    gap: int | None = None
    """The attempt of which a part can't be read back: with what follows it would be another answer than came."""


class GoingOn:
    """What has begun, and what came of it that no journal holds yet."""

    def __init__(self) -> None:
        self.owed: list[Record] = []
        """That runs began, where it could not be written yet."""
        self._runs: dict[str, _Going] = {}

    def begin(self, run: Mapping[str, Any], session: Session) -> None:
        name, record = str(run["id"]), {"started": dict(run)}
        self._forget(name)
        self._runs[name] = _Going(record, len(session.runs))
        self.owed.append(record)

    def came(self, run: str, attempt: int, piece: bytes) -> Record | None:
        """The record of a piece; None where it would make no sense."""
        going = self._runs.get(run)
        if going is None:
            return None
        going.attempt = attempt
        if going.gap == attempt:
            return None
        return {"came": {"run": run, "attempt": attempt, "text": piece.decode("utf-8", "surrogateescape")}}

    def look(self, session: Session) -> None:
        """Forget those that have their record in the session by now."""
        for name, going in [*self._runs.items()]:
            if any(run.id == name for run in session.runs[going.runs :]):
                self._forget(name)

    def clear(self) -> None:
        """Forget all of them."""
        self._runs.clear()
        self.owed.clear()

    def _forget(self, name: str) -> None:
        self._runs.pop(name, None)
        self.owed[:] = [record for record in self.owed if _run_of(record) != name]

    def kept(self, journal: Journal, upto: int | None) -> list[Record]:
        """What a new journal takes over from the old: these runs, and the changes that came after `upto`.

        Raises OSError, StoreError where changes can't be read back; of a run what can't be is left out.
        """
        if not self._runs and upto is None:
            return []
        try:
            found = journals.read(journal.path) if journal.size else None
            if found is not None and found.good < journal.size:
                raise OSError("the journal can't be read back")
        except (OSError, StoreError):
            if upto is not None:
                raise
            return self._begun_again()
        records = () if found is None else zip(found.records, found.ends, strict=True)
        return [record for record, end in records if self._is_kept(record, end, upto)]

    def _begun_again(self) -> list[Record]:
        """Of what came only that it began."""
        for going in self._runs.values():
            going.gap = going.attempt
        return [going.started for going in self._runs.values()]

    def _is_kept(self, record: Record, end: int, upto: int | None) -> bool:
        if changes.is_change(record):
            return upto is not None and end > upto
        return _run_of(record) in self._runs


def _run_of(record: Mapping[str, Any]) -> str | None:
    if "started" in record:
        return str(record["started"]["id"])
    return str(record["came"]["run"]) if "came" in record else None
