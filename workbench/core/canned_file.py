"""`[[tool_results]]` of a session file: canned results as their tables, and back.

A hand-written one needs `tool` and one of `CONTENTS`. A row with a mistake answers nothing: it is told,
and kept as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from workbench.core import attached, attached_file
from workbench.core.canned import CannedResult, Result
from workbench.core.kinds import Json, KindError, shown_raw
from workbench.core.nearest import nearest
from workbench.core.unknown_keys import KNOWN, Looks

CONTENTS: Final = ("text", "content", "file")
"""The keys of which a row has exactly one: what was forgotten is not sent as an empty result."""


class _MistakeError(ValueError):
    """The text completes the sentence "tool_results, row N: …"."""


def dump(rows: Iterable[CannedResult]) -> list[dict[str, object]]:
    return [_row(each) for each in rows]


def _row(canned: CannedResult) -> dict[str, object]:
    if not canned.tool:
        return dict(canned.extra)
    row: dict[str, object] = {"tool": canned.tool}
    if canned.input is not None:
        row["input"] = canned.input.plain
    if canned.times is not None:
        row["times"] = canned.times
    if canned.result.is_error:
        row["is_error"] = True
    content = canned.result.content
    if canned.file:
        row["file"] = canned.file
    elif isinstance(content, Json):
        row["content"] = content.plain
    else:
        row["text"] = content
    return {**row, **canned.extra}


def load(
    rows: Sequence[dict[str, Any]], unknown: Looks | None = None
) -> tuple[tuple[CannedResult, ...], tuple[str, ...]]:
    """The canned results of a file, and a sentence for each mistake."""
    found: list[CannedResult] = []
    notes: list[str] = []
    looks = unknown or Looks()
    for at, row in enumerate(rows, 1):
        where = f"tool_results, row {at}"
        try:
            canned = _read(row)
        except _MistakeError as mistake:
            notes.append(f"{where}: {mistake}; it is kept, and not used")
            found.append(CannedResult(extra=row))
        else:
            notes += looks.notes(where, canned.extra)
            found.append(canned)
    return tuple(found), tuple(notes)


def strangers(rows: Iterable[CannedResult], tools: Collection[str]) -> Iterator[str]:
    """A sentence for each row whose tool is none of a session that has some."""
    for at, row in enumerate(rows, 1):
        if row.tool and tools and row.tool not in tools:
            near = nearest(row.tool, tools)
            instead = f"; did you mean {near}?" if near else ""
            yield f"tool_results, row {at}: no tool of the session is called {row.tool}{instead}"


def _read(row: Mapping[str, Any]) -> CannedResult:
    left = dict(row)
    tool = left.pop("tool", "")
    if not isinstance(tool, str) or not tool:
        raise _MistakeError('tool must say which tool it answers, like tool = "get_weather"')
    given = [key for key in CONTENTS if key in left]
    if not given:
        raise _MistakeError(f'text, content or file must give the result, like text = "12 °C"{_meant(left)}')
    if len(given) > 1:
        raise _MistakeError(f"{' and '.join(given)} can't both be the result; leave one")
    file = left.pop("file", "")
    if not isinstance(file, str):
        raise _MistakeError(f"file must be text in quotes, not {shown_raw(file)}")
    if given == ["file"] and not file:
        raise _MistakeError('file must name a text file, like file = "paris.txt"')
    is_error = left.pop("is_error", False)
    if not isinstance(is_error, bool):
        raise _MistakeError(f"is_error must be true or false, not {shown_raw(is_error)}")
    times = left.pop("times", None)
    if times is not None and (type(times) is not int or times < 1):
        raise _MistakeError(f"times must be a whole number from 1 on, not {shown_raw(times)}")
    given_input = _input(left.pop("input", None))
    content = _content(given[0], left.pop(given[0])) if given[0] in left else ""
    return CannedResult(tool, given_input, Result(content, is_error), file, times, left)


def _meant(left: Mapping[str, Any]) -> str:
    """Which key of a row may have been meant to give its result."""
    unknown = (key for key in left if key not in KNOWN["tool_results"])
    found = next(((key, near) for key in unknown if (near := nearest(key, CONTENTS))), None)
    return "" if found is None else f"; {found[0]} is not known, did you mean {found[1]}?"


def _input(raw: object) -> Json | None:
    if raw is None:
        return None
    if isinstance(raw, str) and not raw.lstrip().startswith("{"):
        raise _MistakeError(f'input must be a table, like {{ city = "Paris" }}, not {shown_raw(raw)}')
    try:
        held = Json.parse(raw) if isinstance(raw, str) else Json.of(raw)
    except KindError as error:
        raise _MistakeError(f"input {error}") from error
    if not isinstance(held.value, dict):
        raise _MistakeError('input must be a table, like { city = "Paris" }')
    return held


def _content(key: str, raw: object) -> str | Json:
    if isinstance(raw, str):
        return raw
    if key == "text":
        raise _MistakeError(f"text must be text in quotes, not {shown_raw(raw)}")
    if not isinstance(raw, list) or not all(isinstance(block, dict) and "type" in block for block in raw):
        raise _MistakeError("content must be text in quotes, or a list of content blocks")
    try:
        attached_file.check(raw)
    except attached.AttachError as error:
        raise _MistakeError(str(error)) from error
    try:
        return Json.of(raw)
    except KindError as error:
        raise _MistakeError(f"content {error}") from error
