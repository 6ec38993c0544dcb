"""What the tests of open sessions share: a run as it is announced, an answer as it comes, and what a disk holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import names
from workbench.engine.open_session import Opened, OpenSession

NOW = datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)
MODEL = "claude-haiku-4-5"
NEW = Session(title="kept", created=NOW, params=Params(model=MODEL, max_tokens=64))


def started(run: str, parent: str | None, lane: str = "A") -> dict[str, object]:
    return {
        "id": run,
        "lane": lane,
        "parent": parent,
        "endpoint": "anthropic",
        "model": MODEL,
        "params": {"model": MODEL},
        "started": NOW,
        "request_sha256": f"sha of {run}",
        "simulated": False,
    }


def event(kind: str, **rest: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **rest}, ensure_ascii=False)}\n\n".encode()


def begins() -> bytes:
    message = {"id": "msg_1", "model": MODEL, "usage": {"input_tokens": 10, "output_tokens": 1}, "content": []}
    start = event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    return event("message_start", message=message) + start


def says(text: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


def ends() -> bytes:
    return (
        event("content_block_stop", index=0)
        + event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 5})
        + event("message_stop")
    )


def asked(session: Session, text: str) -> tuple[Session, str]:
    """With a question, and its id."""
    lane = session.lanes[0]
    session = session.say(lane, text, parent=lane.tip)
    return session, session.messages[-1].id


def answered(session: Session, run: str, parent: str | None, text: str) -> Session:
    """With the answer of a run, as the screen keeps it."""
    record = RunRecord(
        id=run,
        lane="A",
        parent=parent,
        endpoint="anthropic",
        state=State.COMPLETE,
        model=MODEL,
        text=text,
        content=({"type": "text", "text": text},),
        cost_usd=Decimal("0.000015"),
        cost_basis="exact",
        started=NOW,
        request_sha256=f"sha of {run}",
    )
    return session.finish(record, text)


def turn(session: Session, number: int, text: str) -> Session:
    session, parent = asked(session, f"Question {number}\n{text}")
    return answered(session, f"r{number}", parent, f"Answer {number}: {text}")


def beside(path: Path) -> list[str]:
    """Everything in its folder."""
    return sorted(each.name for each in path.parent.iterdir())


def reopened(path: Path) -> tuple[Opened, OpenSession]:
    """As it opens, to be written."""
    opened = OpenSession.open(path)
    assert opened.held is not None
    assert opened.why == ""
    return opened, opened.held


def journal_of(path: Path) -> Path:
    return names.beside(path, names.JOURNAL)


def lost(held: OpenSession) -> None:
    """The program is gone, as after kill -9: nothing is written any more, and the system lets go of its lock."""
    held._journal.close()
    held._lock.release()


class Kept(NamedTuple):
    """What stood on the disk when the program was lost, and what it had been told."""

    path: Path
    toml: bytes
    journal: bytes
    reported: list[tuple[int, Session]]
    """Up to which byte of the journal which session was reported saved."""


def a_day(path: Path) -> Kept:
    """Two turns in the file, two in the journal, an answer on its way."""
    session = turn(turn(NEW, 1, 'one "quoted"\r\n# end of session\n'), 2, "two")
    held = OpenSession.create(path, session)
    reported = [(0, session)]
    for number in (3, 4):
        session, parent = asked(session, f"Question {number}")
        held.started(started(f"r{number}", parent), session)
        reported.append((held.journalled, session))
        held.came(f"r{number}", 1, begins() + says("Ans"))
        held.came(f"r{number}", 1, says("wer") + ends())
        session = answered(session, f"r{number}", parent, f"Answer é {number}")
        held.note(replace(session, prompt=f"typed {number}"))
        held.sync()
        reported.append((held.journalled, session))
    session, parent = asked(session, "Last")
    held.started(started("r5", parent), session)
    reported.append((held.journalled, session))
    held.came("r5", 1, begins() + says("Cut of"))
    held.came("r5", 1, says("f here"))
    lost(held)
    return Kept(path, path.read_bytes(), journal_of(path).read_bytes(), reported)


def holds(found: Session, saved: Session) -> bool:
    """Whether all that was saved is there, as it was."""
    return (
        found.messages[: len(saved.messages)] == saved.messages
        and found.runs[: len(saved.runs)] == saved.runs
        and found.title == saved.title
    )


def put(kept: Kept, *, toml: bytes | None = None, records: bytes | None = None) -> None:
    kept.path.write_bytes(kept.toml if toml is None else toml)
    journal_of(kept.path).write_bytes(kept.journal if records is None else records)
