"""The line of facts: as much as is known, and nothing more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.core.facts import Fact, of_record, rate, verdict
from workbench.core.figures import grouped
from workbench.core.record import RunRecord, Timings
from workbench.core.state import State

USAGE = {"input_tokens": 204, "output_tokens": 412, "cache_read_input_tokens": 1000, "cache_creation_input_tokens": 0}
WHOLE = RunRecord(
    state=State.COMPLETE,
    usage=USAGE,
    stop_reason="end_turn",
    cost_usd=Decimal("0.0061"),
    cost_basis="exact",
    attempts=1,
    timings=Timings(first_token_s=0.81, total_s=5.28),
)


def line(record: RunRecord) -> str:
    return " · ".join(fact.text for fact in of_record(record))


def test_a_whole_run() -> None:
    assert line(WHOLE) == "412 out · 1 204 in · cache 83% · ttft 0.81s · 92 tok/s · $0.0061 · end_turn"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (RunRecord(), "not ended"),
        (RunRecord(state=State.UNREACHABLE), "unreachable"),
        (RunRecord(state=State.COMPLETE), "no stop reason"),
        (RunRecord(state=State.COMPLETE, stop_reason="refusal", attempts=3), "try 3 · refusal"),
        (RunRecord(state=State.CANCELLED, usage={"output_tokens": 7}), "≈7 out · cancelled"),
        (RunRecord(state=State.CANCELLED, usage={"output_tokens": 0}), "cancelled"),
        (RunRecord(state=State.COMPLETE, usage={"output_tokens": 0}, stop_reason="end_turn"), "0 out · end_turn"),
        (RunRecord(state=State.COMPLETE, usage={"output_tokens": "x"}, stop_reason="end_turn"), "end_turn"),
        (
            RunRecord(state=State.INTERRUPTED, cost_usd=Decimal("1.5"), cost_basis="at_least"),
            "≥$1.50 · interrupted",
        ),
        (
            RunRecord(state=State.COMPLETE, stop_reason="end_turn", cost_usd=Decimal(2), cost_basis="simulated"),
            "$2.00 simulated · end_turn",
        ),
        (
            RunRecord(state=State.CANCELLED, cost_usd=Decimal("0.00028"), cost_basis="simulated"),
            "≥$0.00028 simulated · cancelled",
        ),
        (RunRecord(state=State.CANCELLED, cost_usd=Decimal(0), cost_basis="simulated"), "$0.00 simulated · cancelled"),
        (
            RunRecord(state=State.COMPLETE, stop_reason="end_turn", cost_usd=Decimal(2), cost_basis="by magic"),
            "$2.00 · end_turn",
        ),
    ],
)
def test_what_is_not_known_is_not_there(record: RunRecord, said: str) -> None:
    assert line(record) == said


@pytest.mark.parametrize(
    ("record", "tone"),
    [
        (WHOLE, ""),
        (RunRecord(state=State.COMPLETE, stop_reason="max_tokens"), "warning"),
        (RunRecord(state=State.COMPLETE, stop_reason="refusal"), "warning"),
        (RunRecord(state=State.CANCELLED), "warning"),
        (RunRecord(state=State.UNCONFIRMED, stop_reason="end_turn"), "problem"),
        (RunRecord(state=State.REJECTED), "problem"),
        (RunRecord(), "problem"),
    ],
)
def test_how_it_ended_is_seen(record: RunRecord, tone: str) -> None:
    assert verdict(record).tone == tone


def test_an_answer_that_was_cut_off_is_measured_by_what_came() -> None:
    came = ({"type": "thinking", "thinking": "x" * 700}, {"type": "text", "text": "y" * 700})
    cut = RunRecord(
        state=State.INTERRUPTED,
        content=came,
        usage={"output_tokens": 3},
        timings=Timings(first_token_s=1.0, total_s=5.0),
    )
    assert line(cut) == "≈400 out · ttft 1.00s · 100 tok/s · interrupted"


def test_a_tool_call_that_was_cut_off_counts_too() -> None:
    call = {"type": "tool_use", "name": "search", "partial_json": "x" * 70}
    assert line(RunRecord(state=State.CANCELLED, content=(call,))) == "≈20 out · cancelled"


def test_the_verdict_of_a_failure_outweighs_everything() -> None:
    failed = verdict(RunRecord(state=State.REJECTED))
    assert all(fact.weight < failed.weight for fact in of_record(WHOLE))
    assert failed == Fact("rejected", 100, "problem")


@pytest.mark.parametrize(
    ("tokens", "first", "total", "speed"),
    [
        (101, 1.0, 2.0, 100.0),
        (1, 1.0, 2.0, None),
        (None, 1.0, 2.0, None),
        (101, None, 2.0, None),
        (101, 1.0, None, None),
        (101, 1.0, 1.01, None),  # all in one chunk: no speed can be told from it
        (101, 2.0, 1.0, None),
    ],
)
def test_the_rate_needs_a_beginning_and_an_end(
    tokens: int | None, first: float | None, total: float | None, speed: float | None
) -> None:
    record = RunRecord(usage={"output_tokens": tokens}, timings=Timings(first_token_s=first, total_s=total))
    assert rate(record) == speed


def test_thousands() -> None:
    assert [grouped(number) for number in (0, 999, 1204, 1_000_000)] == ["0", "999", "1 204", "1 000 000"]
