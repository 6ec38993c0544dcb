"""Every key of a session file with every kind of wrong value: a sentence or a session, and nothing else."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from workbench.core import strict_json
from workbench.core.batch import Batch
from workbench.core.kinds import Json
from workbench.core.params import FIELDS
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Session
from workbench.core.session_file import SessionError, dump, load
from workbench.engine import toml_file

ODD: tuple[Any, ...] = (
    *("", "x", "\x00\x1b[31m", "[/red]", "s" * 5000, True, 0, -1, 2**63, -(10**400), 10**400, 0.5, -1e308),
    *(float("nan"), float("inf"), [], [[]], [1], ["x"], [{}], [{"id": 5}], {}, {"a": {"b": [1]}}),
    *(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59), date(2026, 1, 1), time(1, 2)),
)
RUN_KEYS = tuple(RunRecord.__dataclass_fields__)
KEYS = {
    "": (
        "format",
        "session",
        "params",
        "variables",
        "systems",
        "lanes",
        "tool_results",
        "sweeps",
        "batches",
        "messages",
        "runs",
        "new",
    ),
    "session": ("title", "created", "endpoint", "prompt", "preset", "attachments", "new"),
    "params": tuple(row.key for row in FIELDS),
    "variables": ("a",),
    "systems": ("id", "text", "new"),
    "lanes": ("id", "name", "system", "tip", "params", "unset", "new"),
    "tool_results": ("tool", "input", "text", "content", "file", "is_error", "times", "new"),
    "sweeps": ("id", "lane", "parent", "prompt", "attachments", "repeats", "axes", "new"),
    "batches": (*Batch.__dataclass_fields__, "new"),
    "messages": ("id", "parent", "role", "run", "text", "content", "attachments", "cache", "new"),
    "runs": RUN_KEYS,
}
WHOLE: dict[str, Any] = {
    "format": 1,
    "session": {"title": "t"},
    "params": {"model": "claude-haiku-4-5"},
    "variables": {"a": "1"},
    "systems": [{"id": "s1", "text": "be brief"}],
    "lanes": [{"id": "A", "system": "s1", "tip": "m2"}],
    "tool_results": [{"tool": "get_weather"}],
    "sweeps": [{"id": "w1", "lane": "A", "axes": [{"key": "temperature", "values": [0.0, 1.0]}]}],
    "batches": [{"id": "b1", "status": "ended", "server_id": "msgbatch_1", "lanes": ["A"], "requests": 1}],
    "messages": [
        {"id": "m1", "role": "user", "text": "a"},
        {"id": "m2", "role": "assistant", "run": "r1", "text": "b"},
    ],
    "runs": [{"id": "r1", "lane": "A", "parent": "m1", "state": "complete", "cost_usd": "0.1"}],
}


def changed(place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The whole session with one value odd, each key and each value in turn."""
    for key in KEYS[place]:
        for odd in ODD:
            tables = deepcopy(WHOLE)
            table = tables if not place else tables[place]
            (table[-1] if isinstance(table, list) else table)[key] = odd
            yield f"{place}.{key} = {odd!r:.30}", tables


def survives(session: Session, where: str) -> None:
    """What it cost is a sum, and a save keeps every table."""
    assert session.spent.usd is None or session.spent.usd >= 0, where
    again = load(toml_file.loads(toml_file.dumps(dump(session)).encode(), "s.toml")).session
    assert dump(again).keys() == dump(session).keys(), where


@pytest.mark.fault("F13", "F14")
@pytest.mark.parametrize("place", KEYS)
def test_a_wrong_value_anywhere_is_a_sentence_or_is_kept_through_a_save(place: str) -> None:
    for where, tables in changed(place):
        try:
            found = load(tables)
        except SessionError as error:
            sentence = str(error)
        else:
            sentence = ""
            survives(found.session, where)
        assert "\n" not in sentence, where


@pytest.mark.parametrize("end", [None, 1])
def test_the_deepest_call_that_is_taken_of_a_server_is_saved_and_read_again(end: object) -> None:
    given: Any = end
    for level in range(strict_json.MAX_DEPTH):
        given = {"a": given} if level % 2 else [given]
    assert strict_json.loads(json.dumps(given)) == given
    blocks = Json.of([{"type": "tool_use", "id": "t", "name": "f", "input": given}])
    session = Session().say(Lane(), "Hi", parent=None).say(Lane(), blocks, parent="m1", role="assistant")
    again = load(tomllib.loads(toml_file.dumps(dump(session)))).session
    assert again.messages[1].content == blocks
