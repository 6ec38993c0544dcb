"""Tables of a session file with mistakes in them: every row and value that can be read is kept, the rest is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from workbench.core import mending, session_file
from workbench.core.session_file import SessionError

Tables = dict[str, Any]
LISTS: Final = ("systems", "lanes", "tool_results", "sweeps", "batches", "messages", "runs")
NAMED: Final = ("session", "params", "variables")
ELSEWHERE: Final = {"messages": ("parent",), "lanes": ("tip", "system")}
"""Keys that name a row of another table, or one above."""


def pieced(tables: Mapping[str, Any]) -> tuple[Tables, tuple[str, ...]]:
    """Tables that make a session, and a sentence for each row and value that is left out."""
    lost: list[str] = []
    made = {key: value for key, value in tables.items() if key not in (*LISTS, *NAMED, "format")}
    if "format" in tables and _mistake({"format": tables["format"]}) is None:
        made["format"] = tables["format"]
    for name in NAMED:
        if name in tables:
            made[name] = _values(name, tables[name], lost)
    for name in LISTS:
        rows = tables.get(name, [])
        made[name] = _rows(name, rows if isinstance(rows, list) else [rows], lost)
    for name, letter in (("systems", "s"), ("messages", "m")):
        _call(made[name], letter)
    _hang(made["messages"])
    return mending.mended({key: value for key, value in made.items() if value or key not in LISTS}), tuple(lost)


def _values(name: str, table: object, lost: list[str]) -> Tables:
    if not isinstance(table, Mapping):
        lost.append(f"{name} is no table")
        return {}
    if _mistake({name: dict(table)}) is None:
        return dict(table)
    kept: Tables = {}
    for key, value in table.items():
        if (mistake := _mistake({name: {key: value}})) is None:
            kept[key] = value
        else:
            lost.append(mistake)
    return kept


def _rows(name: str, rows: Sequence[Any], lost: list[str]) -> list[Tables]:
    kept: list[Tables] = []
    taken: set[str] = set()
    for at, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            lost.append(f"{name}, row {at} is no table")
            continue
        alone = {key: value for key, value in row.items() if key not in ELSEWHERE.get(name, ())}
        if (mistake := _mistake({name: [alone]})) is not None:
            lost.append(mistake.replace("row 1", f"row {at}", 1))
            continue
        copy = dict(row)
        if copy.get("id") in taken:
            del copy["id"]
        elif copy.get("id"):
            taken.add(copy["id"])
        kept.append(copy)
    return kept


def _call(rows: Sequence[Tables], letter: str) -> None:
    """Give the rows without an id one that is free."""
    taken = {row.get("id") for row in rows}
    free = (name for number in count(1) if (name := f"{letter}{number}") not in taken)
    for row in rows:
        row["id"] = row.get("id") or next(free)


def _hang(messages: Sequence[Tables]) -> None:
    """Below the message before it, where the one that a message belongs to is lost."""
    known: set[object] = set()
    for row in messages:
        parent = row.get("parent")
        if parent and (not isinstance(parent, str) or parent not in known):
            del row["parent"]
        known.add(row.get("id"))


def _mistake(tables: Mapping[str, Any]) -> str | None:
    try:
        session_file.load(tables)
    except SessionError as error:
        return str(error)
    return None
