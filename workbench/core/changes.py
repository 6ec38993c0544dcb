"""What changed from one session to the next, in terms of the tables of its file, and how to do it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import is_
from typing import Any, Final

from workbench.core import attached_file, session_file, session_rows
from workbench.core.journal import Record, text
from workbench.core.session import Session

TUPLES: Final = ("systems", "lanes", "tool_results", "sweeps", "batches")
GROWING: Final = ("messages", "runs")
KEYS: Final = frozenset({"set", "unset", "add"})
HEAD: Final = "session"
ATTACHMENTS: Final = attached_file.KEY


def between(before: Session, after: Session) -> Record | None:
    """What makes the one the other, or None where nothing does.

    Messages and runs that are the same objects are not looked into: of ten thousand, only what is new is written.
    """
    if before is after:
        return None
    old, new = _small(before, after), _small(after, before)
    changed = {name: value for name, value in new.items() if name not in old or not _alike(old[name], value)}
    gone = [name for name in old if name not in new]
    _leave_out_alike(changed, before, after)
    added: Record = {}
    messages = _grown(before, after, "messages")
    runs = None if messages is None else _grown(before, after, "runs")
    for name, fresh in (("messages", messages), ("runs", runs)):
        if fresh is None:
            smaller = replace(after, systems=(), tool_results=(), sweeps=(), batches=())
            whole = session_file.dump(smaller).get(name)
            if whole is None:
                gone.append(name)
            else:
                changed[name] = whole
        elif fresh:
            added[name] = fresh
    parts = (("set", changed), ("unset", gone), ("add", added))
    return {key: value for key, value in parts if value} or None


def applied(tables: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """The tables after the change. Raises ValueError for what is no change."""
    if not is_change(record):
        raise ValueError("not a change")
    made = dict(tables)
    for name in record.get("unset", ()):
        made.pop(name, None)
    kept = _attachments(made)
    made.update(record.get("set", {}))
    if kept and HEAD in record.get("set", {}) and isinstance(head := made[HEAD], dict) and ATTACHMENTS not in head:
        made[HEAD] = {**head, ATTACHMENTS: kept}
    for name, rows in record.get("add", {}).items():
        made[name] = [*made.get(name, ()), *rows]
    return made


def rows(records: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The messages and runs that changes bring along, each in its newest state, whatever they were changes of."""
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in GROWING}
    for record in records:
        for name, each in found.items():
            for row in (*_listed(record.get("set", {}).get(name)), *_listed(record.get("add", {}).get(name))):
                each[str(row.get("id"))] = row
    return {name: [*each.values()] for name, each in found.items()}


def is_change(record: Mapping[str, Any]) -> bool:
    """Whether it has the shape of one, whatever its tables hold."""
    gone, tables, rows = record.get("unset", []), record.get("set", {}), record.get("add", {})
    return (
        bool(record)
        and record.keys() <= KEYS
        and isinstance(gone, list)
        and all(isinstance(name, str) for name in gone)
        and isinstance(tables, dict)
        and isinstance(rows, dict)
        and all(name in GROWING and _is_rows(each) for name, each in rows.items())
    )


def _listed(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _small(session: Session, other: Session) -> dict[str, object]:
    """The tables without the long lists, and without those lists that both sessions share."""
    shared: dict[str, Any] = {name: () for name in TUPLES if getattr(session, name) is getattr(other, name)}
    return session_file.dump(replace(session, messages=(), runs=(), **shared))


def _leave_out_alike(changed: dict[str, Any], before: Session, after: Session) -> None:
    """What goes with the draft is written only where it changes: with every letter typed it would be again.

    A head without it means that it stays; one with an empty list, that it goes.
    """
    if HEAD not in changed or not before.attachments:
        return
    head = dict(changed[HEAD])
    if before.attachments == after.attachments:
        head.pop(ATTACHMENTS)
    else:
        head.setdefault(ATTACHMENTS, [])
    changed[HEAD] = head


def _attachments(tables: Mapping[str, Any]) -> object:
    head = tables.get(HEAD)
    return head.get(ATTACHMENTS) if isinstance(head, dict) else None


def _alike(one: object, other: object) -> bool:
    return one is other or text(one) == text(other)


def _grown(before: Session, after: Session, name: str) -> list[object] | None:
    """The rows that came behind the old ones; None where the old ones are not all as they were."""
    old, new = getattr(before, name), getattr(after, name)
    if old is new:
        return []
    if len(old) > len(new) or not (all(map(is_, old, new)) or _same_rows(before, after, name)):
        return None
    if name == "messages":
        return [session_rows.message_row(each, first=at == 0) for at, each in enumerate(new) if at >= len(old)]
    fresh = new[len(old) :]
    names = {run.id for run in fresh}
    answered = {message.run for message in after.messages if message.run in names}
    return [session_rows.run_row(run, answered=run.id in answered) for run in fresh]


def _same_rows(before: Session, after: Session, name: str) -> bool:
    """Whether sessions that share no objects begin alike."""
    old = getattr(before, name)
    head: dict[str, Any] = {name: getattr(after, name)[: len(old)]}
    rows = [session_file.dump(session).get(name) for session in (before, replace(after, **head))]
    return _alike(*rows)
