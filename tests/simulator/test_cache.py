"""Prompt caching: what is written, what is read, for how long, and who pays."""

from __future__ import annotations

from typing import Any

from tests.simulator.world import Answer, World, says

LONG = "The lighthouse keeper writes down every ship that passes the rock. " * 120
EPHEMERAL = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}


def system(text: str = LONG, control: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text, "cache_control": control or EPHEMERAL}]


def split(answer: Answer) -> tuple[int, int, int]:
    """Written for five minutes, written for an hour, read."""
    used = answer.json["usage"]
    made = used["cache_creation"]
    short, long = made["ephemeral_5m_input_tokens"], made["ephemeral_1h_input_tokens"]
    assert used["cache_creation_input_tokens"] == short + long
    return short, long, used["cache_read_input_tokens"]


async def test_the_second_request_reads_what_the_first_wrote() -> None:
    world = World()
    first = await world.ask(system=system())
    second = await world.ask(system=system(), messages=says("Another question."))
    written = split(first)[0]
    assert written > 1024
    assert split(first) == (written, 0, 0)
    assert split(second) == (0, 0, written)
    assert 0 < second.json["usage"]["input_tokens"] < 20


async def test_the_whole_prompt_is_always_the_sum() -> None:
    world = World()
    body = {"model": "claude-sonnet-4-6", "messages": says("Hi"), "system": system()}
    counted = (await world.call("POST", "/v1/messages/count_tokens", body)).json["input_tokens"]
    for _ in range(2):
        used = (await world.ask(system=system(), messages=says("Hi"))).json["usage"]
        parts = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        assert sum(used[name] for name in parts) == counted


async def test_too_short_is_silently_not_cached() -> None:
    world = World()
    for _ in range(2):
        assert split(await world.ask(system=system("Short."))) == (0, 0, 0)


async def test_the_minimum_is_the_models() -> None:
    world = World()
    assert split(await world.ask(model="claude-opus-4-6", system=system()))[0] == 0
    assert split(await world.ask(model="claude-opus-5-5", system=system()))[0] > 512


async def test_lifetimes_count_from_the_start_of_the_request_and_reading_renews() -> None:
    world = World()
    await world.ask(system=system())
    world.time.seconds += 299
    assert split(await world.ask(system=system()))[2] > 0
    world.time.seconds += 299
    assert split(await world.ask(system=system()))[2] > 0
    world.time.seconds += 301
    assert split(await world.ask(system=system()))[2] == 0


async def test_an_hour_is_an_hour() -> None:
    world = World()
    assert split(await world.ask(system=system(control=HOUR)))[1] > 0
    world.time.seconds += 3599
    assert split(await world.ask(system=system(control=HOUR)))[2] > 0


async def test_an_hour_may_not_follow_five_minutes() -> None:
    answer = await World().ask(system=[*system(), *system("x", HOUR)])
    assert answer.status == 400
    assert "ttl" in answer.error


async def test_what_comes_before_must_be_the_same() -> None:
    world = World()
    await world.ask(system=system())
    assert split(await world.ask(system=system("A" + LONG)))[2] == 0
    assert split(await world.ask(system=system(), model="claude-sonnet-4-5"))[2] == 0
    assert split(await world.ask(system=system(), output_config={"effort": "low"}))[2] == 0
    assert split(await world.ask(system=system(), thinking={"type": "adaptive"}))[2] == 0
    assert split(await world.ask(system=system()))[2] > 0


async def test_automatic_caching_follows_a_growing_conversation() -> None:
    world = World()
    history = says(LONG)
    first = await world.ask(messages=history, cache_control=EPHEMERAL)
    history = [*history, {"role": "assistant", "content": first.json["content"]}, *says("And then?")]
    second = await world.ask(messages=history, cache_control=EPHEMERAL)
    assert split(second)[2] == split(first)[0]
    assert split(second)[0] > 0
    assert second.json["usage"]["input_tokens"] == 0


async def test_a_breakpoint_looks_back_twenty_blocks_and_no_further() -> None:
    for between, read in ((19, True), (21, False)):
        world = World()
        head = [{"type": "text", "text": LONG, "cache_control": EPHEMERAL}]
        more = [{"type": "text", "text": f"Point {number}."} for number in range(between)]
        tail = [{"type": "text", "text": "The end.", "cache_control": EPHEMERAL}]
        await world.ask(messages=[{"role": "user", "content": head}])
        plain = [{"type": "text", "text": LONG}]
        answer = await world.ask(messages=[{"role": "user", "content": [*plain, *more, *tail]}])
        assert (split(answer)[2] > 0) is read


async def test_an_entry_is_readable_only_once_the_first_answer_began() -> None:
    world = World(speed=90)
    held: list[Answer] = []

    async def sleep(seconds: float) -> None:
        if not held:
            held.append(Answer(0, {}, b""))
            held[0] = await world.ask(system=system(), messages=says("At the same time."))
        world.time.seconds += seconds

    world.service.sleep = sleep
    first = await world.ask(system=system())
    assert split(first)[2] == split(held[0])[2] == 0
    assert split(first)[0] == split(held[0])[0] > 0
    assert split(await world.ask(system=system()))[2] > 0
