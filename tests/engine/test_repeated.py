"""A file has a long list of tools once, however many runs were made with it; each run still has all of its own."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
import tomli

from workbench.core import repeated, session_file
from workbench.core.conversation import request_of
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.rebuilt import rebuild
from workbench.core.record import RunRecord
from workbench.core.repeated import LEAST
from workbench.core.session import Session
from workbench.engine import session_text
from workbench.engine.session_writer import Writer


def tools(about: str, count: int = 4) -> Json:
    described = {"description": about * 30, "input_schema": {"type": "object", "required": []}, "strict": False}
    return Json.of([{"name": f"tool_{at}", **described} for at in range(count)])


FIRST, SECOND, SHORT = tools("Looks. "), tools("Seeks. "), Json.of([{"name": "short", "input_schema": {}}])
USED = (FIRST, FIRST, SECOND, FIRST, SHORT, SHORT, SECOND)


def looped(used: tuple[Json, ...] = USED) -> Session:
    """A run with each of these lists, every prompt below the one before."""
    session = Session(params=Params(model="m", max_tokens=9))
    for at, each in enumerate(used, 1):
        session = session.with_param(session.lane(), "tools", each)
        session = session.say(session.lane(), f"go {at}", parent=session.lane().tip)
        request = request_of(session, session.lane(), session.lane().tip)
        params, digest = request.params.to_mapping(), sha256(request.encoded).hexdigest()
        record = RunRecord(f"r{at}", parent=session.lane().tip, params=params, request_sha256=digest)
        session = replace(session, runs=(*session.runs, record))
    return session


def listed(data: bytes) -> list[Any]:
    found = [each["params"]["tools"] for each in tomli.loads(data.decode())["runs"]]
    return [each if isinstance(each, str) else each[0]["name"] for each in found]


def test_what_an_earlier_run_has_stands_there_once_and_is_read_as_each_ones_own() -> None:
    session = looped()
    writer = Writer()
    data = writer.write(session)
    assert len(FIRST.text) > LEAST > len(SHORT.text)
    assert listed(data) == ["tool_0", "as in r1", "tool_0", "as in r1", "short", "short", "as in r3"]
    assert writer.write(session) == data
    loaded = session_file.load(session_text.read(data, "a.toml").tables).session
    assert loaded.runs == session.runs
    assert exact(loaded) == [True] * len(USED)
    assert session_file.load(session_file.dump(session)).session.runs == session.runs, "as it was written before"


def test_tools_that_a_thousand_runs_share_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = looped((FIRST,)).runs[0]
    session = Session(runs=tuple(replace(run, id=f"r{at}", params={**run.params}) for at in range(1, 1001)))
    looks: list[object] = []
    once = repeated._mark

    def looking(value: object) -> bytes:
        looks.append(value)
        return once(value)

    monkeypatch.setattr(repeated, "_mark", looking)
    data = Writer().write(session)
    assert len(looks) == 1
    assert data.count(b"Looks. ") == len(FIRST.text.split("Looks. ")) - 1
    assert session_file.load(session_text.read(data, "a.toml").tables).session.runs == session.runs


def test_a_run_that_lost_the_one_before_it_is_written_whole() -> None:
    session = looped()
    writer = Writer()
    writer.write(session)
    later = replace(session, runs=session.runs[1:])
    assert listed(writer.write(later)) == ["tool_0", "tool_0", "as in r2", "short", "short", "as in r3"]


def exact(session: Session) -> list[bool | None]:
    """Of each run, whether the bytes that were sent can be made again; None where too little is known of it."""
    return [None if made is None else made.exact for made in (rebuild(session, each) for each in session.runs)]


def test_what_is_edited_or_gone_is_never_taken_for_the_same() -> None:
    tables = session_text.read(Writer().write(looped((FIRST, FIRST, SECOND))), "a.toml").tables
    tables["runs"][0]["params"]["tools"][0]["name"] = "edited"
    assert exact(session_file.load(tables).session) == [False, False, True]
    del tables["runs"][0]
    loaded = session_file.load(tables).session
    assert exact(loaded) == [None, True]
    assert session_file.load(tables).notes == (
        "runs, row 1: tools are 'as in r1', and no run of that id with tools stands above it",
    )
    assert listed(Writer().write(loaded)) == ["as in r1", "tool_0"]
