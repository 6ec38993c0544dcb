"""Rate limits: honest buckets, the headers about them, and the 429 when one is empty."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.simulator.world import START, Answer, FakeClock, World, says
from workbench.simulator import parse_limits
from workbench.simulator.buckets import Buckets
from workbench.simulator.server import DEFAULT_LIMITS

LONG = "The lighthouse keeper writes down every ship that passes the rock. " * 120


def trio(answer: Answer, name: str) -> tuple[int, int, float]:
    """Limit, what is left, and the seconds until it is full, after the clock's start."""
    stem = f"anthropic-ratelimit-{name}"
    reset = datetime.fromisoformat(answer.headers[f"{stem}-reset"])
    return (
        int(answer.headers[f"{stem}-limit"]),
        int(answer.headers[f"{stem}-remaining"]),
        (reset - START).total_seconds(),
    )


async def test_a_request_takes_one_and_it_comes_back() -> None:
    world = World(limits=(60, 6000, 60_000))
    assert trio(await world.ask(), "requests") == (60, 59, 1)
    assert trio(await world.ask(), "requests") == (60, 58, 2)
    world.time.seconds += 10
    assert trio(await world.ask(), "requests") == (60, 59, 11)


def test_the_usual_limits_let_the_output_gauge_rise_while_one_answer_streams() -> None:
    time = FakeClock()
    buckets = Buckets(DEFAULT_LIMITS, time.clock)
    left = []
    for _ in range(10):
        time.seconds += 1
        buckets.spend(90)
        left.append(buckets.output_tokens.remaining)
    assert left == sorted(left, reverse=True)
    assert DEFAULT_LIMITS[2] - left[-1] > DEFAULT_LIMITS[2] / 20


async def test_input_and_output_are_counted_by_what_they_are() -> None:
    world = World(limits=(60, 6000, 6000))
    answer = await world.ask()
    used = answer.json["usage"]
    assert trio(answer, "input-tokens")[1] == 6000 - used["input_tokens"]
    assert trio(answer, "output-tokens")[1] == 6000 - used["output_tokens"]
    assert trio(answer, "tokens")[:2] == (12000, 12000 - used["input_tokens"] - used["output_tokens"])


async def test_the_empty_bucket_says_how_long_to_wait() -> None:
    world = World(limits=(2, 100_000, 100_000))
    assert [(await world.ask()).status for _ in range(3)] == [200, 200, 429]
    refused = await world.ask()
    assert refused.json["error"]["type"] == "rate_limit_error"
    assert "rate limit of 2 requests per minute" in refused.error
    assert refused.headers["retry-after"] == "30"
    assert trio(refused, "requests") == (2, 0, 60)
    world.time.seconds += 29
    assert (await world.ask()).status == 429
    world.time.seconds += 1
    assert (await world.ask()).status == 200


async def test_too_much_input_is_refused_before_it_is_read() -> None:
    world = World(limits=(60, 3000, 6000))
    first = await world.ask(messages=says(LONG))
    assert first.status == 200
    left = trio(first, "input-tokens")[1]
    refused = await world.ask(messages=says(LONG))
    assert (refused.status, trio(refused, "input-tokens")[1]) == (429, left)
    assert trio(refused, "requests")[1] == 59
    world.time.seconds += int(refused.headers["retry-after"])
    assert (await world.ask(messages=says(LONG))).status == 200


async def test_what_is_read_from_the_cache_is_free() -> None:
    world = World(limits=(60, 3000, 60_000))
    system = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
    statuses = [(await world.ask(system=system)).status for _ in range(5)]
    assert statuses == [200] * 5


async def test_output_goes_into_debt_and_max_tokens_does_not_count() -> None:
    world = World(limits=(60, 6000, 100))
    assert (await world.ask(max_tokens=64_000)).status == 200
    refused = await world.ask()
    assert (refused.status, trio(refused, "output-tokens")[1]) == (429, 0)
    assert int(refused.headers["retry-after"]) > 30


async def test_a_class_of_models_shares_its_limits() -> None:
    world = World(limits=(1, 6000, 6000))
    assert (await world.ask(model="claude-opus-4-8")).status == 200
    assert (await world.ask(model="claude-opus-4-7")).status == 429
    assert (await world.ask(model="claude-opus-5-5")).status == 200


async def test_counting_has_a_limit_of_its_own() -> None:
    world = World(limits=(1, 6000, 6000))
    body = {"model": "claude-opus-4-8", "messages": says("Hi")}
    answers = [await world.call("POST", "/v1/messages/count_tokens", body) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[0].json == {"input_tokens": 8}
    assert (await world.ask(model="claude-opus-4-8")).status == 200


async def test_large_limits_are_rounded_to_thousands() -> None:
    world = World(limits=(1000, 2_000_000, 400_000))
    answer = await world.ask(messages=says(LONG))
    assert trio(answer, "input-tokens")[1] == 1_998_000


async def test_fast_mode_has_limits_of_its_own() -> None:
    world = World(limits=(60, 6000, 6000))
    answer = await world.ask(model="claude-opus-5-5", speed="fast")
    assert answer.json["usage"]["speed"] == "fast"
    assert int(answer.headers["anthropic-fast-input-tokens-remaining"]) < 6000
    assert "anthropic-ratelimit-input-tokens-limit" not in answer.headers
    other = await world.ask(model="claude-opus-5-5", max_tokens=0)
    assert trio(other, "output-tokens")[1] == 6000


async def test_without_limits_there_are_no_headers() -> None:
    assert not [name for name in (await World().ask()).headers if "ratelimit" in name]


def test_limits_of_the_command_line() -> None:
    assert parse_limits("50, 40_000,8000") == (50, 40_000, 8000)
    for wrong in ("", "1,2", "1,2,0", "1,2,-3", "a,b,c", "1,2,3,4", "1.5,2,3"):
        with pytest.raises(ValueError, match="RPM,ITPM,OTPM, such as 50,20000,4000"):
            parse_limits(wrong)
