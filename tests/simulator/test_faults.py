"""Faults on demand, by header and by rate, and the pace of an answer."""

from __future__ import annotations

import json

import pytest

from tests.simulator.world import World, says
from workbench.simulator import Fault, parse_fault
from workbench.simulator.errors import TYPES

ESSAY = says("Explain how a lighthouse works, in 200 words.")


@pytest.mark.parametrize("status", [status for status in TYPES if status != 405])
async def test_every_status_of_the_error_table(status: int) -> None:
    answer = await World().ask({"x_simulate_error": str(status)})
    assert answer.status == status
    assert answer.json["error"]["type"] == TYPES[status]
    assert answer.json["request_id"].startswith("req_")
    assert ("retry-after" in answer.headers) is (status == 429)


async def test_only_the_first_tries_fail() -> None:
    world = World()
    wanted = {"x_simulate_error": "529", "x_simulate_times": "2", "x_simulate_retry_after": "3"}
    answers = [await world.ask(wanted) for _ in range(4)]
    assert [answer.status for answer in answers] == [529, 529, 200, 200]
    assert answers[0].headers["retry-after"] == "3"
    assert (await world.ask(wanted, messages=ESSAY)).status == 529


async def test_an_unknown_fault_is_said() -> None:
    answer = await World().ask({"x_simulate_error": "meteor"})
    assert answer.status == 400
    assert "'meteor' is none of" in answer.error


@pytest.mark.parametrize(
    ("kind", "end", "last"),
    [
        ("stream-error", "whole", "error"),
        ("cut", "cut", "content_block_delta"),
        ("stall", "silence", "content_block_delta"),
        ("end", "whole", "content_block_delta"),
    ],
)
async def test_faults_in_the_stream(kind: str, end: str, last: str) -> None:
    world = World()
    whole = (await world.ask(messages=ESSAY)).text
    broken = await world.ask({"x_simulate_error": kind, "x_simulate_after": "12"}, messages=ESSAY, stream=True)
    assert (broken.status, broken.end, broken.events[-1]["type"]) == (200, end, last)
    assert whole.startswith(broken.text)
    assert 20 < len(broken.text) < 100


async def test_the_error_event_is_overloaded() -> None:
    broken = await World().ask({"x_simulate_error": "stream-error"}, messages=ESSAY, stream=True)
    assert broken.events[-1]["error"] == {"type": "overloaded_error", "message": "Overloaded"}


async def test_malformed_is_no_json() -> None:
    broken = await World().ask({"x_simulate_error": "malformed"}, messages=ESSAY, stream=True)
    with pytest.raises(json.JSONDecodeError):
        _ = broken.events
    whole = await World().ask({"x_simulate_error": "malformed"}, messages=ESSAY)
    with pytest.raises(json.JSONDecodeError):
        _ = whole.json


@pytest.mark.parametrize(
    ("kind", "end"), [("cut", "cut"), ("stall", "silence"), ("end", "whole"), ("stream-error", "whole")]
)
async def test_a_fault_also_meets_a_short_answer_before_its_end_is_told(kind: str, end: str) -> None:
    broken = await World().ask({"x_simulate_error": kind, "x_simulate_after": "9999"}, stream=True)
    assert broken.end == end
    assert broken.events[-1]["type"] == ("error" if kind == "stream-error" else "content_block_stop")


async def test_a_short_answer_that_trickles_is_whole() -> None:
    slow = await World().ask({"x_simulate_error": "slow", "x_simulate_after": "9999"}, stream=True)
    assert [each["type"] for each in slow.events[-2:]] == ["message_delta", "message_stop"]


async def test_slow_trickles() -> None:
    world = World(speed=90)
    before = world.time.seconds
    answer = await world.ask({"x_simulate_error": "slow"}, messages=ESSAY, stream=True, max_tokens=80)
    assert answer.events[-1]["type"] == "message_stop"
    assert world.time.seconds - before > 60 / 3 * 0.6


@pytest.mark.parametrize(("kind", "end"), [("cut", "cut"), ("stall", "silence"), ("slow", "whole")])
async def test_faults_of_a_message_that_is_not_streamed(kind: str, end: str) -> None:
    answer = await World().ask({"x_simulate_error": kind})
    assert (answer.status, answer.end) == (200, end)
    assert (await World().ask({"x_simulate_error": "stream-error"})).status == 529


async def test_rates_are_met_and_repeatable() -> None:
    async def statuses() -> list[int]:
        world = World(seed=3, faults=(Fault("529", 0.3), Fault("500", 0.2)))
        return [(await world.ask(max_tokens=1)).status for _ in range(200)]

    found = await statuses()
    assert found == await statuses()
    assert 40 <= found.count(529) <= 80
    assert 15 <= found.count(500) <= 45


async def test_rates_leave_the_other_routes_alone() -> None:
    world = World(faults=(Fault("500", 1.0),))
    assert (await world.call("GET", "/v1/models")).status == 200
    assert (await world.ask()).status == 500


def test_faults_of_the_command_line() -> None:
    assert parse_fault("529:0.25") == Fault("529", 0.25)
    assert parse_fault("stall:1") == Fault("stall", 1.0)
    for wrong, words in (
        ("meteor:0.1", "'meteor' is no kind of fault; write KIND:RATE"),
        ("529", "the rate of 529 is a number from 0 to 1"),
        ("529:2", "the rate of 529"),
        ("529:-1", "the rate of 529"),
        ("529:nan", "the rate of 529"),
    ):
        with pytest.raises(ValueError, match=words):
            parse_fault(wrong)


async def test_the_pace_is_the_speed() -> None:
    world = World(speed=50)
    before = world.time.seconds
    answer = await world.ask(messages=ESSAY, stream=True)
    made = answer.events[-2]["usage"]["output_tokens"]
    assert 0.8 < (made / 50 + 0.5) / (world.time.seconds - before) < 1.2


async def test_a_longer_prompt_takes_longer_to_begin() -> None:
    waits = []
    for words in (10, 20_000):
        world = World(speed=90)
        await world.ask(messages=says("tide " * words), max_tokens=1, stream=True)
        waits.append(world.time.slept[0])
    assert waits[0] < 0.5
    assert 1 < waits[1] < 5


async def test_as_fast_as_it_can_never_waits() -> None:
    world = World(speed=0)
    await world.ask(messages=ESSAY, stream=True)
    assert sum(world.time.slept) == 0
