"""The run record: the fields that people script against, there and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import Problem
from workbench.core.limits import Limit, Limits
from workbench.core.record import RunRecord, Timings, from_mapping
from workbench.core.state import State

FIELDS = [
    *("id", "lane", "parent", "endpoint", "state", "model", "text", "content"),
    *("stop_reason", "stop_sequence", "usage", "cost_usd", "cost_basis"),
    *("params", "request_id", "request_sha256", "started", "attempts", "timings", "limits", "problem"),
    *("stop_details", "conversation_sha256", "schema_errors"),
    *("message_id", "diagnostics", "breakpoints", "variables"),
]

TEXT = st.text(max_size=6)
NAME = st.text(min_size=1, max_size=6)
SOME = st.none() | TEXT
SECONDS = st.none() | st.floats(0, 1e6)
COUNT = st.integers(0, 10**9)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
JSON = st.recursive(
    st.booleans() | COUNT | TEXT, lambda each: st.lists(each, max_size=2) | st.dictionaries(TEXT, each, max_size=2)
)
TABLE = st.dictionaries(TEXT, JSON, max_size=3)
LIMIT = st.builds(Limit, st.none() | COUNT, st.none() | COUNT, st.none() | TIMES)
PROBLEM = st.builds(Problem, NAME, TEXT, TEXT, status=st.none() | st.integers(100, 599), type=st.none() | NAME)
RECORDS = st.builds(
    RunRecord,
    id=TEXT,
    lane=TEXT,
    parent=SOME,
    endpoint=TEXT,
    state=st.none() | st.sampled_from(State),
    model=TEXT,
    text=TEXT,
    content=st.lists(TABLE, max_size=2).map(tuple),
    stop_reason=SOME,
    stop_sequence=SOME,
    usage=TABLE,
    cost_usd=st.none() | st.decimals(0, 100, places=9),
    cost_basis=st.sampled_from(["exact", "at_least", "estimate", "simulated", "unknown"]),
    params=TABLE,
    request_id=SOME,
    request_sha256=TEXT,
    started=st.none() | TIMES,
    attempts=st.integers(0, 11),
    timings=st.builds(Timings, SECONDS, SECONDS, SECONDS, SECONDS, SECONDS),
    limits=st.none() | st.builds(Limits, st.dictionaries(st.sampled_from(["requests", "tokens"]), LIMIT, min_size=1)),
    problem=st.none() | PROBLEM,
    stop_details=st.none() | TABLE.filter(bool),
    conversation_sha256=TEXT,
    schema_errors=st.none() | st.lists(TEXT, max_size=2).map(tuple),
    variables=st.dictionaries(TEXT, TEXT, max_size=2),
    extra=st.dictionaries(TEXT.filter(lambda key: key not in FIELDS), JSON, max_size=2),
)


@given(RECORDS)
def test_there_and_back(record: RunRecord) -> None:
    assert from_mapping(record.to_mapping()) == record
    assert from_mapping(json.loads(record.to_json())) == record


def test_the_fields_are_the_documented_ones_in_their_order() -> None:
    assert [row for row in RunRecord.__dataclass_fields__ if row != "extra"] == FIELDS
    full = RunRecord(
        "r1", "A", "m1", "e", State.COMPLETE, "m", "t", ({},), "end_turn", "x", {"a": 1}, Decimal(1), "exact", {"b": 1},
        "req", "ab", datetime(2026, 1, 1, tzinfo=UTC), 1, Timings(1), Limits({"requests": Limit(1)}), Problem("x"),
        {"type": "refusal"}, "cd", (), {}, "msg_1", {"cache_miss_reason": None}, {"m1": "5m"}, {"who": "Ada"},
    )  # fmt: skip
    assert list(full.to_mapping()) == FIELDS


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.0000001", "0.0000001"), ("1E-9", "0.000000001"), ("0", "0"), ("12.50", "12.50"), ("1E+2", "100")],
)
def test_the_cost_is_a_plain_decimal_string(amount: str, text: str) -> None:
    record = RunRecord(cost_usd=Decimal(amount))
    assert record.to_mapping()["cost_usd"] == text
    assert from_mapping({"cost_usd": text}).cost_usd == Decimal(amount)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 22, 15, 3, 11, tzinfo=timezone(timedelta(hours=1))),
        "2026-11-22T14:03:11Z",
        "2026-11-22T16:03:11+02:00",
        "2026-11-22 14:03:11",
    ],
)
def test_times_are_utc_whatever_they_were_written_as(value: object) -> None:
    record = from_mapping({"started": value})
    assert record.started == datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)
    assert json.loads(record.to_json())["started"] == "2026-11-22T14:03:11Z"


WRONG: list[tuple[str, Any]] = [
    ("id", 7),
    ("state", "exploded"),
    ("state", 1),
    ("content", "text"),
    ("content", [1]),
    ("usage", []),
    ("cost_usd", 0.5),
    ("cost_usd", "NaN"),
    ("cost_usd", "a lot"),
    ("cost_usd", "1e400"),
    ("cost_usd", "1e-400"),
    ("cost_usd", "-3"),
    ("started", "yesterday"),
    ("started", 5),
    ("attempts", -1),
    ("attempts", True),
    ("timings", {"total_s": "2"}),
    ("timings", {"lunch_s": 2}),
    ("timings", {"total_s": float("nan")}),
    ("timings", {"total_s": float("inf")}),
    ("timings", {"total_s": -1}),
    ("timings", 3),
    ("limits", 3),
    ("problem", {}),
    ("problem", "x"),
    ("from_the_future", {"a": [1]}),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_what_cannot_be_read_is_kept_and_written_back(key: str, value: object) -> None:
    record = from_mapping({"id": "r1", key: value})
    assert record.extra == {key: value}
    assert record.to_mapping()[key] == value


def test_a_record_of_nothing() -> None:
    assert from_mapping({}) == RunRecord()
    assert RunRecord().to_mapping() == {"text": "", "content": [], "cost_basis": "unknown"}
