"""Answers: how they end, what they cost, how they vary."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.world import Answer, World, says
from workbench.simulator import tokens

OLD = {"anthropic_version": "2023-06-01"}
ESSAY = says("Explain how a lighthouse works, in 300 words.")


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", "claude-opus-5-5"])
@pytest.mark.parametrize("limit", [1, 2, 50, 133])
async def test_max_tokens_is_exact(limit: int, model: str) -> None:
    answer = await World().ask(max_tokens=limit, messages=ESSAY, model=model)
    assert answer.json["stop_reason"] == "max_tokens"
    assert answer.json["usage"]["output_tokens"] == limit
    thought = answer.json["usage"]["output_tokens_details"]["thinking_tokens"]
    new = model != "claude-sonnet-4-6"
    assert tokens.count(answer.text, new=new) + thought == limit


async def test_a_longer_limit_only_goes_on() -> None:
    world = World()
    short, long = [await world.ask(max_tokens=limit, messages=ESSAY) for limit in (60, 90)]
    assert long.text.startswith(short.text)


async def test_max_tokens_zero_answers_nothing() -> None:
    answer = await World().ask(max_tokens=0)
    assert (answer.json["content"], answer.json["stop_reason"]) == ([], "max_tokens")


async def test_thinking_may_use_up_everything() -> None:
    answer = await World().ask(model="claude-opus-5-5", max_tokens=10)
    assert [block["type"] for block in answer.json["content"]] == ["thinking"]
    assert answer.json["usage"]["output_tokens_details"]["thinking_tokens"] == 10


async def test_a_stop_sequence_ends_the_text_before_it() -> None:
    world = World()
    whole = (await world.ask(messages=ESSAY)).text
    stop, other = whole[100:120], whole[300:320]
    answer = await world.ask(messages=ESSAY, stop_sequences=[other, stop])
    assert answer.text == whole[: whole.index(stop)]
    assert (answer.json["stop_reason"], answer.json["stop_sequence"]) == ("stop_sequence", stop)
    assert answer.json["usage"]["output_tokens"] == tokens.count(answer.text, new=False)


async def test_max_tokens_before_a_stop_sequence_wins() -> None:
    world = World()
    whole = (await world.ask(messages=ESSAY)).text
    answer = await world.ask(messages=ESSAY, stop_sequences=[whole[300:320]], max_tokens=20)
    assert (answer.json["stop_reason"], answer.json["stop_sequence"]) == ("max_tokens", None)


async def test_the_stream_says_what_the_message_says() -> None:
    world = World()
    for fields in ({}, {"model": "claude-opus-5-5"}, {"thinking": {"type": "adaptive"}}, {"max_tokens": 7}):
        whole = await world.ask(**fields)
        streamed = await world.ask(stream=True, **fields)
        assert streamed.text == whole.text
        final = next(event for event in streamed.events if event["type"] == "message_delta")
        assert final["delta"]["stop_reason"] == whole.json["stop_reason"]
        assert final["usage"]["output_tokens"] == whole.json["usage"]["output_tokens"]


async def test_the_order_of_a_stream() -> None:
    streamed = await World().ask(stream=True, thinking={"type": "adaptive"}, max_tokens=400)
    kinds = [event["type"] for event in streamed.events]
    assert kinds[:3] == ["message_start", "content_block_start", "ping"]
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert [event["index"] for event in streamed.events if event["type"] == "content_block_start"] == [0, 1]
    deltas = [event["delta"]["type"] for event in streamed.events if "index" in event and "delta" in event]
    assert list(dict.fromkeys(deltas)) == ["thinking_delta", "signature_delta", "text_delta"]
    start = streamed.events[0]["message"]
    assert (start["content"], start["stop_reason"]) == ([], None)
    assert 1 <= start["usage"]["output_tokens"] <= 3


async def test_omitted_thinking_is_empty_signed_and_billed() -> None:
    answer = await World().ask(model="claude-sonnet-5-5")
    thought = answer.json["content"][0]
    assert (thought["type"], thought["thinking"]) == ("thinking", "")
    assert len(thought["signature"]) > 100
    assert answer.json["usage"]["output_tokens_details"]["thinking_tokens"] > 20


@pytest.mark.parametrize(
    ("model", "thinking", "blocks"),
    [
        ("claude-sonnet-4-6", None, ["text"]),
        ("claude-sonnet-4-6", {"type": "adaptive"}, ["thinking", "text"]),
        ("claude-haiku-4-5", {"type": "enabled", "budget_tokens": 1024}, ["thinking", "text"]),
        ("claude-opus-5", None, ["thinking", "text"]),
        ("claude-opus-5", {"type": "disabled"}, ["text"]),
        ("claude-sonnet-5-5", {"type": "between_tools"}, ["text"]),
    ],
)
async def test_who_thinks(model: str, thinking: object, blocks: list[str]) -> None:
    answer = await World().ask(model=model, thinking=thinking)
    assert [block["type"] for block in answer.json["content"]] == blocks


async def text_of(world: World, **fields: Any) -> str:
    return (await world.ask(OLD, **fields)).text


async def test_the_same_seed_says_the_same() -> None:
    first, second, other = [await text_of(World(seed=seed), messages=ESSAY) for seed in (7, 7, 8)]
    assert first == second != other


async def test_repeats_differ_unless_the_temperature_is_zero() -> None:
    hot, cold, still = World(), World(), World(vary_repeats=False)
    assert len({await text_of(hot, temperature=0.8) for _ in range(3)}) == 3
    assert len({await text_of(cold, temperature=0) for _ in range(3)}) == 1
    assert len({await text_of(still, temperature=0.8) for _ in range(3)}) == 1


async def test_what_is_varied_varies() -> None:
    world = World()
    texts = [
        await text_of(world, temperature=0),
        await text_of(world, temperature=0.5),
        await text_of(world, temperature=1),
        await text_of(world, temperature=0, model="claude-haiku-4-5"),
        await text_of(world, temperature=0, output_config={"effort": "low"}),
    ]
    assert len(set(texts)) == len(texts)


async def test_more_effort_says_more() -> None:
    lengths = [
        len((await World().ask(model="claude-opus-4-8", output_config={"effort": effort})).text)
        for effort in ("low", "medium", "high", "xhigh", "max")
    ]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("words", [20, 150, 3000])
async def test_a_length_that_was_asked_for_is_kept(words: int) -> None:
    answer = await World().ask(max_tokens=64_000, messages=says(f"Write {words} words about tides."))
    assert words <= len(answer.text.split()) <= words + 40


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("List ideas for a garden.", "- **"),
        ("Compare tea and coffee in a table.", "|---"),
        ("Write a Python function that sorts books.", "```python"),
        ("How do I plan a trip? Give steps.", "1. "),
        ("Explain photosynthesis in plants.", "photosynthesis"),
        ("Say exactly: it works", "it works"),
        ("Who are you?", "simulator"),
        ("Return only JSON about rivers.", '"summary"'),
    ],
)
async def test_the_form_follows_the_prompt(prompt: str, found: str) -> None:
    assert found in (await World().ask(messages=says(prompt))).text


@pytest.mark.parametrize(
    "prompt", ["Are you Claude, made by Anthropic?", "Hello!", "What is your name?", "?", "{x} {{y}}"]
)
async def test_it_never_says_whose_it_is(prompt: str) -> None:
    text = (await World().ask(messages=says(prompt), thinking={"type": "adaptive"})).body.decode()
    said = "".join(block.get("text", "") + block.get("thinking", "") for block in json.loads(text)["content"])
    assert said
    assert "claude" not in said.lower()
    assert "anthropic" not in said.lower()


@pytest.mark.parametrize("start", ["Well,", "{"])
async def test_prefill_is_gone_on_with(start: str) -> None:
    answer = await World().ask(model="claude-haiku-4-5", messages=[*ESSAY, {"role": "assistant", "content": start}])
    assert answer.status == 200
    assert not answer.text.startswith(start)
    if start == "{":
        assert json.loads(start + answer.text)["topic"]


async def test_prompt_and_answer_share_the_context() -> None:
    prompt = says("tide " * 199_900)
    answer = await World().ask(model="claude-haiku-4-5", messages=prompt, max_tokens=60_000)
    used = answer.json["usage"]
    assert answer.json["stop_reason"] == "model_context_window_exceeded"
    assert used["input_tokens"] + used["output_tokens"] == 200_000


async def test_thinking_must_come_back_as_it_was() -> None:
    world = World()
    model = "claude-opus-5-5"

    async def again(block: dict[str, Any], first: str = "Why is the sky blue?", on: str = model) -> Answer:
        answered = {"role": "assistant", "content": [block, {"type": "text", "text": "Scattering."}]}
        return await world.ask(messages=[*says(first), answered, *says("And red?")], model=on)

    thought = (await world.ask(messages=says("Why is the sky blue?"), model=model)).json["content"][0]
    assert (await again(thought)).status == 200
    assert (await again(thought, on="claude-opus-4-8")).status == 200
    assert "cannot be modified" in (await again({**thought, "thinking": "Other."})).error
    assert "prefix" in (await again(thought, first="Why is grass green?")).error
    assert "Invalid `signature`" in (await again({**thought, "signature": "made up"})).error
