"""Runs as a table for a spreadsheet, which must not take an answer for a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Final

from workbench.core.record import RunRecord
from workbench.core.run_list import Row
from workbench.core.safe import encodable

FORMULA: Final = re.compile(r"[\t\r\n]|[\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
"""What a spreadsheet may compute: it sees through blanks and what is as thin, and knows the wide forms too."""
GUARD: Final = "'"
GUARDED: Final = "led_by_quote_mark"
"""The last column: which cells of the row got the mark in front, so that it can be taken away again."""


def _number(value: object) -> str:
    return "" if value is None else str(value)


def _started(record: RunRecord) -> str:
    at = record.started
    return "" if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parameters(record: RunRecord) -> str:
    """All that was set, but for the model, which has its own column."""
    rest = {key: value for key, value in record.params.items() if key != "model"}
    return json.dumps(rest, ensure_ascii=False, default=str) if rest else ""


COLUMNS: Final[Mapping[str, Callable[[Row], str]]] = {
    "session": lambda row: row.session,
    "id": lambda row: row.record.id,
    "lane": lambda row: row.record.lane,
    "sweep": lambda row: row.sweep,
    "repeat": lambda row: _number(row.record.extra.get("repeat")),
    "endpoint": lambda row: row.record.endpoint,
    "model": lambda row: row.record.model,
    "parameters": lambda row: _parameters(row.record),
    "variables": lambda row: json.dumps(row.record.variables, ensure_ascii=False) if row.record.variables else "",
    "state": lambda row: row.record.state or "",
    "stop_reason": lambda row: row.record.stop_reason or "",
    "input_tokens": lambda row: _number(row.record.tokens.prompt),
    "cache_read_tokens": lambda row: _number(row.record.tokens.read),
    "output_tokens": lambda row: _number(row.record.tokens.output),
    "cost_usd": lambda row: "" if row.record.cost_usd is None else format(row.record.cost_usd, "f"),
    "cost_basis": lambda row: row.record.cost_basis,
    "started": lambda row: _started(row.record),
    "attempts": lambda row: _number(row.record.attempts),
    "first_token_s": lambda row: _number(row.record.timings.first_token_s),
    "total_s": lambda row: _number(row.record.timings.total_s),
    "problem": lambda row: "" if row.record.problem is None else str(row.record.problem),
    "prompt": lambda row: row.prompt,
    "text": lambda row: row.answer,
}


def guarded(rows: Iterable[Row]) -> str:
    """The table in which no cell begins as a formula does; its last column says where a mark was put in front."""
    return _table((*COLUMNS, GUARDED), ([*map(_led, cells), _where(cells)] for cells in map(_cells, rows)))


def exact(rows: Iterable[Row]) -> str:
    """The table with every cell as it is, for programs that compute nothing."""
    return _table(tuple(COLUMNS), map(_cells, rows))


def _cells(row: Row) -> list[str]:
    return [encodable(cell(row)) for cell in COLUMNS.values()]


def _led(cell: str) -> str:
    return GUARD + cell if FORMULA.match(cell) else cell


def _where(cells: Iterable[str]) -> str:
    return " ".join(name for name, cell in zip(COLUMNS, cells, strict=True) if FORMULA.match(cell))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Every cell in quotes, so that none can end early and begin another."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
