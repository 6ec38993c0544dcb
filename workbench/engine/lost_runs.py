"""Answers that were still coming when the program ended: as much of them as its journal holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from workbench.core import events, strict_json, usage
from workbench.core.clouds import CLOUDS
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.journal import Record
from workbench.core.models import Catalogue
from workbench.core.params import from_mapping
from workbench.core.problem import Problem
from workbench.core.run import Run
from workbench.core.session import Session, content_of, next_id
from workbench.core.sse import Decoder, TooLargeError
from workbench.core.state import State

ENDED: Final = Problem(
    "The program ended",
    "It ended while this answer came.",
    "What had come is kept. Run again for a whole one.",
)
NOTHING_CAME: Final = Problem(
    "The program ended",
    "It ended before anything of this answer was kept here; it may have been paid for.",
    "Run again for an answer, unless a copy has it.",
)
ELSEWHERE: Final = "http://localhost"
"""An address without list prices."""
QUOTED: Final = 48
"""Characters of a question that tell it from others."""


def ended(
    session: Session, records: Iterable[Record], moved: Mapping[str, str] | None = None
) -> tuple[Session, tuple[str, ...]]:
    """The session with those answers as runs that have ended, and a sentence for each.

    `moved` says that the file is somebody else's, and which messages have another id there: a run of the same name
    may be another one.
    """
    told: list[str] = []
    for started, attempt, body in _open_runs(records):
        run = _run(started, attempt)
        there = session.run_by_id.get(run.id)
        if there is not None and moved is None:
            continue
        run.parent = (moved or {}).get(run.parent or "", run.parent)
        run.breakpoints = {(moved or {}).get(name, name): mark for name, mark in run.breakpoints.items()}
        _take(run, body)
        if there is not None:
            if there.request_sha256 == run.request_sha256 and there.text.startswith(run.text):
                continue
            run.id = next_id("r", session.runs)
        if run.parent is not None and run.parent not in session.by_id:
            run.parent = None
        record = run.record(usage.charged(run, _endpoint(run, started), Catalogue.builtin()))
        session = session.finish(record, content_of(run.content()))
        told.append(_sentence(run, question(session, run.parent)))
    return session, tuple(told)


def question(session: Session, parent: str | None) -> str:
    """Which answer, by how its question begins: a person never sees its number."""
    message = session.by_id.get(parent or "")
    words = " ".join(message.text.split()) if message is not None else ""
    shown = words if len(words) <= QUOTED else f"{words[: QUOTED - 1].rstrip()}…"
    return f' to "{shown}"' if shown else ""


def _sentence(run: Run, about: str) -> str:
    if not run.has_content:
        return f"nothing is here of the answer{about}, asked for when the program ended: it may have been paid for"
    whole = "is whole" if run.state is State.COMPLETE else f"is kept as far as it came ({run.state})"
    return f"the answer{about}, which was coming when the program ended, {whole}"


def _open_runs(records: Iterable[Record]) -> list[tuple[Record, int, bytes]]:
    """What began and has no record: how it began, its last attempt, and the bytes that came of it."""
    began: dict[str, Record] = {}
    came: dict[str, tuple[int, list[bytes]]] = {}
    over: set[str] = set()
    for record in records:
        if isinstance(started := record.get("started"), dict) and isinstance(started.get("id"), str):
            began[started["id"]] = started
            came.pop(started["id"], None)
        elif isinstance(piece := record.get("came"), dict):
            _keep(came, piece)
        for table in (record.get("add"), record.get("set")):
            over.update(_ids(table))
    return [(started, *_joined(came.get(name, (0, [])))) for name, started in began.items() if name not in over]


def _keep(came: dict[str, tuple[int, list[bytes]]], piece: Mapping[str, Any]) -> None:
    match piece:
        case {"run": str(name), "attempt": int(attempt), "text": str(text)}:
            if name not in came or came[name][0] != attempt:
                came[name] = (attempt, [])
            came[name][1].append(text.encode("utf-8", "surrogateescape"))


def _joined(came: tuple[int, list[bytes]]) -> tuple[int, bytes]:
    return came[0], b"".join(came[1])


def _ids(table: object) -> set[str]:
    rows = table.get("runs", ()) if isinstance(table, dict) else ()
    return {str(row.get("id")) for row in rows if isinstance(row, dict)}


def _run(started: Mapping[str, Any], attempt: int) -> Run:
    def text(key: str) -> str:
        return value if isinstance(value := started.get(key), str) else ""

    params, marks = started.get("params"), started.get("breakpoints")
    variables = started.get("variables")
    when = started.get("started")
    return Run(
        id=text("id"),
        lane=text("lane"),
        parent=text("parent") or None,
        endpoint=text("endpoint"),
        params=from_mapping(params if isinstance(params, dict) else {})[0],
        model=text("model"),
        started=when if isinstance(when, datetime) else datetime.fromtimestamp(0, UTC),
        request_sha256=text("request_sha256"),
        breakpoints=marks if isinstance(marks, dict) else {},
        variables=variables if isinstance(variables, dict) else {},
        attempts=max(attempt, 1),
        sent=True,
        simulated=started.get("simulated") is True,
    )


def _take(run: Run, body: bytes) -> None:
    """Read what came as it is read from the network, and end the run."""
    decoder = Decoder()
    if body.lstrip()[:1] == b"{":
        try:
            message = strict_json.loads(body.decode(errors="replace"))
        except strict_json.BadJsonError:
            message = None
        if isinstance(message, dict):
            run.apply_message(message)
    else:
        try:
            frames = decoder.feed(body)
        except TooLargeError as error:
            frames = error.frames
        for frame in frames:
            run.apply(events.parse(frame))
            if run.stopped or run.failed:
                break
    rest = decoder.flush()
    run.finish(ENDED if run.has_content else NOTHING_CAME, rest=rest)


def _endpoint(run: Run, started: Mapping[str, Any]) -> Endpoint:
    """Enough of it to know whose prices hold: its address is the configuration's, not the journal's."""
    official = started.get("official", run.endpoint == "anthropic") is True
    kind, region = started.get("kind"), started.get("region")
    if official and isinstance(kind, str) and kind in CLOUDS:
        place = region if isinstance(region, str) else None
        return Endpoint(run.endpoint, OFFICIAL_URL, kind=kind, region=place, simulated=run.simulated)
    return Endpoint(run.endpoint, OFFICIAL_URL if official else ELSEWHERE, simulated=run.simulated)
