"""Rows of a session's tables, as its file has them: lanes, messages, runs."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message


def lane_row(lane: Lane) -> dict[str, object]:
    row: dict[str, object] = {"id": lane.id}
    if lane.name:
        row["name"] = lane.name
    if lane.system is not None:
        row["system"] = lane.system
    row["tip"] = lane.tip or ""
    kept = dict(lane.extra)
    if params := {**lane.params.to_mapping(), **table(kept.pop("params", {}))}:
        row["params"] = params
    if lane.unset:
        row["unset"] = list(lane.unset)
    return {**row, **kept}


def message_row(message: Message, *, first: bool) -> dict[str, object]:
    """Its table in the file; only the first of a file can leave out that it has no parent."""
    row: dict[str, object] = {"id": message.id}
    if message.parent is not None or not first:
        row["parent"] = message.parent or ""
    row["role"] = message.role
    if message.run is not None:
        row["run"] = message.run
    if message.cache is not None:
        row["cache"] = message.cache
    content = text(message.content) if isinstance(message.content, str) else {"content": message.content.plain}
    return {**row, **content, **message.extra}


def text(text: str) -> dict[str, str]:
    return {"text": text} if text else {}


def run_row(run: RunRecord, *, answered: bool) -> dict[str, object]:
    """A run record less what stands in its message; TOML has no null, so verbatim tables go without theirs."""
    row = run.to_mapping()
    left_out = {key for key in ("text", "content") if answered or not row[key]}
    return {key: _without_null(value) for key, value in row.items() if key not in left_out}


def _without_null(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_null(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_without_null(each) for each in value if each is not None]
    return value


def table(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, Mapping) else {}
