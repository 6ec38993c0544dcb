"""How long the runner waits, when it asks, and what it writes down of it (faults H-RA, design/2 timings)."""

from __future__ import annotations

import json

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import says, sends, serving
from tests.engine.running import KEY, REQUEST, SECRET, Time, endpoint, new_run, running
from workbench.core.errors import CODES
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run, State
from workbench.engine.runner import Runner
from workbench.engine.spacing import Spacing
from workbench.engine.wire import Wire

DATE = "Sun, 22 Nov 2026 12:00:00 GMT"
WAITS = {
    "absent": ({}, 0.5),
    "0": ({"retry_after": "0"}, 0.5),
    "20": ({"retry_after": "20"}, 20),
    "2.5": ({"retry_after": "2.5"}, 2.5),
    "-5": ({"retry_after": "-5"}, 0.5),
    "word": ({"retry_after": "abc"}, 0.5),
    "empty": ({"retry_after": ""}, 0.5),
    "nan": ({"retry_after": "nan"}, 0.5),
    "inf": ({"retry_after": "inf"}, 0.5),
    "ms": ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5),
    "date": ({"retry_after": "Sun, 22 Nov 2026 12:00:07 GMT", "date": DATE}, 7),
    "past": ({"retry_after": "Sun, 22 Nov 2026 11:00:00 GMT", "date": DATE}, 0.5),
    "should not": ({"retry_after": "20", "x_should_retry": "false"}, None),
}


@pytest.mark.fault("H-RA")
@pytest.mark.parametrize("name", WAITS)
async def test_the_wait_follows_the_header(name: str) -> None:
    headers, seconds = WAITS[name]
    run, time = new_run(), Time()
    async with serving(says("429 Slow", b"", **headers), fault.answers) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert time.slept == ([] if seconds is None else [pytest.approx(seconds)])
    assert run.state is (State.REJECTED if seconds is None else State.COMPLETE)


async def test_a_400_is_tried_again_where_the_server_says_so() -> None:
    run = new_run()
    async with serving(says("400 Hm", b"", x_should_retry="true"), fault.answers) as server, running() as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert (run.state, run.attempts) == (State.COMPLETE, 2)


@pytest.mark.parametrize(
    ("told", "attempts"),
    [
        ({"input_tokens_remaining": 3}, 1),
        ({"input_tokens_remaining": 3, "requests_remaining": 4}, 1),
        ({"input_tokens_remaining": 2}, 6),
        ({"input_tokens_remaining": 3, "requests_remaining": 0}, 6),
        ({}, 6),
    ],
)
async def test_what_no_full_bucket_holds_is_not_waited_for_and_says_what_would_help(
    told: dict[str, int], attempts: int
) -> None:
    headers = {f"anthropic_ratelimit_{name}": str(each) for name, each in {"input_tokens_limit": 3, **told}.items()}
    refuses = says("429 Slow", b"", retry_after=1, **headers)
    run = new_run()
    async with serving(*[refuses] * 5, fault.answers) as server, running(Time()) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert (run.state, run.attempts) == (State.REJECTED if attempts == 1 else State.COMPLETE, attempts)
    if attempts == 1:
        assert run.problem is not None
        assert run.problem.title == "Prompt larger than the rate limit"
        assert "the limit is 3 a minute, all of them left: waiting won't help. Shorten it" in run.problem.hint


@pytest.mark.parametrize("code", ["enforced_spend_limit_reached", "ramp_limit_exceeded"])
async def test_a_refusal_with_a_reason_of_its_own_keeps_it(code: str) -> None:
    body = json.dumps({"error": {"type": "rate_limit_error", "message": "No.", "details": {"error_code": code}}})
    full = {f"anthropic_ratelimit_input_tokens_{name}": "3" for name in ("limit", "remaining")}
    run = new_run()
    async with serving(*[says("429 No", body.encode(), **full)] * 3) as server, running(Time()) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert run.problem is not None
    assert run.problem.title == CODES[code].title


@pytest.mark.fault("H-RA")
@pytest.mark.parametrize("after", ["61", "3600", "1e35"])
async def test_a_long_wait_is_never_silent(after: str) -> None:
    run, time = new_run(), Time()
    async with serving(says("429 Slow", b"", retry_after=after)) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert (run.state, run.attempts, time.slept) == (State.REJECTED, 1, [])


@pytest.mark.fault("H-RA")
@pytest.mark.parametrize(("answer", "state", "slept"), [(True, State.COMPLETE, [590]), (False, State.REJECTED, [])])
async def test_the_user_decides_about_a_long_wait(answer: bool, state: State, slept: list[float]) -> None:
    run, time = new_run(), Time()
    asked: list[tuple[Phase, float]] = []

    async def ask(asking: Run, wait: Wait) -> bool:
        asked.append((asking.phase, wait.seconds))
        time.seconds += 10
        return answer

    async with serving(says("429 Slow", b"", retry_after=600), fault.answers) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY, ask=ask)
    assert (run.state, time.slept) == (state, slept)
    assert asked == [(Phase.ASKING, 600)]


@pytest.mark.fault("H-RA200")
async def test_a_retry_after_on_a_success_is_ignored() -> None:
    run, time = new_run(), Time()
    whole = fault.head(retry_after=30) + fault.STREAM
    async with serving(sends(whole)) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert (run.state, time.slept) == (State.COMPLETE, [])


async def test_lanes_do_not_try_again_in_step() -> None:
    time = Time()
    spacing = Spacing()
    waits = [spacing.apart(Wait(20, "retry-after"), "http://x:1", 5.0).seconds for _ in range(5)]
    assert waits == pytest.approx([20, 20.1, 20.2, 20.3, 20.4])
    assert spacing.apart(Wait(20, "retry-after"), "http://other:1", 5.0).seconds == pytest.approx(20)
    async with serving(*[says("529 Busy")] * 3, fault.answers) as server, running(time) as runner:
        run = new_run()
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert run.state is State.REJECTED


@pytest.mark.fault("S04")
async def test_nothing_is_sent_again_after_the_first_content() -> None:
    run = new_run()
    async with serving(sends(fault.head(), *fault.EVENTS[:5]), fault.answers) as server, running() as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
        assert len(server.requests) == 1
    assert (run.state, run.attempts) == (State.INTERRUPTED, 1)


async def test_the_wire_holds_what_was_sent_and_what_came() -> None:
    run, wire = new_run(), Wire()
    async with serving(says("500 Oops", b'{"x":1}'), fault.answers) as server, running() as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY, wire=wire)
        sent = server.requests[1]
    assert sent.body == wire.request_body == REQUEST.encoded
    assert b"x-api-key: " + SECRET.encode() in sent.head
    assert b"anthropic-version: 2026-10-21" in sent.head
    assert wire.request_headers["x-api-key"] == "…cdef"
    assert SECRET not in repr(wire)
    assert wire.url == f"{server.base_url}/v1/messages"
    assert wire.status == 200
    assert wire.response_headers["content-type"] == "text/event-stream"
    assert b"".join(piece for _, piece in wire.pieces).startswith(fault.STREAM[:-4])
    assert [(each.problem.status, each.waited) for each in wire.tries] == [(500, 0.5)]


async def test_times_follow_the_events_where_the_clock_does() -> None:
    """The screenshots' clock: it depends on nothing but how many events came."""
    seen = []

    def follow(runner: Runner) -> None:
        runner.clock = lambda: runner.events / 10

    for behave in (fault.answers, sends(fault.head(), *fault.EVENTS)):
        async with serving(behave) as server, running() as runner:
            follow(runner)
            await runner.stream(run := new_run(), REQUEST, endpoint(server.base_url), KEY)
        seen.append((run.timings.first_token_s, run.timings.total_s, runner.events))
    assert seen == [(0.4, len(fault.EVENTS) / 10, len(fault.EVENTS))] * 2


async def test_a_path_in_the_base_url_is_kept_and_limits_and_ids_are_read() -> None:
    headers = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
        "request-id": "req_7",
    }
    whole = fault.head(**headers) + fault.STREAM
    run = new_run()
    async with serving(sends(whole)) as server, running() as runner:
        await runner.stream(run, REQUEST, endpoint(f"{server.base_url}/gate/way"), KEY)
        assert server.requests[0].head.startswith(b"POST /gate/way/v1/messages HTTP/1.1\r\n")
    assert run.limits is not None
    assert (run.limits["requests"].remaining, run.request_id) == (49, "req_7")
