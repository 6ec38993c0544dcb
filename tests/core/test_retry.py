"""How long to wait before sending again, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import errors, retry
from workbench.core.retry import Wait

DATE = {"Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
LIMITED = errors.from_response(429, {}, b"")
SPENT = errors.from_response(429, {}, b'{"error":{"details":{"error_code":"enforced_spend_limit_reached"}}}')
OWN = Wait(0.5, "backoff")


@pytest.mark.fault("H-RA")
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, OWN),
        ({"retry-after": "20"}, Wait(20, "retry-after")),
        ({"Retry-After": " 1.5 "}, Wait(1.5, "retry-after")),
        ({"retry-after": "60"}, Wait(60, "retry-after")),
        ({"retry-after": "61"}, Wait(61, "retry-after", ask=True)),
        ({"retry-after": "3600"}, Wait(3600, "retry-after", ask=True)),
        ({"retry-after": "1e35"}, Wait(30 * 24 * 3600, "retry-after", ask=True)),
        ({"retry-after": "0"}, OWN),
        ({"retry-after": "-5"}, OWN),
        ({"retry-after": "abc"}, OWN),
        ({"retry-after": ""}, OWN),
        ({"retry-after": "nan"}, OWN),
        ({"retry-after": "inf"}, OWN),
        ({"retry-after": "1e999"}, OWN),
        ({"retry-after": "9" * 400}, OWN),
        ({"retry-after": "1_0"}, OWN),
        ({"retry-after": "٣"}, OWN),
        ({"retry-after-ms": "250"}, Wait(0.25, "retry-after-ms")),
        ({"retry-after-ms": "250", "retry-after": "7"}, Wait(0.25, "retry-after-ms")),
        ({"retry-after-ms": "x", "retry-after": "7"}, Wait(7, "retry-after")),
        ({"retry-after-ms": "90000"}, Wait(90, "retry-after-ms", ask=True)),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT", **DATE}, Wait(30, "retry-after")),
        ({"retry-after": "Sun, 22 Nov 2026 12:05:00 GMT", **DATE}, Wait(300, "retry-after", ask=True)),
        ({"retry-after": "Sun, 22 Nov 2026 11:59:00 GMT", **DATE}, OWN),
        ({"retry-after": "Sun, 99 Nov 2026 12:05:00 GMT", **DATE}, OWN),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, OWN),
        ({"x-should-retry": "true"}, OWN),
        ({"x-should-retry": "false"}, None),
        ({"X-Should-Retry": "FALSE", "retry-after": "3"}, None),
        ({"x-should-retry": "maybe"}, OWN),
    ],
)
def test_the_wait_after_the_first_429(headers: dict[str, str], wait: Wait | None) -> None:
    assert retry.wait_before(1, LIMITED, headers, chance=0) == wait


AGAIN = (408, 409, 429, 500, 502, 503, 504, 520, 529)
FINAL = (400, 401, 402, 403, 404, 413, 422)


@pytest.mark.parametrize("status", AGAIN + FINAL)
def test_which_statuses_are_sent_again(status: int) -> None:
    problem = errors.from_response(status, {}, b"")
    assert (retry.wait_before(1, problem, {}, chance=0) is not None) == (status in AGAIN)
    assert retry.wait_before(1, problem, {"x-should-retry": "true"}, chance=0) == OWN
    assert retry.wait_before(1, problem, {"x-should-retry": "false"}, chance=0) is None


def test_a_spend_limit_is_final() -> None:
    assert retry.wait_before(1, SPENT, {}, chance=0) is None


@pytest.mark.parametrize("kind", ["dns", "refused", "connect_timeout", "closed"])
def test_what_was_never_reached_is_sent_again(kind: str) -> None:
    assert retry.wait_before(1, errors.unreachable(kind, "h:1"), {}, chance=0) == OWN


@pytest.mark.parametrize("kind", ["tls", "bad_address", "plain_http_refused", "no_key", "bad_key", "no_answer"])
def test_what_waiting_cannot_mend_is_not(kind: str) -> None:
    assert retry.wait_before(1, errors.unreachable(kind, "h:1"), {}, chance=0) is None


@pytest.mark.parametrize("headers", [{}, {"retry-after": "5"}, {"x-should-retry": "true"}])
def test_an_answer_that_had_begun_is_never_sent_again(headers: dict[str, str]) -> None:
    for problem in (errors.from_event({"type": "overloaded_error"}), errors.from_response(302, {}, b"")):
        assert retry.wait_before(1, problem, headers, chance=0) is None
    assert retry.wait_before(1, errors.interrupted("reset"), {}, chance=0) is None


@pytest.mark.parametrize(
    ("retries", "attempts"), [(0, []), (1, [0.5]), (2, [0.5, 1]), (10, [0.5, 1, 2, 4, 8, 8, 8, 8, 8, 8])]
)
def test_the_backoff_doubles_to_eight_seconds_and_ends(retries: int, attempts: list[float]) -> None:
    waits = [retry.wait_before(n, LIMITED, {}, chance=0, retries=retries) for n in range(1, retries + 3)]
    assert [wait.seconds for wait in waits if wait] == attempts
    assert waits[retries:] == [None, None]


@given(st.integers(1, 10), st.floats(0, 1))
def test_chance_takes_up_to_a_quarter_off(attempt: int, chance: float) -> None:
    longest = retry.wait_before(attempt, LIMITED, {}, chance=0, retries=10)
    wait = retry.wait_before(attempt, LIMITED, {}, chance=chance, retries=10)
    assert longest is not None
    assert wait is not None
    assert longest.seconds * 0.75 <= wait.seconds <= longest.seconds


@pytest.mark.fault("H-RA")
@given(st.text(), st.text(), st.text())
def test_no_header_raises_or_waits_nonsense(after: str, milliseconds: str, should: str) -> None:
    headers = {"retry-after": after, "retry-after-ms": milliseconds, "x-should-retry": should, **DATE}
    wait = retry.wait_before(1, LIMITED, headers, chance=0.5)
    assert wait is None or 0 < wait.seconds <= 30 * 24 * 3600
