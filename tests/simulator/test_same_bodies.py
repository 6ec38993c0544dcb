"""One request in the SDK's words and in Workbench's: both are taken, and both send the same, field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pytest

from tests.engine.running import KEY, WHEN, running
from tests.simulator.official import anthropic
from workbench.core.endpoint import Endpoint
from workbench.core.exports.sdk import ARGUMENTS
from workbench.core.kinds import Json
from workbench.core.params import read_settings
from workbench.core.request import COUNTED, Request, Turn
from workbench.core.run import Run
from workbench.core.state import State
from workbench.engine.wire import Wire
from workbench.simulator import Simulator

PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OPUS, SONNET, OLDER, OLDEST = "claude-opus-5-5", "claude-sonnet-5-5", "claude-sonnet-4-6", "claude-haiku-4-5"
HI: Final = ({"role": "user", "content": "Hello."},)
EPHEMERAL: Final = {"type": "ephemeral"}
IMAGE: Final = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
TEXT: Final = {"type": "text", "text": "What is it?"}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"zone": {"type": ["string", "null"]}, "rate": {"type": "number", "enum": [0.1, 1e-07]}},
    "required": ["zone"],
    "additionalProperties": False,
}
TOOL: Final = {"name": "clock", "description": "The time.", "input_schema": SCHEMA}
ROUND: Final = (
    *HI,
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "clock", "input": {"zone": None}}]},
)
OLD: Final = {"anthropic-version": "2023-06-01"}


NEVER: Final = {"previous_message_id": None}


class Row(NamedTuple):
    """The same request twice."""

    sdk: dict[str, Any]
    """The SDK's arguments, but for the messages, the model and `max_tokens`."""
    settings: Mapping[str, str] = {}
    """What follows `--set`."""
    messages: tuple[Any, ...] = HI
    model: str = OPUS


def text(value: object) -> str:
    """As a person would write it after `--set NAME=`."""
    return json.dumps(value)


def user(*blocks: object) -> tuple[Any, ...]:
    return ({"role": "user", "content": [*blocks]},)


ROWS: Final[Mapping[str, Row]] = {
    "plain": Row({}),
    "system and stops": Row(
        {"system": "Be brief.\nAlways.", "stop_sequences": ["\n\nHuman:", "END"]},
        {"system": "Be brief.\nAlways.", "stop_sequences": '["\\n\\nHuman:", "END"]'},
    ),
    "temperature": Row(
        {"extra_body": {"temperature": 0.2, "top_k": 40}, "extra_headers": OLD},
        {"temperature": "0.2", "top_k": "40"},
        model=OLDER,
    ),
    "top p": Row({"extra_body": {"top_p": 0.9}, "extra_headers": OLD}, {"top_p": "0.9"}, model=OLDEST),
    "version": Row({"extra_headers": OLD}, {"version": "2023-06-01"}),
    "thinking adaptive": Row(
        {"thinking": {"type": "adaptive", "display": "summarized"}},
        {"thinking": "adaptive", "thinking_display": "summarized"},
    ),
    "thinking with a budget": Row(
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"thinking": "enabled", "thinking_budget": "1024"},
        model=OLDEST,
    ),
    "thinking off": Row({"thinking": {"type": "disabled"}}, {"thinking": "disabled"}, model="claude-opus-5"),
    "thinking between tools": Row(
        {"thinking": {"type": "between_tools"}, "tools": [TOOL]},
        {"thinking": "between_tools", "tools": text([TOOL])},
        model=SONNET,
    ),
    "effort": Row({"output_config": {"effort": "xhigh"}}, {"effort": "xhigh"}),
    "format": Row(
        {"output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}}},
        {"effort": "low", "output_format": text({"type": "json_schema", "schema": SCHEMA})},
    ),
    "tools": Row(
        {
            "tools": [
                {**TOOL, "strict": True, "cache_control": EPHEMERAL},
                {"type": "web_search_20260318", "name": "web_search", "max_uses": 2},
            ],
            "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        },
        {
            "tools": text(
                [
                    {**TOOL, "strict": True, "cache_control": EPHEMERAL},
                    {"type": "web_search_20260318", "name": "web_search", "max_uses": 2},
                ]
            ),
            "tool_choice": '{ type = "auto", disable_parallel_tool_use = true }',
        },
    ),
    "a tool that must be called": Row(
        {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "clock"}},
        {"tools": text([TOOL]), "tool_choice": '{ type = "tool", name = "clock" }'},
        model=OLDER,
    ),
    "a tool's result": Row(
        {"tools": [TOOL]},
        {"tools": text([TOOL])},
        (
            *ROUND,
            *user(
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": [TEXT, IMAGE], "is_error": True},
                {"type": "text", "text": "Go on."},
            ),
        ),
    ),
    "an image": Row({}, messages=user(IMAGE, TEXT)),
    "images elsewhere": Row(
        {},
        messages=user(
            {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}},
            {"type": "image", "source": {"type": "file", "file_id": "file_011CNha8iCJcU1wXNR6q4V8w"}},
            TEXT,
        ),
    ),
    "documents": Row(
        {},
        messages=user(
            {
                "type": "document",
                "source": {"type": "text", "media_type": "text/plain", "data": "Rome was not built in a day."},
                "title": "rome.txt",
                "context": "A saying.",
                "citations": {"enabled": True},
            },
            {"type": "document", "source": {"type": "content", "content": [TEXT]}, "citations": {"enabled": True}},
            TEXT,
        ),
    ),
    "cached in one go": Row({"cache_control": EPHEMERAL}, {"cache_control": "auto"}),
    "cached for an hour": Row({"cache_control": {**EPHEMERAL, "ttl": "1h"}}, {"cache_control": "1h"}),
    "cached up to a block": Row({}, messages=user({**TEXT, "cache_control": {**EPHEMERAL, "ttl": "5m"}}, TEXT)),
    "who asks and where": Row(
        {"metadata": {"user_id": "u-1"}, "service_tier": "standard_only", "inference_geo": "us"},
        {"user_id": "u-1", "service_tier": "standard_only", "inference_geo": "us"},
    ),
    "diagnostics": Row(
        {"diagnostics": {"previous_message_id": None}}, {"diagnostics": '{"previous_message_id": null}'}
    ),
    "fast": Row({"speed": "fast"}, {"speed": "fast"}),
    "fast as a beta": Row(
        {"speed": "fast", "extra_headers": {"anthropic-beta": "fast-mode-2026-02-01"}},
        {"speed": "fast"},
        model="claude-opus-5",
    ),
    "a system turn in the history": Row(
        {},
        messages=(
            *HI,
            {"role": "assistant", "content": "Hello!"},
            {"role": "user", "content": "And now?"},
            {"role": "system", "content": "Answer in French."},
        ),
    ),
}


def as_workbench_has_it(row: Row) -> Request:
    """Its settings as after `--set`, its turns as a session has them."""
    params, _ = read_settings([f"{key}={value}" for key, value in row.settings.items()])
    turns = tuple(
        Turn(each["role"], each["content"] if isinstance(each["content"], str) else Json.of(each["content"]))
        for each in row.messages
    )
    return Request(params.set("model", row.model).set("max_tokens", 2000), turns)


async def run_by_workbench(request: Request, simulator: Simulator) -> Run:
    run = Run("r1", "A", "m1", "x", request.params, request.params.model or "", WHEN)
    async with running() as runner:
        await runner.stream(run, request, Endpoint("x", simulator.base_url), KEY, wire=Wire())
    assert run.state is State.COMPLETE, run.problem
    return run


def spelled(body: object) -> str:
    """In which True is no 1."""
    return json.dumps(body, sort_keys=True)


@pytest.mark.parametrize("name", ROWS)
async def test_the_sdk_and_workbench_send_the_same(
    name: str, sdk: anthropic.AsyncAnthropic, simulator: Simulator
) -> None:
    row = ROWS[name]
    async with sdk.messages.stream(model=row.model, max_tokens=2000, messages=list(row.messages), **row.sdk) as stream:
        message = await stream.get_final_message()
    request = as_workbench_has_it(row)
    run = await run_by_workbench(request, simulator)
    theirs, ours = simulator.received
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert spelled(json.loads(ours.body)) == spelled(json.loads(theirs.body))
    for header in ("anthropic-version", "anthropic-beta", "content-type"):
        assert ours.header(header) == theirs.header(header)
    assert (theirs.method, theirs.path) == (ours.method, ours.path)
    assert message.stop_reason == run.stop_reason
    counted = {key: value for key, value in row.sdk.items() if key in (*COUNTED, "extra_headers")}
    await sdk.messages.count_tokens(model=row.model, messages=list(row.messages), **counted)
    assert spelled(json.loads(simulator.received[-1].body)) == spelled(request.count_body())


def test_the_table_has_every_field_of_the_body() -> None:
    told = {key for row in ROWS.values() for key in (*row.sdk, *row.sdk.get("extra_body", {}))}
    ways = {"extra_body", "extra_headers"}
    assert ARGUMENTS - told == {"model", "max_tokens", "messages", "container"}
    assert told - ARGUMENTS == {*ways, "temperature", "top_p", "top_k"}
