"""Tables of a session of which a part is missing, or was changed by somebody else: made whole again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from workbench.core import journal

Tables = dict[str, Any]
ALIKE: Final = ("role", "text", "content", "state", "started", "request_sha256")
"""What is compared of two rows with one id, to know whether they are the same."""


def mended(tables: Mapping[str, Any]) -> Tables:
    """The tables with each lane on a message, and a system prompt, that are there."""
    made = dict(tables)
    messages, systems = _ids(made.get("messages")), _ids(made.get("systems"))
    lanes = made.get("lanes")
    if isinstance(lanes, list):
        made["lanes"] = [_mended(row, messages, systems) if isinstance(row, dict) else row for row in lanes]
    return made


def _mended(lane: Mapping[str, Any], messages: Sequence[str], systems: Sequence[str]) -> Tables:
    row = dict(lane)
    if row.get("tip") and row["tip"] not in messages:
        row["tip"] = messages[-1] if messages else ""
    if row.get("system") and row["system"] not in systems:
        del row["system"]
    return row


def joined(tables: Mapping[str, Any], added: Mapping[str, Sequence[Tables]]) -> tuple[Tables, dict[str, str]]:
    """The tables with rows that were added to another version of them, and the ids of messages that changed.

    What is there already is left out, an id that is taken becomes another, and a message whose parent is gone begins
    a conversation of its own.
    """
    made = dict(tables)
    messages, runs = list(made.get("messages", ())), list(made.get("runs", ()))
    new_runs, renamed = _told_apart(runs, added.get("runs", ()), "r", {})
    new_messages, moved = _told_apart(messages, added.get("messages", ()), "m", renamed)
    known = {row.get("id") for row in messages}
    for row in new_messages:
        parent = moved.get(row.get("parent"), row.get("parent"))
        if messages or "parent" in row:  # only the first of a file can leave out that it has none
            row["parent"] = parent if parent in known else ""
        if "run" in row:
            row["run"] = renamed.get(row["run"], row["run"])
        messages.append(row)
        known.add(row["id"])
    for row in new_runs:
        if "parent" in row:
            row["parent"] = moved.get(row["parent"], row["parent"])
        runs.append(row)
    made.update({name: rows for name, rows in (("messages", messages), ("runs", runs)) if rows})
    return made, moved


def with_batches(tables: Mapping[str, Any], noted: object) -> Tables:
    """The tables with the batches that were noted beside them: what is on its way is paid for, whoever has it.

    Where both have one, what is there holds, unless it doesn't know yet what the server calls it.
    """
    rows = list(tables.get("batches", ()))
    for row in noted if isinstance(noted, list) else ():
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            continue
        at = next((at for at, each in enumerate(rows) if each.get("id") == row["id"]), None)
        if at is None:
            rows.append(row)
        elif not rows[at].get("server_id"):
            rows[at] = row
    return {**tables, "batches": rows} if rows else dict(tables)


def _told_apart(
    there: Sequence[Tables], added: Sequence[Tables], letter: str, runs: Mapping[Any, str]
) -> tuple[list[Tables], dict[Any, str]]:
    """The rows that are new, each with an id of its own, and the ids that changed; `runs` are those of runs.

    One that got another id before, by a program that was killed as soon as it had written it, is not new.
    """
    known = {row.get("id"): row for row in there}
    marks = {_mark(row, {}, {}): str(row.get("id")) for row in there}
    fresh: list[Tables] = []
    changed: dict[Any, str] = {}
    for row in added:
        name = row.get("id")
        if name in known and all(known[name].get(key) == row.get(key) for key in ALIKE):
            continue
        if name in known and (twin := marks.get(_mark(row, changed, runs))) is not None:
            changed[name] = twin
            continue
        if not isinstance(name, str) or name in known:
            row = {**row, "id": next(free for at in count(1) if (free := f"{letter}{at}") not in known)}  # noqa: PLW2901
            changed[name] = row["id"]
        known[row["id"]] = row
        fresh.append(dict(row))
    return fresh, changed


def _mark(row: Tables, moved: Mapping[Any, str], runs: Mapping[Any, str]) -> tuple[str, ...]:
    """What tells a row from others whatever its id is: what it says, below which message, of which run.

    A run is known by its request and its moment, wherever its message hangs by now.
    """
    parent, run = "" if row.get("request_sha256") else row.get("parent", ""), row.get("run", "")
    said = journal.text([row.get(key) for key in ALIKE])
    return str(moved.get(parent, parent)), str(runs.get(run, run)), said


def _ids(rows: object) -> list[str]:
    return [str(row.get("id")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
