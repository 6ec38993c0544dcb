"""A world that strangers wrote: every string that a session, a configuration, a wire or a folder can hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.core.samples import EVERYTHING
from tests.ui.board_acts import worked
from tests.ui.story import NOON
from workbench.core import config, session_file
from workbench.core.batch import Batch, Status
from workbench.core.canned import CannedResult, Result
from workbench.core.config import Config
from workbench.core.errors import Problem
from workbench.core.kinds import Json
from workbench.core.record import RunRecord
from workbench.core.safe import encodable
from workbench.core.session import Session
from workbench.core.state import State
from workbench.core.sweep import Sweep, read_axis
from workbench.engine.wire import Try, Wire

STRUCTURE: Final = frozenset({"type", "role", "format"})
"""Keys whose values say what a thing is."""
ASKED: Final = "Ask [this](https://e.example/x) of **them**, `code` and {{order}}"
BLOCKS: Final[tuple[dict[str, Any], ...]] = (
    {"type": "thinking", "thinking": "First I think", "signature": "c2ln"},
    {
        "type": "text",
        "text": f"# Answer\n\n{ASKED}\n\n| a | b |\n|---|---|\n| cell | two |\n\n```python\nx = 'code'\n```\n- item",
    },
    {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris", "days": [1, "two"]}},
    {"type": "of_the_future", "note": "nobody knows"},
)


def usual() -> Session:
    """A session that has something of everything."""
    session = worked()
    session = replace(
        session, messages=session.messages[:2], runs=session.runs[:1], params=EVERYTHING.unset("container")
    )
    session = session.with_variable("order", "88231").with_variable("letter", "Dear Ada,\nhello")
    session = session.with_system(session.lane(), "Be brief, {{order}}.")
    lane = session.lane()
    session = session.say(lane, ASKED, parent=session.messages[-1].id)
    asked = session.lane().tip
    text = str(BLOCKS[1]["text"])
    done = replace(
        worked().runs[1],
        id="r20",
        parent=asked,
        content=BLOCKS,
        text=text,
        request_id="req_011",
        stop_reason="end_turn",
    )
    session = session.finish(done, Json.of([*BLOCKS]))
    problem = Problem("Rate limited", "No tokens left.", "Wait a little.", status=429)
    failed = replace(
        worked().runs[8], id="r21", parent=asked, state=State.REJECTED, problem=problem, endpoint="gateway"
    )
    session = replace(session, runs=(*session.runs, failed), title="refund-triage", prompt="A draft", preset="warm")
    second = replace(session.lane(), id="B", name="warmer")
    sweep = Sweep(
        "w1", (read_axis("model=claude-opus-4-6,claude-sonnet-4-6"), read_axis("temperature=0,1")), 2, prompt=ASKED
    )
    canned = CannedResult("get_weather", Json.of({"city": "Paris"}), Result("12 degrees, rain"))
    batches = (
        Batch("b1", "far away", Status.IN_PROGRESS, "msgbatch_1", sweep="a sweep", requests=2, created=NOON),
        Batch("b2", "gateway", Status.LOST, lanes=("a lane",), requests=1, problem="Nobody knows it."),
    )
    session = replace(session, batches=batches)
    return replace(session, lanes=(session.lane(), second), sweeps=(sweep,), tool_results=(canned,))


def strings(value: object, key: str = "") -> Iterator[str]:
    """Every string in tables, but those that are structure."""
    if isinstance(value, str) and key not in STRUCTURE:
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from strings(each, str(name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each, key)


def swapped(value: Any, wanted: Mapping[str, str], key: str = "") -> Any:
    """The tables with other strings in place of some, wherever they stand."""
    if isinstance(value, str):
        return value if key in STRUCTURE else wanted.get(value, value)
    if isinstance(value, Mapping):
        return {name: swapped(each, wanted, str(name)) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [swapped(each, wanted, key) for each in value]
    return value


def _unknown(session: Session) -> int:
    """How much of a file this program could not make anything of."""
    things: tuple[Any, ...] = (
        session,
        *session.lanes,
        *session.messages,
        *session.runs,
        *session.systems,
        *session.sweeps,
        *session.tool_results,
        *session.batches,
    )
    return sum(len(each.extra) for each in things)


@cache
def _free() -> tuple[str, ...]:
    """The strings of the usual session that can be anything, found by trying."""
    tables = session_file.dump(usual())
    before = session_file.load(tables)
    kept: dict[str, str] = {}
    for each in dict.fromkeys(strings(tables)):
        try:
            loaded = session_file.load(swapped(tables, {**kept, each: f"zz {each}"}))
        except session_file.SessionError:
            continue
        if loaded.notes == before.notes and _unknown(loaded.session) == _unknown(before.session):
            kept[each] = f"zz {each}"
    return tuple(kept)


def session(payload: str) -> Session:
    """The usual session with the payload before every string that can be anything."""
    wanted = {each: f"{payload} {each}" for each in _free()}
    wanted |= {
        each: f"{payload} {each}\n{payload}\n- {payload}\n\n> {payload}"
        for each in (str(BLOCKS[1]["text"]), "First I think")
    }
    return session_file.load(swapped(session_file.dump(usual()), wanted)).session


def configuration(payload: str) -> tuple[Config, tuple[str, ...]]:
    """A configuration with the payload for every name, and the mistakes that are found in it."""
    payload = encodable(payload)  # TOML has no way to say half a surrogate pair
    tables: dict[str, object] = {
        "presets": {f"{payload} warm": {"temperature": 1.0, "model": f"{payload} model"}, "warm": {"temperature": 0.5}},
        "endpoints": {f"{payload} gateway": {"base_url": "https://gateway.example", "key_env": "GATEWAY_KEY"}},
        "prices": {f"{payload} model": {"input": 1, "output": 2}},
        "models": {f"{payload} model": {"context": 1000}},
        "theme": f"{payload} theme",
        f"{payload} nothing": payload,
        "keys": {f"{payload} command": ["f12"], "save": [f"{payload}"]},
        "defaults": {f"{payload} parameter": 1},
    }
    found, mistakes = config.parse(tables)
    return replace(found, theme=None), mistakes


def files(folder: Path, payload: str, theme: str) -> None:
    """Sessions and themes whose names are the payload, as far as a file system takes it."""
    name = payload.replace("/", "∕").replace("\0", "␀").encode("utf-8", "replace").decode()[:60]
    sessions, themes = folder / "data" / "sessions", folder / "config" / "themes"
    for each in (sessions, themes):
        each.mkdir(parents=True, exist_ok=True)
    told = json.dumps(f"{payload} title", ensure_ascii=True) if payload.isascii() else '"titled"'
    (sessions / f"{name} session.toml").write_text(f"format = 1\n[session]\ntitle = {told}\n".replace("\\ud", "\\\\ud"))
    (sessions / f"{name} broken.toml").write_text(f"{name} = [")
    (themes / f"{name} theme.toml").write_text(theme)
    (themes / f"{name} broken.toml").write_text("[theme]\nprimary = 7\n")


def wire(payload: str) -> Wire:
    """What went over the wire for a run, all of it the payload."""
    event = json.dumps({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": payload}})
    raw = payload.encode("utf-8", "surrogatepass")
    return Wire(
        f"https://e.example/{payload}",
        route=f"via {payload}",
        request_headers={"x-api-key": "…", f"x-{payload}": payload},
        request_body=json.dumps({"model": payload, "messages": [{"role": "user", "content": payload}]}).encode(),
        status=200,
        response_headers={"request-id": payload, "date": "Sun, 22 Nov 2026 14:03:11 GMT", f"x-{payload}": payload},
        pieces=[
            (0.1, f"event: content_block_delta\ndata: {event}\n\n".encode()),
            (0.2, raw + b"\n\ndata: " + raw + b"\n\n"),
        ],
        tries=[Try(Problem(f"{payload} refused", payload, payload, status=529), 0.1, 0.2)],
        oddities=[f"{payload} makes no sense"],
    )


def results(payload: str) -> list[RunRecord]:
    """The answers of the usual sweep, half of them failed."""
    found = []
    for at in range(8):
        cell = {"sweep": {"id": "w1", "cell": at // 2, "repeat": at % 2}}
        problem = Problem(f"{payload} overloaded", payload, payload, status=529) if at % 3 == 2 else None
        state = State.REJECTED if problem else State.COMPLETE
        record = replace(
            worked().runs[0], id=f"w1-{at}", lane=payload, text=f"{payload} answer", started=NOON, extra=cell
        )
        record = replace(record, model=f"{payload} model", request_id=payload)
        found.append(replace(record, state=state, problem=problem))
    return found
