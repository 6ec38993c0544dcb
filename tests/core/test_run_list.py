"""The list of runs: rows, order, what differs, totals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from workbench.core.record import RunRecord, Timings
from workbench.core.run_list import ORDERS, Row, begun, differing, ordered, rows_of, shown, totals
from workbench.core.session import Lane, Session, content_of
from workbench.core.state import State
from workbench.core.sweep import Sweep

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TIMES = Timings(first_byte_s=0.2, first_token_s=0.5, total_s=2.5)


def record(number: int, **members: Any) -> RunRecord:
    usual: dict[str, Any] = {
        "id": f"r{number}",
        "lane": "A",
        "state": State.COMPLETE,
        "model": "claude-sonnet-4-6",
        "usage": {"input_tokens": 100 * number, "output_tokens": 10 * number},
        "cost_usd": Decimal("0.01") * number,
        "cost_basis": "exact",
        "params": {"model": "claude-sonnet-4-6", "temperature": 0.1 * number},
        "started": NOON + timedelta(minutes=number),
        "timings": TIMES,
    }
    return RunRecord(**{**usual, **members})


def rows(*records: RunRecord) -> list[Row]:
    return [Row(each) for each in records]


def asked() -> Session:
    session = Session(title="Tides").say(Lane(), "Why?", parent=None)
    for number, text in ((1, "Because."), (2, "")):
        made = record(number, parent="m1", text=text)
        session = session.finish(made, content_of([{"type": "text", "text": text}] if text else []))
    return session


def test_runs_are_told_as_they_were_begun_however_they_ended() -> None:
    swept = [record(number, extra={"sweep": "w1"}) for number in (2, 1)]
    found = begun(rows(swept[0], record(10), record(2), swept[1], record(1, id="by hand"), record(9)))
    assert [row.record.id for row in found] == ["by hand", "r2", "r9", "r10", "r2", "r1"]


def test_a_row_has_its_prompt_its_answer_and_its_place() -> None:
    sweep = record(9, parent="m1", text="Four.", extra={"sweep": "w1", "cell": {"temperature": 0.5}, "repeat": 2})
    found = rows_of(asked(), [sweep])
    assert [(row.record.id, row.prompt, row.answer, row.message, row.spot) for row in found] == [
        ("r1", "Why?", "Because.", "m2", "A"),
        ("r2", "Why?", "", None, "A"),
        ("r9", "Why?", "Four.", None, "w1·3"),
    ]
    assert {row.session for row in found} == {"Tides"}
    assert len({row.key for row in (*found, *rows_of(asked(), place="/other.toml"))}) == 5


def test_a_sweep_says_what_it_asked() -> None:
    done = record(1, text="4", extra={"sweep": "w1", "repeat": 0})
    session = Session(sweeps=(Sweep("w1", prompt="2 + 2?"),))
    assert rows_of(session, [done])[0].prompt == "2 + 2?"


@pytest.mark.parametrize(
    ("key", "down", "expected"),
    [
        ("started", None, [3, 2, 1]),
        ("started", False, [1, 2, 3]),
        ("cost", None, [3, 1, 2]),
        ("cost", False, [1, 3, 2]),
        ("out", None, [3, 2, 1]),
        ("in", None, [3, 2, 1]),
        ("ttft", None, [2, 1, 3]),
        ("ttft", False, [1, 2, 3]),
        ("total", None, [3, 2, 1]),
        ("total", False, [1, 2, 3]),
        ("rate", None, [2, 1, 3]),
        ("model", None, [2, 1, 3]),
        ("state", None, [1, 3, 2]),
        ("lane", None, [1, 3, 2]),
    ],
)
def test_orders(key: str, down: bool | None, expected: list[int]) -> None:
    """Of equal ones the later is the larger; what isn't known stands at the end in either direction."""
    given = rows(
        record(1),
        record(
            2,
            model="claude-haiku-4-5",
            state=State.REJECTED,
            cost_usd=None,
            lane="B",
            timings=Timings(first_token_s=0.9, total_s=2.5),
        ),
        record(3, timings=Timings(total_s=2.5, first_token_s=None, first_byte_s=0.1)),
    )
    assert [int(row.record.id[1:]) for row in ordered(given, key, down=down)] == expected


def test_every_order_names_both_directions() -> None:
    for order in ORDERS.values():
        assert len(set(order.ends)) == 2


def test_what_differs_is_named_and_the_model_is_not() -> None:
    given = rows(
        record(1, params={"model": "a", "temperature": 0.0, "top_k": 1, "max_tokens": 9}),
        record(2, params={"model": "b", "temperature": 0.5, "top_k": 2, "max_tokens": 9}),
        record(3, params={"model": "b", "temperature": 1.0, "top_k": 2, "max_tokens": 9, "effort": "low"}),
    )
    assert differing(given) == ("temperature", "top_k", "effort")
    assert differing([]) == ()


@pytest.mark.parametrize(
    ("key", "expected"), [("temperature", "0.70"), ("top_k", "—"), ("newer", "x"), ("max_tokens", "many")]
)
def test_a_parameter_of_a_record_is_shown_as_far_as_it_can_be_read(key: str, expected: str) -> None:
    params = {"temperature": 0.7, "newer": "x", "max_tokens": "many"}
    assert shown(record(1, params=params), key) == expected


CUT = {"state": State.INTERRUPTED, "content": ({"type": "text", "text": "a" * 35},), "usage": {"input_tokens": 7}}


@pytest.mark.parametrize(
    ("records", "of", "expected"),
    [
        ([], 0, "0 runs · 0 in · 0 out · $0.00"),
        ([record(1)], 1, "1 run · 100 in · 10 out · $0.0100"),
        ([record(1), record(20)], 400, "2 of 400 runs · 2 100 in · 210 out · $0.2100"),
        ([record(1), record(2, **CUT, cost_basis="at_least")], 2, "2 runs · 107 in · ≈20 out · ≥$0.0300"),
        (
            [record(1), record(2, usage={}, cost_usd=None, cost_basis="unknown")],
            2,
            "2 runs · ≥100 in · 10 out · ≥$0.0100",
        ),
        (
            [record(2, usage={}, cost_usd=None, cost_basis="unknown", timings=Timings())],
            2,
            "1 of 2 runs · 0 in · 0 out · cost unknown",
        ),
        (
            [record(1), record(2, state=State.REJECTED, usage={}, cost_usd=Decimal(0))],
            2,
            "2 runs · 100 in · 10 out · $0.0100",
        ),
        (
            [record(1), record(1, usage={"input_tokens": 50, "cache_read_input_tokens": 250, "output_tokens": 10})],
            2,
            "2 runs · 400 in, 62% cached · 20 out · $0.0200",
        ),
        ([record(1, cost_basis="simulated")], 1, "1 run · 100 in · 10 out · $0.0100 simulated"),
        (
            [record(1), record(2, cost_basis="simulated")],
            2,
            "2 runs · 300 in · 30 out · $0.0100 · 1 simulated not counted in it",
        ),
    ],
)
def test_totals_never_claim_more_than_is_known(records: list[RunRecord], of: int, expected: str) -> None:
    assert totals(rows(*records), of).line == expected
