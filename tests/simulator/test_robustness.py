"""Whatever JSON arrives is answered or refused, never a crash."""

from __future__ import annotations

import base64
import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.pictures import gif
from tests.simulator.world import World

ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 1e300, 10**30, "", "x", " ", "\ud800", [], {}, [[]], [{}], ["a", 1]),
    *({"type": "text"}, {"type": "ephemeral", "ttl": "1h"}, {"type": "object"}, {"type": ["string", "null"]}),
    *({"$ref": "#"}, {"$ref": 5}, {"enum": []}, {"anyOf": [True]}),
]
PICTURE = base64.b64encode(gif(3, 2)).decode()
TALK = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 50,
    "messages": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "n", "input": {}}]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "x"}]},
                {"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": PICTURE}},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}},
            ],
        },
    ],
    "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}],
    "tools": [
        {
            "name": "n",
            "input_schema": {
                "type": "object",
                "properties": {
                    "a": {"enum": ["q"]},
                    "b": {"type": "array", "items": {"type": "integer", "minimum": 1}},
                },
                "required": ["a"],
            },
        }
    ],
    "tool_choice": {"type": "any"},
    "stop_sequences": ["zz"],
}
FORMED = {
    "model": "claude-opus-5-5",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "Hi"}],
    "thinking": {"type": "adaptive", "display": "summarized"},
    "output_config": {
        "effort": "low",
        "format": {
            "type": "json_schema",
            "schema": {
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/z"}]}},
                "required": ["a"],
                "additionalProperties": False,
                "$defs": {"z": {"type": "integer"}},
            },
        },
    },
    "cache_control": {"type": "ephemeral"},
    "diagnostics": {"previous_message_id": "m"},
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*path, name)
        yield from places(each, (*path, name))


def spoiled(body: Any, chance: random.Random) -> Any:
    """The body with one value gone, added or replaced."""
    body = copy.deepcopy(body)
    *way, last = chance.choice(list(places(body)))
    here = body
    for name in way:
        here = here[name]
    kind = chance.random()
    if kind < 0.15 and isinstance(here, dict):
        del here[last]
    elif kind < 0.25 and isinstance(here, dict):
        here[chance.choice(["zz", "type", "$ref", "cache_control", "name", "items", "content"])] = chance.choice(ODD)
    else:
        here[last] = copy.deepcopy(chance.choice(ODD))
    return body


@pytest.mark.parametrize("body", [TALK, FORMED], ids=["talk", "formed"])
async def test_spoiled_requests_are_refused_or_answered(body: dict[str, Any]) -> None:
    world, chance = World(), random.Random(11)
    assert (await world.call("POST", "/v1/messages", body)).status == 200
    statuses = [(await world.call("POST", "/v1/messages", spoiled(body, chance))).status for _ in range(300)]
    assert set(statuses) <= {200, 400, 404}
    assert statuses.count(400) > 100


async def test_deep_nesting_is_refused() -> None:
    deep: Any = {}
    for _ in range(200):
        deep = {"type": "object", "properties": {"a": deep}}
    tools = [{"name": "n", "input_schema": deep}]
    answer = await World().call("POST", "/v1/messages", {**TALK, "tools": tools})
    assert (answer.status, "nested deeper" in answer.error) == (400, True)
