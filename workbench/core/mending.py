"""Tables of a session of which a part is missing, or was changed by somebody else: made whole again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

Tables = dict[str, Any]


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
    """The tables with rows of another version of them: what is there already is left out, a taken id becomes another.

    With them the ids that changed, old to new: of messages and runs together, which never share one.
    """
    made = dict(tables)
    given: dict[str, str] = {}
    rows = {name: list(made.get(name, ())) for name in ("messages", "runs")}
    for name in ("runs", "messages"):
        there = {row.get("id"): row for row in rows[name]}
        for row in added.get(name, ()):
            moved = {**row, **{key: given[row[key]] for key in ("run", "parent") if row.get(key) in given}}
            if name == "messages" and moved.get("parent") and moved["parent"] not in there:
                moved["parent"] = ""
            old = there.get(moved.get("id"))
            if old is not None and _same(old, moved):
                continue
            if old is not None:
                moved["id"] = given[row["id"]] = _free(str(row["id"])[:1], there)
            there[moved.get("id")] = moved
            rows[name].append(moved)
    made.update({name: each for name, each in rows.items() if each})
    return made, given


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    keys = ("role", "text", "content", "state", "started", "request_sha256")
    return all(one.get(key) == other.get(key) for key in keys)


def _free(letter: str, taken: Mapping[Any, object]) -> str:
    return next(name for number in count(1) if (name := f"{letter}{number}") not in taken)


def _ids(rows: object) -> list[str]:
    return [str(row.get("id")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
