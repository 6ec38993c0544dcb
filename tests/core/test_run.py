"""A run's life around its stream: ends once, estimates until it knows, becomes a record."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.core.recordings import new_run, played, recorded, replayed
from workbench.core import errors, events, limits
from workbench.core.params import Params
from workbench.core.run import Phase, Run, State, Timings, Waiting

BUSY = errors.Problem("Overloaded", retry=True, status=529)


@dataclass(frozen=True)
class Cost:
    usd: Decimal | None
    basis: str


def ended_as(state: State) -> tuple[State | None, Phase, Waiting | None]:
    return state, Phase.ENDED, None


@pytest.mark.parametrize("first", list(State))
@pytest.mark.parametrize("second", list(State))
def test_the_first_end_state_stands(first: State, second: State) -> None:
    run = new_run()
    run.waiting = Waiting(1, BUSY, 2.0, 12.0)
    run.end(first, BUSY)
    run.end(second, errors.interrupted("reset"))
    run.finish()
    assert (run.state, run.phase, run.waiting) == ended_as(first)
    assert run.problem == (None if first is State.COMPLETE else BUSY)


def test_a_cancel_after_message_stop_changes_nothing() -> None:
    run = replayed("plain")
    run.finish()
    run.end(State.CANCELLED)
    assert run.state is State.COMPLETE


@pytest.mark.parametrize("kind", ["reset", "stalled", "truncated", "cut"])
def test_a_transport_that_fails_after_the_last_event_takes_nothing_away(kind: str) -> None:
    run = replayed("plain")
    run.finish(errors.interrupted(kind))
    assert (run.state, run.problem) == (State.COMPLETE, None)


@pytest.mark.parametrize("kind", ["reset", "stalled", "truncated"])
def test_a_transport_that_fails_before_is_the_reason(kind: str) -> None:
    for run in (new_run(), played(recorded("plain")[:5])):
        run.finish(errors.interrupted(kind, "[Errno 104]"))
        assert (run.state, run.problem) == (State.INTERRUPTED, errors.interrupted(kind, "[Errno 104]"))


@pytest.mark.parametrize(
    ("rest", "state", "title"),
    [
        ("", State.MALFORMED, "Empty answer"),
        ("<html>Sign in", State.MALFORMED, "Not an event stream"),
        ("event: message_st", State.INTERRUPTED, "Cut off"),
        ("data: {", State.INTERRUPTED, "Cut off"),
    ],
)
def test_what_was_left_tells_a_cut_from_an_answer_that_is_no_stream(rest: str, state: State, title: str) -> None:
    run = new_run()
    run.finish(rest=rest)
    assert (run.state, run.problem and run.problem.title) == (state, title)


def test_why_a_stream_was_malformed_is_said() -> None:
    run = played([events.Malformed("not JSON", "x"), events.Malformed("empty", "")])
    run.finish()
    assert run.problem is not None
    assert run.problem.detail == "an event was skipped: not JSON; an event was skipped: empty"


def test_output_tokens_are_estimated_from_characters_until_they_are_counted() -> None:
    stream = recorded("long-thinking")
    run = played(stream[:-2])
    characters = sum(len(block.text) for block in run.blocks)
    assert run.output_tokens_so_far == round(characters / 3.5) > run.usage["output_tokens"]
    run.apply(stream[-2])
    assert run.output_tokens_so_far == 1480


def test_nothing_received_is_no_token() -> None:
    assert new_run().output_tokens_so_far == 0


def test_the_model_that_served_is_told_apart_from_the_one_asked_for() -> None:
    assert (new_run().served_model, replayed("tool-use").served_model) == (
        "claude-sonnet-4-6",
        "claude-haiku-4-5-20251001",
    )


def ended() -> Run:
    run = replayed("thinking-summarised")
    run.params = Params().set("temperature", 0.2)
    run.request_sha256 = "ab" * 32
    run.request_id = "req_1"
    run.attempts = 2
    run.timings = Timings(0.1, 0.5, 0.6, 2.0, 0.4)
    run.limits = limits.parse(
        {"anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "49"}
    )
    run.finish()
    return run


def test_a_run_becomes_a_record() -> None:
    run = ended()
    assert run.record(Cost(Decimal("0.00094"), "exact")).to_mapping() == {
        "id": "r1",
        "lane": "A",
        "parent": "m1",
        "endpoint": "anthropic",
        "state": "complete",
        "model": "claude-sonnet-4-6",
        "text": "Category: refund. Priority: high.",
        "content": run.content(),
        "stop_reason": "end_turn",
        "usage": run.usage,
        "cost_usd": "0.00094",
        "cost_basis": "exact",
        "params": {"temperature": 0.2},
        "request_id": "req_1",
        "request_sha256": "ab" * 32,
        "started": datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC),
        "attempts": 2,
        "timings": {"connect_s": 0.1, "first_byte_s": 0.5, "first_token_s": 0.6, "total_s": 2.0, "retry_wait_s": 0.4},
        "limits": {"requests": {"limit": 50, "remaining": 49}},
        "message_id": "msg_01Thinking",
    }


def test_what_is_not_known_is_absent() -> None:
    run = replace(new_run(), parent=None)
    run.end(State.UNREACHABLE, errors.unreachable("refused", "localhost:8080"))
    assert run.record(Cost(None, "unknown")).to_mapping() == {
        "id": "r1",
        "lane": "A",
        "endpoint": "anthropic",
        "state": "unreachable",
        "model": "claude-sonnet-4-6",
        "text": "",
        "content": [],
        "cost_basis": "unknown",
        "started": datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC),
        "problem": {
            "title": "Connection refused",
            "detail": "Nothing answers at localhost:8080.",
            "hint": "Check that the server runs, and its port.",
        },
    }


def test_a_record_does_not_change_when_the_run_goes_on() -> None:
    stream = recorded("plain")
    run = played(stream[:6])
    record = run.record(Cost(None, "unknown"))
    before = json.loads(record.to_json())
    for event in stream[6:]:
        run.apply(event)
    assert json.loads(record.to_json()) == before
    assert record.state is None
