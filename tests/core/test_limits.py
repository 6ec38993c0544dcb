"""Rate-limit headers of every family, whole, partial and broken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.core import http_date, limits
from workbench.core.limits import Limit, Limits

RESET = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
NOON = datetime(2026, 11, 22, 12, 40, 30, tzinfo=UTC)
CAPTURE = {
    "Date": "Sun, 22 Nov 2026 12:40:30 GMT",
    "anthropic-ratelimit-requests-limit": "1000",
    "anthropic-ratelimit-requests-remaining": "999",
    "anthropic-ratelimit-requests-reset": "2026-11-22T12:41:00Z",
    "anthropic-ratelimit-input-tokens-limit": "80000",
    "anthropic-ratelimit-input-tokens-remaining": "20000",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-22T12:41:00Z",
    "anthropic-ratelimit-output-tokens-limit": "16000",
    "anthropic-ratelimit-output-tokens-remaining": "16000",
    "anthropic-ratelimit-output-tokens-reset": "2026-11-22T12:41:00Z",
    "anthropic-ratelimit-tokens-limit": "96000",
    "anthropic-ratelimit-tokens-remaining": "36000",
    "anthropic-ratelimit-tokens-reset": "2026-11-22T12:41:00Z",
    "content-type": "text/event-stream",
}


def test_a_full_set() -> None:
    assert limits.parse(CAPTURE) == Limits(
        {
            "requests": Limit(1000, 999, RESET),
            "input_tokens": Limit(80000, 20000, RESET),
            "output_tokens": Limit(16000, 16000, RESET),
            "tokens": Limit(96000, 36000, RESET),
        },
        NOON,
    )


@pytest.mark.parametrize(
    ("headers", "buckets"),
    [
        ({"anthropic-priority-input-tokens-limit": "5"}, {"priority_input_tokens": Limit(5)}),
        ({"anthropic-priority-output-tokens-remaining": "5"}, {"priority_output_tokens": Limit(None, 5)}),
        ({"anthropic-fast-output-tokens-reset": "2026-11-22T12:41:00Z"}, {"fast_output_tokens": Limit(reset=RESET)}),
        ({"llm_provider-anthropic-ratelimit-requests-limit": "9"}, {"requests": Limit(9)}),
        ({"X-Upstream-Anthropic-RateLimit-Tokens-Limit": "9"}, {"tokens": Limit(9)}),
        (
            {
                "anthropic-ratelimit-requests-limit": "1",
                "llm_provider-anthropic-ratelimit-requests-limit": "9",
                "llm_provider-anthropic-ratelimit-requests-remaining": "8",
            },
            {"requests": Limit(1, 8)},
        ),
        (
            {
                "anthropic-ratelimit-unified-status": "allowed_warning",
                "anthropic-ratelimit-unified-reset": "1795351260",
                "anthropic-ratelimit-unified-representative-claim": "five_hour",
                "anthropic-ratelimit-unified-5h-utilization": "0.82",
                "anthropic-ratelimit-unified-5h-reset": "1795351260",
                "anthropic-ratelimit-unified-7d-status": "allowed",
                "anthropic-ratelimit-unified-overage-disabled-reason": "none",
            },
            {
                "unified": Limit(reset=RESET, status="allowed_warning"),
                "unified_5h": Limit(reset=RESET, utilization=0.82),
                "unified_7d": Limit(status="allowed"),
            },
        ),
        ({"anthropic-ratelimit-new-thing-limit": "4"}, {"new_thing": Limit(4)}),
        ({"anthropic-ratelimit-requests-reset": "2026-11-22T14:41:00.000+02:00"}, {"requests": Limit(reset=RESET)}),
        ({"anthropic-ratelimit-requests-reset": "2026-11-22T12:41:00"}, {"requests": Limit(reset=RESET)}),
    ],
)
def test_families_prefixes_and_parts(headers: dict[str, str], buckets: dict[str, Limit]) -> None:
    assert dict(limits.parse(headers) or {}) == buckets


@pytest.mark.fault("H-RL")
@pytest.mark.parametrize("nonsense", ["", "abc", "-5", "1.5", "1e5", "9" * 16, "nan", "٣", "5 tokens"])
def test_numbers_that_make_no_sense_are_unknown(nonsense: str) -> None:
    headers = {"anthropic-ratelimit-requests-limit": nonsense, "anthropic-ratelimit-requests-remaining": "4"}
    assert limits.parse(headers) == Limits({"requests": Limit(None, 4)})
    assert limits.parse({"anthropic-ratelimit-requests-limit": nonsense}) is None


@pytest.mark.fault("H-RL")
@pytest.mark.parametrize(
    "nonsense", ["", "soon", "2026-13-01T00:00:00Z", "-1", "nan", "9" * 14, "0001-01-01T00:00:00+10:00"]
)
def test_times_that_make_no_sense_are_unknown(nonsense: str) -> None:
    assert limits.parse({"anthropic-ratelimit-requests-reset": nonsense}) is None


@pytest.mark.fault("H-RL")
@pytest.mark.parametrize(
    "headers", [{}, {"date": "Sun, 22 Nov 2026 12:40:30 GMT"}, {"x-ratelimit-limit": "5"}, {"retry-after": "3"}]
)
def test_no_headers_are_no_limits(headers: dict[str, str]) -> None:
    assert limits.parse(headers) is None


NAMES = st.sampled_from(
    [
        *CAPTURE,
        "anthropic-ratelimit-unified-reset",
        "anthropic-ratelimit-unified-7d-utilization",
        *(f"x-ratelimit-{part}-tokens" for part in ("limit", "remaining", "reset")),
    ]
)


@pytest.mark.fault("H-RL")
@example({"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "x-ratelimit-reset-tokens": "9s"})
@given(st.dictionaries(NAMES, st.text() | st.from_regex(r"[0-9.:TZ+-]{0,30}")))
def test_no_header_raises(headers: dict[str, str]) -> None:
    found = limits.parse(headers)
    if found is not None:
        found.scarcest()
        assert Limits.from_mapping(found.to_mapping()) == Limits(found.buckets)


def parsed(**changes: str) -> Limits:
    found = limits.parse({**CAPTURE, **changes})
    assert found is not None
    return found


def test_the_scarcest_has_the_smallest_share_left() -> None:
    assert parsed().scarcest() == ("input_tokens", Limit(80000, 20000, RESET))
    assert Limits({"requests": Limit(10)}).scarcest() is None
    mixed = Limits({"requests": Limit(10, 5), "unified_5h": Limit(utilization=0.82), "tokens": Limit(0, 0)})
    assert mixed.scarcest() == ("unified_5h", Limit(utilization=0.82))


@pytest.mark.fault("T02")
@pytest.mark.parametrize(("elapsed", "left"), [(0.0, 30.0), (29.5, 0.5), (31.0, 0.0)])
def test_the_countdown_runs_on_the_servers_clock(elapsed: float, left: float) -> None:
    assert parsed().seconds_until_reset("requests", elapsed) == left


@pytest.mark.fault("T02")
def test_a_gateway_s_limits_go_by_the_date_that_came_with_them() -> None:
    passed_on = {
        "date": "Sun, 22 Nov 2026 12:40:00 GMT",
        "llm_provider-date": "Sun, 22 Nov 2026 12:40:30 GMT",
        "llm_provider-anthropic-ratelimit-tokens-reset": "2026-11-22T12:41:00Z",
    }
    found = limits.parse(passed_on)
    assert found is not None
    assert (found.at, found.seconds_until_reset("tokens", 0)) == (NOON, 30)
    own = limits.parse(passed_on | {"anthropic-ratelimit-tokens-reset": "2026-11-22T12:41:00Z"})
    assert own is not None
    assert own.seconds_until_reset("tokens", 0) == 60


@pytest.mark.fault("H-RL", "T02")
def test_a_countdown_is_unknown_without_a_date_a_reset_or_a_bucket() -> None:
    assert parsed(Date="today").seconds_until_reset("requests", 0) is None
    assert Limits({"requests": Limit(1)}, NOON).seconds_until_reset("requests", 0) is None
    assert parsed().seconds_until_reset("fast_input_tokens", 0) is None


@pytest.mark.fault("H-RL", "T02")
def test_a_reset_in_the_past_is_over() -> None:
    assert parsed(Date="Mon, 23 Nov 2026 12:40:30 GMT").seconds_until_reset("requests", 0) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        " Sun, 6 Nov 1994 08:49:37 GMT ",
    ],
)
def test_the_three_forms_of_an_http_date(text: str) -> None:
    assert http_date.parse(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "Sun, 31 Feb 2026 00:00:00 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 ٠٨:49:37 GMT",
    ],
)
def test_other_dates_are_none(text: str) -> None:
    assert http_date.parse(text) is None
