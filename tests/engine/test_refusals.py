"""Every status × whatever stands in its body × after none, one or two other failures (faults H400–H529)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.behaviours import busy
from tests.engine.fault_server import EVENTS, TEXT, Behave, answers, head, says, sends, serving
from tests.engine.running import KEY, REQUEST, SECRET, Time, endpoint, new_run, run_once, running
from workbench.core.run import Run, State

API = b'{"type":"error","error":{"type":"some_error","message":"Because %s."},"request_id":"req_9"}' % SECRET.encode()
JSON = "application/json"
BODIES: dict[str, tuple[bytes, str, str]] = {
    "API JSON": (API, JSON, "Because …."),
    "HTML": (b"<html><head><title>Bad\nday</title><body>nginx", "text/html", "Bad day"),
    "empty": (b"", JSON, ""),
    "truncated JSON": (API[:40], JSON, API[:40].decode()),
    "10 MB": (b'{"error":{"message":"' + b"x" * 10_000_000 + b'"}}', JSON, '{"error":{"message":"xxx'),
    "NaN": (b'{"error":{"message":NaN}}', JSON, '{"error":{"message":NaN}}'),
    "deep JSON": (b"[" * 100_000, JSON, "[[[["),
    "no content-type": (b"busy\r\n", "", "busy"),
}
TITLES = {
    400: "Request not accepted",
    401: "Key rejected",
    403: "Not permitted",
    404: "Not found",
    408: "Server gave up waiting",
    409: "Conflict",
    413: "Request too large",
    422: "Request not understood",
    429: "Rate limited",
    500: "Server error",
    502: "Bad gateway",
    503: "Service unavailable",
    504: "Server timed out",
    529: "Overloaded",
}
AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
BEFORE: Behave = says("503 Not Yet", b"", kind="")
WAITS = (0.5, 1.0)

by_status = pytest.mark.parametrize(
    "status", [pytest.param(status, marks=pytest.mark.fault(f"H{status}"), id=str(status)) for status in TITLES]
)


def some(each: tuple[int, ...], status: int, body: str, rounds: Callable[[int, int], int]) -> tuple[int, ...]:
    """All of them with --whole; else one, so that every status and every body meets each of them."""
    return each[rounds((status + [*BODIES].index(body)) % len(each), 0) :][: rounds(1, len(each))]


async def refused(status: int, body: str, failures: int, *more: Behave) -> tuple[Run, Time]:
    sent, kind, _ = BODIES[body]
    run, time = new_run(), Time()
    behaviours = *[BEFORE] * failures, says(f"{status} No", sent, kind), *more
    async with serving(*behaviours) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
        assert len(server.requests) == run.attempts
    return run, time


@by_status
@pytest.mark.parametrize("body", BODIES)
async def test_a_status_is_told_in_its_words_whatever_its_body(
    status: int, body: str, rounds: Callable[[int, int], int]
) -> None:
    for failures in some((0, 1, 2), status, body, rounds):
        run, time = await refused(status, body, failures)
        attempts = 3 if status in AGAIN else failures + 1
        assert (run.state, run.attempts, run.text) == (State.REJECTED, attempts, "")
        assert time.slept == pytest.approx(WAITS[: attempts - 1])
        assert run.problem is not None
        assert (run.problem.status, run.problem.title) == (status, TITLES[status])
        assert BODIES[body][2] in run.problem.detail
        assert len(run.problem.detail) < 600
        assert run.problem.hint
        assert SECRET not in str(run.problem)
        assert (run.problem.type, run.request_id) == (("some_error", "req_9") if body == "API JSON" else (None, None))


@by_status
@pytest.mark.parametrize("body", BODIES)
async def test_what_passes_is_tried_again_and_what_does_not_is_not(
    status: int, body: str, rounds: Callable[[int, int], int]
) -> None:
    for failures in some((0, 1), status, body, rounds):
        run, time = await refused(status, body, failures, answers)
        if status in AGAIN:
            assert (run.state, run.text, run.problem, run.attempts) == (State.COMPLETE, TEXT, None, failures + 2)
            assert time.slept == pytest.approx(WAITS[: failures + 1])
            assert run.timings.retry_wait_s == pytest.approx(sum(time.slept))
        else:
            assert (run.state, run.attempts) == (State.REJECTED, failures + 1)


@pytest.mark.fault("H413")
async def test_a_request_that_is_too_large_says_how_large_it_was() -> None:
    async with serving(says("413 Large", b"{}")) as server:
        run = await run_once(server.base_url)
    assert f"It had {len(REQUEST.encoded)} bytes." in str(run.problem)


@pytest.mark.fault("H400")
async def test_the_field_that_the_server_names_is_pointed_at() -> None:
    said = b'{"type":"error","error":{"type":"invalid_request_error","message":"messages.0: Too long."}}'
    async with serving(says("400 Bad", said)) as server:
        run = await run_once(server.base_url)
    assert run.problem is not None
    assert run.problem.hint == "Look at messages.0, then run again."


@pytest.mark.fault("H429")
async def test_a_429_is_waited_out_as_long_as_it_says_and_its_limits_are_kept() -> None:
    told: dict[str, Any] = {
        "retry_after": 7,
        "anthropic_ratelimit_requests_limit": 50,
        "anthropic_ratelimit_requests_remaining": 0,
    }
    run, time = new_run(), Time()
    async with serving(says("429 Slow", b"", **told), answers) as server, running(time) as runner:
        await runner.stream(run, REQUEST, place := endpoint(server.base_url), KEY)
        known = runner.limits_of(place, REQUEST.params)
    assert (run.state, run.attempts) == (State.COMPLETE, 2)
    assert time.slept == pytest.approx([7])
    assert run.limits is not None
    assert known is not None
    assert (run.limits["requests"].remaining, known[0]) == (0, run.limits)


@pytest.mark.parametrize(
    ("behaviours", "unpaid"),
    [
        ((BEFORE,), True),
        ((BEFORE, says("400 No", API)), True),
        ((BEFORE, sends()), False),
        ((sends(), BEFORE), False),
        ((sends(head(), busy()),), True),
        ((sends(head(), *EVENTS[:4]),), False),
    ],
)
async def test_a_run_knows_whether_anything_of_it_can_have_been_paid(
    behaviours: tuple[Behave, ...], unpaid: bool
) -> None:
    async with serving(*behaviours) as server:
        run = await run_once(server.base_url)
    assert (run.sent, run.unpaid) == (True, unpaid)


@pytest.mark.fault("H529")
async def test_an_overloaded_server_is_not_the_user_s_fault() -> None:
    async with serving(says("529 Busy", b"")) as server:
        run = await run_once(server.base_url)
    assert run.problem is not None
    assert "not you" in run.problem.hint


async def test_a_body_that_never_ends_keeps_what_came_of_it() -> None:
    """And a refusal that breaks off is still the refusal."""
    async with serving(sends(head("400 Bad", "text/plain", content_length=99), b"Because of")) as server:
        run = await run_once(server.base_url)
    assert run.problem is not None
    assert (run.state, run.problem.detail) == (State.REJECTED, "Because of")
