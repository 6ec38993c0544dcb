"""A session as the bytes of its file; what didn't change since the last time isn't written anew."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from workbench.core import references, repeated, session_file, session_rows
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.engine import session_text, toml_file, toml_guard


class _Row(NamedTuple):
    """One message or run as it was written."""

    thing: object
    """Kept, so that no other gets its place in memory."""
    way: object
    """Which of its forms it has."""
    data: bytes
    counts: toml_guard.Counts


class Writer:
    """Writes one session again and again: messages and runs are never changed, so their text is kept.

    Nowhere are many of them handled in one step, because a thread that does it must not hold up the screen.
    """

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._marks: dict[int, tuple[RunRecord, repeated.Marks]] = {}
        self._folder = ""

    def write(self, session: Session, folder: str = "") -> bytes:
        """The whole file, with paths as they are from its folder.

        Raises ValueError, a sentence, for what could not be read again.
        """
        if folder != self._folder:
            self._rows, self._folder = {}, folder
        answered = {message.run for message in session.messages}
        rest = references.relative(replace(session, messages=(), runs=()), folder)
        head = _part(toml_file.dumps(session_file.dump(rest)))
        rows = [
            *self._written(
                session.messages, "messages", [at == 0 for at in range(len(session.messages))], self._message
            ),
            *self._written(session.runs, "runs", [*self._ways(session.runs, answered)], _run),
        ]
        self._rows = {id(row.thing): row for row in rows}
        counts = tuple(map(sum, zip(head[1], *(row.counts for row in rows), strict=True)))
        if reason := toml_guard.too_many(counts):
            raise ValueError(f"it could not be opened again: {reason}")
        blocks = (head[0], *(row.data for row in rows), f"{session_text.END}\n".encode())
        return session_text.ANNOUNCEMENT.encode() + b"\n" + b"\n".join(blocks)

    def _ways(
        self, runs: Sequence[RunRecord], answered: Container[str | None]
    ) -> Iterator[tuple[bool, dict[str, str]]]:
        """Of each run whether a message has its answer, and which earlier runs have its long parameters."""
        seen: dict[int, tuple[object, bytes]] = {}
        self._marks = {id(run): self._marks.get(id(run)) or (run, repeated.marks(run.params, seen)) for run in runs}
        named = ((run.id, self._marks[id(run)][1]) for run in runs)
        for run, instead in zip(runs, repeated.references(named), strict=True):
            yield run.id in answered, instead

    def _message(self, thing: Any, first: bool) -> Mapping[str, object]:  # noqa: FBT001 - the one way or the other
        return session_rows.message_row(references.relative_message(thing, self._folder), first=first)

    def _written(
        self, things: Sequence[Any], name: str, ways: Sequence[Any], table: Callable[[Any, Any], Mapping[str, object]]
    ) -> list[_Row]:
        rows: list[_Row] = []
        for thing, way in zip(things, ways, strict=True):
            row = self._rows.get(id(thing))
            if row is None or row.thing is not thing or row.way != way:
                row = _Row(thing, way, *_part(toml_file.row(name, table(thing, way))))
            rows.append(row)
        return rows


def _run(thing: Any, way: tuple[bool, dict[str, str]]) -> Mapping[str, object]:
    answered, instead = way
    if instead:
        thing = replace(thing, params={**thing.params, **instead})
    return session_rows.run_row(thing, answered=answered)


def _part(text: str) -> tuple[bytes, toml_guard.Counts]:
    reason, counts = toml_guard.look(text)
    if reason:
        raise ValueError(f"it could not be opened again: {reason}")
    return text.encode(), counts
