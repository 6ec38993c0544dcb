"""The limits of servers that tell of them as OpenAI does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import limits
from workbench.core.limits import Limit

DATE = {"date": "Sun, 22 Nov 2026 12:40:30 GMT"}
AT = datetime(2026, 11, 22, 12, 40, 30, tzinfo=UTC)
CAPTURE = {
    **DATE,
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-limit-tokens": "18000",
    "x-ratelimit-remaining-requests": "14370",
    "x-ratelimit-remaining-tokens": "17997",
    "x-ratelimit-reset-requests": "2m59.56s",
    "x-ratelimit-reset-tokens": "7.66s",
}


def test_a_full_set() -> None:
    found = limits.parse(CAPTURE)
    assert found is not None
    assert dict(found) == {
        "requests": Limit(14400, 14370, AT + timedelta(seconds=179.56)),
        "tokens": Limit(18000, 17997, AT + timedelta(seconds=7.66)),
    }
    assert found.seconds_until_reset("tokens", 0.66) == pytest.approx(7)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("1h2m3s", 3723), ("1d", 86400), ("59", 59), ("0.5", 0.5), ("0s", 0)],
)
def test_how_long_until_it_is_full(text: str, seconds: float) -> None:
    found = limits.parse({**DATE, "x-ratelimit-reset-requests": text})
    assert found is not None
    assert found.seconds_until_reset("requests", 0) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "s", "-1s", "1 s", "1s1m", "nan", "inf", "1e9", "soon", "٣s", "9" * 30, "1.s"])
def test_a_time_that_makes_no_sense_is_unknown(text: str) -> None:
    assert limits.parse({**DATE, "x-ratelimit-reset-requests": text}) is None


def test_without_a_date_there_is_no_time_and_the_counts_stay() -> None:
    found = limits.parse({name: value for name, value in CAPTURE.items() if name != "date"})
    assert found is not None
    assert found["requests"] == Limit(14400, 14370)


def test_the_vendor_s_own_headers_go_before_those_of_a_gateway() -> None:
    found = limits.parse({**CAPTURE, "anthropic-ratelimit-requests-limit": "50"})
    assert dict(found or {}) == {"requests": Limit(50)}


def test_a_prefix_is_taken_and_other_names_are_not() -> None:
    assert dict(limits.parse({"llm_provider-x-ratelimit-remaining-tokens": "5"}) or {}) == {"tokens": Limit(None, 5)}
    for name in ("x-ratelimit-limit", "x-ratelimit-limit-images", "x-ratelimit-reset", "ratelimit-limit-tokens"):
        assert limits.parse({name: "5"}) is None


@given(st.dictionaries(st.sampled_from([*CAPTURE]), st.text() | st.from_regex(r"[0-9.dhms]{0,30}", fullmatch=True)))
def test_no_header_raises(headers: dict[str, str]) -> None:
    found = limits.parse(headers)
    for name in found or ():
        assert found is not None
        assert found.seconds_until_reset(name, 0) is None or found[name].reset is not None
