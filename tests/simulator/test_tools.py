"""Tools and structured output: values that fit their schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.world import World, says
from workbench.simulator.chance import Chance
from workbench.simulator.schema_values import fill

WEATHER = {
    "name": "get_weather",
    "description": "The weather in a city.",
    "input_schema": {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "unit": {"enum": ["C", "F"]},
            "days": {"type": "integer", "minimum": 1, "maximum": 3},
        },
        "required": ["city", "unit"],
    },
}
CLOCK = {"name": "read_clock", "description": "Current time.", "input_schema": {"type": "object", "properties": {}}}
QUESTION = says("What is the weather in Lisbon?")


def calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message["content"] if block["type"] == "tool_use"]


async def test_a_round_trip() -> None:
    world = World()
    asked = (await world.ask(messages=QUESTION, tools=[CLOCK, WEATHER])).json
    assert asked["stop_reason"] == "tool_use"
    (call,) = calls(asked)
    assert call["name"] == "get_weather"
    assert call["input"]["unit"] in {"C", "F"}
    assert 1 <= call["input"]["days"] <= 3
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": "22 degrees and sunny"}
    history = [*QUESTION, {"role": "assistant", "content": asked["content"]}, {"role": "user", "content": [result]}]
    answered = await world.ask(messages=history, tools=[CLOCK, WEATHER])
    assert answered.json["stop_reason"] == "end_turn"
    assert "22 degrees and sunny" in answered.text
    assert "get_weather" in answered.text


async def test_a_streamed_call_is_the_same_call() -> None:
    world = World()
    whole = calls((await world.ask(messages=QUESTION, tools=[WEATHER])).json)[0]
    streamed = await world.ask(messages=QUESTION, tools=[WEATHER], stream=True)
    parts = [
        e["delta"]["partial_json"] for e in streamed.events if e.get("delta", {}).get("type") == "input_json_delta"
    ]
    assert parts[0] == ""
    assert len(parts) > 3
    start = next(e["content_block"] for e in streamed.events if e.get("content_block", {}).get("type") == "tool_use")
    assert (start["name"], start["input"]) == ("get_weather", {})
    assert json.loads("".join(parts)) == whole["input"]


@pytest.mark.parametrize(
    ("choice", "names", "blocks"),
    [
        ({"type": "none"}, [], ["text"]),
        ({"type": "any"}, ["get_weather"], ["tool_use"]),
        ({"type": "tool", "name": "read_clock"}, ["read_clock"], ["tool_use"]),
        ({"type": "auto"}, ["get_weather"], ["text", "tool_use"]),
    ],
)
async def test_tool_choice(choice: dict[str, str], names: list[str], blocks: list[str]) -> None:
    message = (await World().ask(messages=QUESTION, tools=[CLOCK, WEATHER], tool_choice=choice)).json
    assert [call["name"] for call in calls(message)] == names
    assert [block["type"] for block in message["content"]] == blocks


async def test_several_at_once_unless_that_is_disabled() -> None:
    both = says("Use get_weather and read_clock.")
    for disabled, count in ((False, 2), (True, 1)):
        choice = {"type": "auto", "disable_parallel_tool_use": disabled}
        message = (await World().ask(messages=both, tools=[CLOCK, WEATHER], tool_choice=choice)).json
        assert len(calls(message)) == count


async def test_structured_output_is_json_that_fits() -> None:
    schema = {
        "type": "object",
        "properties": {
            "note": {"type": "string"},
            "label": {"type": "string", "enum": ["bug", "wish"]},
            "score": {"type": "number"},
            "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}},
        },
        "required": ["label", "score", "parts"],
        "additionalProperties": False,
        "$defs": {
            "part": {
                "type": "object",
                "properties": {"id": {"type": "integer"}},
                "required": ["id"],
                "additionalProperties": False,
            }
        },
    }
    answer = await World().ask(output_config={"format": {"type": "json_schema", "schema": schema}})
    value = json.loads(answer.text)
    assert list(value)[:3] == ["label", "score", "parts"]
    assert value["label"] in {"bug", "wish"}
    assert isinstance(value["score"], int | float)
    assert all(isinstance(part["id"], int) for part in value["parts"])


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string", "minLength": 40, "maxLength": 50}, str),
        ({"type": "integer", "exclusiveMinimum": 3, "maximum": 5}, int),
        ({"type": "integer", "multipleOf": 7}, int),
        ({"type": "number", "maximum": -5}, float),
        ({"type": ["null", "boolean"]}, bool),
        ({"type": "null"}, type(None)),
        ({"const": 4}, int),
        ({"anyOf": [{"type": "integer"}]}, int),
        ({"allOf": [{"type": "object"}, {"properties": {"a": {"const": 1}}}]}, dict),
        ({"type": "array", "minItems": 5, "items": {"type": "boolean"}}, list),
        ({"type": "object", "properties": {"self": {"$ref": "#"}}}, dict),
        ({}, str),
    ],
)
def test_values_of_every_kind(schema: dict[str, Any], kind: type) -> None:
    for number in range(20):
        value = fill(schema, Chance(number), "Which way to the old harbour?")
        assert isinstance(value, kind)
        if isinstance(value, str) and "minLength" in schema:
            assert 40 <= len(value) <= 50
        if isinstance(value, int) and "maximum" in schema:
            assert 4 <= value <= 5
        if isinstance(value, int) and "multipleOf" in schema:
            assert value % 7 == 0
        if isinstance(value, float):
            assert value <= -5
        if isinstance(value, list):
            assert len(value) == 5


def test_the_first_items_of_a_list_are_of_their_own_kinds() -> None:
    first: dict[str, Any] = {"type": "array", "prefixItems": [{"type": "null"}, {"const": "b"}]}
    assert fill({**first, "items": False}, Chance(1), "Hi") == [None, "b"]
    assert fill({**first, "items": {"type": "boolean"}}, Chance(1), "Hi")[:2] == [None, "b"]  # type: ignore[index]


WIDE = {str(at): {"$ref": "#/$defs/next"} for at in range(20)}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "minItems": 10**9},
        {"type": "array", "minItems": 10**9, "uniqueItems": True, "items": {"type": "boolean"}},
        {"type": "string", "minLength": 10**9},
        {"$ref": "#/$defs/next", "$defs": {"next": {"type": "object", "properties": WIDE, "required": [*WIDE]}}},
        {"type": "integer", "minimum": 1e308, "multipleOf": 1e-300},
        {"type": "number", "minimum": 10**400},
    ],
    ids=["long", "different", "text", "wide", "step", "bound"],
)
def test_a_schema_that_asks_for_more_than_there_is_room_for_is_given_less(schema: dict[str, Any]) -> None:
    assert len(str(fill(schema, Chance(1), "Hi"))) < 200_000
