"""A session as the plain tables of its file, and back (format 1).

What a person needn't write may be missing: ids, lanes, parents. What this version doesn't know is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Final

from workbench.core import (
    attached_file,
    batch_file,
    canned_file,
    record,
    repeated,
    session_rows,
    sweep_file,
    tool_table,
    unknown_keys,
)
from workbench.core.attached import AttachError
from workbench.core.params import BY_KEY, LASTING, from_mapping
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System

FORMAT: Final = 1
ROLES: Final = ("user", "assistant", "system")


class SessionError(ValueError):
    """A file that is no session; the text says where and what would be right."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session out of its tables, with a sentence for everything a person should know about it."""

    session: Session
    notes: tuple[str, ...] = ()
    read_only: bool = False
    """Whether a newer program wrote it: saving could lose what this one doesn't understand."""


def dump(session: Session) -> dict[str, object]:
    """The tables in the order of the file; only what is set."""
    keys = ("title", "created", "endpoint", "preset", "prompt")
    head: dict[str, object] = {key: value for key in keys if (value := getattr(session, key))}
    if session.attachments:
        head[attached_file.KEY] = attached_file.rows(session.attachments)
    kept = dict(session.extra)
    head.update(session_rows.table(kept.pop("session", {})))
    tables: dict[str, object] = {"format": FORMAT, **({"session": head} if head else {})}
    if params := {**session.params.to_mapping(), **session_rows.table(kept.pop("params", {}))}:
        tables["params"] = params
    if session.variables:
        tables["variables"] = session.bindings
    answered = {message.run for message in session.messages}
    rows = {
        "systems": [{"id": each.id, **session_rows.text(each.text), **each.extra} for each in session.systems],
        "lanes": [session_rows.lane_row(each) for each in session.lanes],
        "tool_results": canned_file.dump(session.tool_results),
        "sweeps": sweep_file.dump(session.sweeps),
        "batches": batch_file.dump(session.batches),
        "messages": [session_rows.message_row(each, first=at == 0) for at, each in enumerate(session.messages)],
        "runs": [session_rows.run_row(each, answered=each.id in answered) for each in session.runs],
    }
    tables.update({name: each for name, each in rows.items() if each})
    tables.update(kept)
    return tables


def load(tables: Mapping[str, object]) -> Loaded:
    """Raises SessionError, a sentence that names the place and the remedy."""
    return _Reader(dict(tables)).read()


class _Reader:
    """One reading: what was found, and what is worth saying about it."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self.tables = tables
        self.notes: list[str] = []
        self.unknown = unknown_keys.Looks()

    def read(self) -> Loaded:
        version = self.tables.pop("format", FORMAT)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise SessionError(f"format must be {FORMAT}, not {version!r}")
        newer = version > FORMAT
        if newer:
            self.notes.append(f"format {version} was written by a newer program: opened read-only")
        head = self.take_table("session")
        params_table = self.take_table("params")
        systems = self.systems()
        messages = self.messages()
        runs = self.runs(messages)
        lanes = self.lanes(systems, messages)
        sweeps, mistaken = sweep_file.load(self.take_rows("sweeps"), self.unknown)
        self.notes += mistaken
        canned, mistaken = canned_file.load(self.take_rows("tool_results"), self.unknown)
        self.notes += mistaken
        batches, mistaken = batch_file.load(self.take_rows("batches"), self.unknown)
        self.notes += mistaken
        params, unknown, mistakes = from_mapping(params_table, self.unknown.look)
        self.take_mistakes("params", mistakes)
        variables = self.take_table("variables")
        texts = {key: self.text(head, "session", key) for key in ("title", "endpoint", "prompt", "preset")}
        created = _moment(head.pop("created", None))
        try:
            attachments = attached_file.read(head.pop(attached_file.KEY, []))
        except AttachError as error:
            raise SessionError(f"session: {error}") from error
        self.notes += [*self.unknown.notes("", self.tables), *self.unknown.notes("session", head), *self.unknown.rest()]
        session = Session(
            title=texts["title"],
            created=created,
            endpoint=texts["endpoint"] or None,
            prompt=texts["prompt"],
            attachments=attachments,
            preset=texts["preset"] or None,
            params=params,
            variables=tuple((name, self.variable(name, value)) for name, value in variables.items()),
            systems=systems,
            lanes=lanes,
            messages=messages,
            runs=runs,
            tool_results=canned,
            sweeps=sweeps,
            batches=batches,
            extra={
                **self.tables,
                **({"session": head} if head else {}),
                **({"params": unknown} if unknown else {}),
            },
        )
        held = (session.params.tools, *(lane.params.tools for lane in lanes))
        called = {tool_table.title_of(tool) for tools in held for tool in tool_table.listed(tools)}
        self.notes += canned_file.strangers(canned, called)
        return Loaded(session, unknown_keys.told(self.notes), newer)

    def systems(self) -> tuple[System, ...]:
        found: list[System] = []
        for where, name, row in self.named_rows("systems", _numbered("s")):
            found.append(System(name, self.text(row, where, "text"), row))
            self.notes += self.unknown.notes(where, row)
        return tuple(found)

    def messages(self) -> tuple[Message, ...]:
        found: list[Message] = []
        known: set[str] = set()
        for where, name, row in self.named_rows("messages", _numbered("m")):
            role = self.text(row, where, "role")
            if role not in ROLES:
                raise SessionError(f'{where}: role must be "user", "assistant" or "system", not {role!r}')
            parent = self.text(row, where, "parent") if "parent" in row else (found[-1].id if found else "")
            if parent and parent not in known:
                raise SessionError(f"{where}: parent {parent!r} is no message above it")
            run = self.text(row, where, "run") or None
            try:
                content = attached_file.content(role, row)
            except AttachError as error:
                raise SessionError(f"{where}: {error}") from error
            cache = self.text(row, where, "cache") or None
            if cache not in (None, *LASTING):
                raise SessionError(f'{where}: cache must be "5m" or "1h", not {cache!r}')
            found.append(Message(name, role, content, parent or None, run, row, cache))
            self.notes += self.unknown.notes(where, row)
            known.add(name)
        return tuple(found)

    def runs(self, messages: Sequence[Message]) -> tuple[RunRecord, ...]:
        answers = {message.run: message for message in messages if message.run is not None}
        found: list[RunRecord] = []
        above: dict[str, object] = {}
        for where, name, row in self.named_rows("runs", _numbered("r")):
            joined = {"id": name, **row}
            if "params" in row:
                joined["params"] = above[name] = repeated.filled(row["params"], above)
                self.notes += (f"{where}: {what}" for what in repeated.lost(above[name]))
            if (answer := answers.get(name)) is not None:
                joined |= {"text": answer.text, "content": answer.blocks}
            found.append(record.from_mapping(joined))
        return tuple(found)

    def lanes(self, systems: Sequence[System], messages: Sequence[Message]) -> tuple[Lane, ...]:
        last = messages[-1].id if messages else None
        ids, versions = {message.id for message in messages}, {system.id for system in systems}
        found: list[Lane] = []
        for where, name, row in self.named_rows("lanes", (lane_id(at) for at in count())):
            by_hand = not row.keys() & {"tip", "system"}  # a saved lane has its tip, and no system when it has none
            newest = systems[-1].id if systems and by_hand else ""
            tip = (self.text(row, where, "tip") or None) if "tip" in row else last
            if tip is not None and tip not in ids:
                raise SessionError(f"{where}: tip {tip!r} is no message of this session")
            system = self.text(row, where, "system") or newest or None
            if system is not None and system not in versions:
                raise SessionError(f"{where}: system {system!r} is no version of the system prompt")
            table = row.pop("params", {})
            if not isinstance(table, dict):
                raise SessionError(f"{where}: params must be a table, like {{ temperature = 0.0 }}")
            params, unknown, mistakes = from_mapping(table, self.unknown.look)
            self.take_mistakes(f"{where}: params", mistakes)
            unset = row.pop("unset", [])
            if not isinstance(unset, list) or not all(isinstance(key, str) for key in unset):
                raise SessionError(f'{where}: unset must be a list of parameters, like ["max_tokens"]')
            for mistake in from_mapping(dict.fromkeys(set(unset) - BY_KEY.keys()), self.unknown.look)[2]:
                self.notes.append(f"{where}: unset: {mistake}")
            named = self.text(row, where, "name")
            self.notes += self.unknown.notes(where, row)
            extra = {**row, **({"params": unknown} if unknown else {})}
            found.append(Lane(name, named, system, tip, params, tuple(unset), extra))
        return tuple(found) or (Lane("A", system=systems[-1].id if systems else None, tip=last),)

    def take_table(self, name: str) -> dict[str, Any]:
        table = self.tables.pop(name, {})
        if not isinstance(table, dict):
            raise SessionError(f"{name} must be a table, written [{name}]")
        return dict(table)

    def take_rows(self, name: str) -> list[dict[str, Any]]:
        rows = self.tables.pop(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SessionError(f"{name} must be a list of tables, each written [[{name}]]")
        return [dict(row) for row in rows]

    def take_mistakes(self, where: str, mistakes: Sequence[str]) -> None:
        """A value of the wrong kind can't be kept for saving, so it stops the reading; an unknown key is kept."""
        for mistake in mistakes:
            if not mistake.startswith("there is no parameter"):
                raise SessionError(f"{where}: {mistake}")
            self.notes.append(f"{where}: {mistake}; kept, and not sent")

    def text(self, row: dict[str, Any], where: str, key: str) -> str:
        value = row.pop(key, "")
        if not isinstance(value, str):
            raise SessionError(f"{where}: {key} must be text in quotes, not {value!r:.60}")
        return value

    def variable(self, name: str, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise SessionError(f"variables: {name} must be text in quotes, not {value!r:.60}")
        return str(value)

    def named_rows(self, name: str, free: Iterator[str]) -> list[tuple[str, str, dict[str, Any]]]:
        """Each row with its place in words and its id; one without gets the first that is free."""
        rows = [(f"{name}, row {at}", row) for at, row in enumerate(self.take_rows(name), 1)]
        given = [self.text(row, where, "id") for where, row in rows]
        taken = Counter(filter(None, given))
        if twin := next((each for each, times in taken.items() if times > 1), None):
            raise SessionError(f"{name}: the id {twin!r} stands twice; each must be its own")
        unused = (each for each in free if each not in taken)
        return [(where, own or next(unused), row) for (where, row), own in zip(rows, given, strict=True)]


def _numbered(letter: str) -> Iterator[str]:
    return (f"{letter}{number}" for number in count(1))


def lane_id(at: int) -> str:
    """`A` … `Z`, then `A1` …: what lanes are called when nobody named them."""
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at % 26]
    return letter if at < 26 else f"{letter}{at // 26}"


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value is None:
        return None
    raise SessionError(f"session: created must be a date and time, like 2026-11-22T14:03:11Z, not {value!r:.60}")
