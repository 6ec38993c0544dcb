"""A conversation as a Markdown document in which what was said stays text: none of it is markup, link or HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from workbench.core import attached, citations, facts, run_list
from workbench.core.exports.json_text import pretty
from workbench.core.record import RunRecord
from workbench.core.run_list import Row
from workbench.core.safe import display
from workbench.core.session import Lane, Message, Session

TICKS: Final = re.compile("`+")
BREAKS: Final = re.compile(r"[\t\r\n]+")
SHORTEST: Final = 3
PICTURED: Final = (
    "Characters that can't be seen, or that a terminal obeys, are drawn here as pictures; the JSON export has them.\n\n"
)


def write(session: Session, lanes: Sequence[Lane], rows: Sequence[Row]) -> str:
    """The conversations of the lanes: settings, turns, and of each answer its state, its figures and its cost."""
    parts = ["# A conversation\n\n", *_about(session)]
    for lane in lanes:
        parts += [f"## Lane {code(lane.id)}{f' {code(lane.name)}' if lane.name else ''}\n\n", *_lane(session, lane)]
    if rows:
        parts.append(f"All runs of the session: {code(run_list.totals(rows, len(rows)).line)}\n")
    text = "".join(parts)
    shown = display(text)
    return shown if shown == text else shown.replace("\n\n", f"\n\n{PICTURED}", 1)


def _about(session: Session) -> Iterator[str]:
    yield from _listed(
        {
            "title": session.title,
            "created": _time(session.created),
            "endpoint": session.endpoint,
            **{f"variable {code(name)}": value for name, value in session.variables},
        }
    )


def _lane(session: Session, lane: Lane) -> Iterator[str]:
    params = session.params_of(lane)
    yield from _listed({code(key): value for key, value in params.unset("system").to_mapping().items()})
    if params.system:
        yield f"### System prompt\n\n{fenced(params.system)}"
    answered = {message.run for message in session.messages}
    for number, message in enumerate(session.path(lane.tip), 1):
        yield f"### {number} · {code(message.role)}\n\n"
        yield from _record(session.run_by_id.get(message.run or ""))
        yield from _said(message)
        for record in session.runs:
            if record.parent == message.id and record.lane == lane.id and record.id not in answered:
                yield "### A run without an answer\n\n"
                yield from _record(record)
                yield fenced(record.text) if record.text else ""


def _record(record: RunRecord | None) -> Iterator[str]:
    if record is None:
        return
    figures = " · ".join(fact.text for fact in facts.of_record(record))
    yield from _listed(
        {
            "run": record.id,
            "model": record.model,
            "state": record.state,
            "stopped by": record.stop_reason,
            "figures": figures,
            "cost": "unknown" if record.cost_usd is None else f"{record.cost_usd:f} USD, {record.cost_basis}",
            "started": _time(record.started),
            "sent with": {key: value for key, value in record.params.items() if key not in {"model", "system"}} or None,
            "with the variables": record.variables,
            "problem": record.problem,
        }
    )


def _said(message: Message) -> Iterator[str]:
    """The text of a turn; what is no text under the name of its kind."""
    for block in message.blocks:
        match block:
            case {"type": "text", "text": str(text)}:
                yield fenced(text)
                yield from _listed({f"cites {number}": each for number, each in enumerate(citations.told([block]), 1)})
            case {"type": "thinking", "thinking": str(text)}:
                yield f"Thinking:\n\n{fenced(text)}" if text else "Thinking, omitted by the API.\n\n"
            case {"type": "image" | "document", "source": dict()}:
                yield from _attached(block)
            case _:
                yield f"{code(str(block.get('type', 'block')))}:\n\n{fenced(pretty(block), 'json')}"


def _attached(block: Mapping[str, Any]) -> Iterator[str]:
    """An image or a document by its name, not by where it lies; a text that is in the session itself, whole."""
    source = block["source"]
    about = {block["type"]: attached.name_of(block), "SHA-256": source.get("sha256")}
    yield from _listed(about)
    if source.get("type") == "text" and isinstance(source.get("data"), str):
        yield fenced(source["data"])


def _listed(items: Mapping[str, object]) -> Iterator[str]:
    lines = [f"- {name}: {code(_value(value))}\n" for name, value in items.items() if value not in (None, "", {})]
    yield "".join([*lines, "\n"]) if lines else ""


def _value(value: object) -> str:
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def fenced(text: str, kind: str = "text") -> str:
    """A block of code whose fence is longer than any run of ticks in it, so that nothing in it can end it."""
    text = text.replace("\r\n", "\n")
    fence = "`" * max(SHORTEST, _longest(text) + 1)
    return f"{fence}{kind}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{fence}\n\n"


def code(text: str) -> str:
    """A piece of code in a line, with more ticks around it than it has."""
    line = BREAKS.sub(" ", text).strip() or "–"
    ticks = "`" * (_longest(line) + 1)
    return f"{ticks} {line} {ticks}" if "`" in line else f"{ticks}{line}{ticks}"


def _longest(text: str) -> int:
    return max(map(len, TICKS.findall(text)), default=0)
