"""The official SDK in front of the simulator: breakpoints, their prices' split, and why a cache was missed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.official import anthropic
from workbench.core import diagnosing
from workbench.core.conversation import request_of
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.session import Lane, Message, Session
from workbench.simulator import Simulator

LONG = "The lighthouse keeper writes down every ship that passes the rock. " * 120
FIVE: Any = {"type": "ephemeral", "ttl": "5m"}
HOUR: Any = {"type": "ephemeral", "ttl": "1h"}
TOOL: Any = {"name": "look", "description": LONG, "input_schema": {"type": "object"}}


def asked(**params: Any) -> dict[str, Any]:
    """What Workbench sends, as arguments of the SDK."""
    usual = Params(model="claude-sonnet-4-6", max_tokens=16).merge(Params(**params))
    body = Request(usual, (Turn("user", "What is a lighthouse?"),)).body()
    return {name: value for name, value in body.items() if name != "stream"}


async def test_each_breakpoint_is_billed_by_its_own_lifetime(sdk: anthropic.AsyncAnthropic) -> None:
    body = asked(system=LONG, tools=Json.of([TOOL]), cache_tools="1h", cache_system="1h", cache_control="5m")
    marked: Any = [{**TOOL, "cache_control": HOUR}]
    by_hand = await sdk.messages.count_tokens(
        model=body["model"],
        messages=[{"role": "user", "content": "What is a lighthouse?"}],
        system=[{"type": "text", "text": LONG, "cache_control": HOUR}],
        tools=marked,
    )
    first = (await sdk.messages.create(**body)).usage
    assert first.cache_creation is not None
    five, hour = first.cache_creation.ephemeral_5m_input_tokens, first.cache_creation.ephemeral_1h_input_tokens
    assert (first.input_tokens, five + hour) == (0, by_hand.input_tokens)
    assert hour > 2000
    assert 0 < five < 100
    second = (await sdk.messages.create(**body)).usage
    assert (second.cache_read_input_tokens, second.cache_creation_input_tokens) == (by_hand.input_tokens, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"system": [{"type": "text", "text": LONG, "cache_control": FIVE}] * 5}, "maximum of 4 blocks"),
        (
            {
                "system": [{"type": "text", "text": LONG, "cache_control": FIVE}],
                "messages": [{"role": "user", "content": [{"type": "text", "text": LONG, "cache_control": HOUR}]}],
            },
            "must not come after",
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": "Hi"},
                    {
                        "role": "assistant",
                        "content": [{"type": "thinking", "thinking": "", "signature": "x", "cache_control": FIVE}],
                    },
                    {"role": "user", "content": "Hi"},
                ]
            },
            "Extra inputs",
        ),
    ],
)
async def test_what_cannot_be_marked_is_refused(
    sdk: anthropic.AsyncAnthropic, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=words):
        await sdk.messages.create(**{**asked(), **change})


CHANGES: dict[str, tuple[dict[str, Any], bool]] = {
    "model_changed": ({"model": "claude-opus-4-6"}, True),
    "system_changed": ({"system": [{"type": "text", "text": f"{LONG}!", "cache_control": FIVE}]}, True),
    "tools_changed": ({"tools": [TOOL]}, True),
    "messages_changed": ({"messages": [{"role": "user", "content": "Another question?"}]}, True),
    "unavailable": ({"output_config": {"effort": "low"}}, False),
}


async def test_a_miss_has_its_reason(sdk: anthropic.AsyncAnthropic) -> None:
    """Every reason that the SDK knows; the words for a person know them too."""
    body = asked(system=LONG, cache_system="5m")
    first = await sdk.messages.create(**body)
    assert first.diagnostics is None
    pointing = {"diagnostics": {"previous_message_id": first.id}}
    assert (await sdk.messages.create(**body, extra_body=pointing)).diagnostics is None
    for kind, (change, has_tokens) in CHANGES.items():
        changed = await sdk.messages.create(**{**body, **change}, extra_body=pointing)
        assert changed.diagnostics is not None
        reason = changed.diagnostics.cache_miss_reason
        assert reason is not None
        assert reason.type == kind
        assert hasattr(reason, "cache_missed_input_tokens") is has_tokens
    lost = await sdk.messages.create(**body, extra_body={"diagnostics": {"previous_message_id": "msg_of_nobody"}})
    assert lost.diagnostics is not None
    assert lost.diagnostics.cache_miss_reason is not None
    assert {*CHANGES, lost.diagnostics.cache_miss_reason.type} == {*diagnosing.REASONS}
    nothing = await sdk.messages.create(**body, extra_body={"diagnostics": {"previous_message_id": None}})
    assert nothing.diagnostics is None
    longer = [*body["messages"], {"role": "assistant", "content": "A tower."}, {"role": "user", "content": "And?"}]
    going_on = await sdk.messages.create(**{**body, "messages": longer}, extra_body=pointing)
    assert going_on.diagnostics is None


async def test_the_body_is_the_one_that_the_sdk_sends_for_the_same(
    sdk: anthropic.AsyncAnthropic, simulator: Simulator
) -> None:
    """Field by field, as it arrives: breakpoints on tools, system prompt and turns, and the automatic one."""
    messages = (
        Message("m1", "user", "Hi", cache="1h"),
        Message("m2", "assistant", "Ho.", "m1", cache="5m"),
        Message("m3", "user", "And?", "m2"),
    )
    params = Params(
        model="claude-sonnet-4-6",
        max_tokens=16,
        system="Be brief.",
        tools=Json.of([TOOL]),
        cache_tools="1h",
        cache_control="5m",
        diagnostics=Json.of({"previous_message_id": None}),
    )
    session = Session(params=params, messages=messages, lanes=(Lane(tip="m3"),))
    ours = request_of(session, session.lanes[0], "m3").body(stream=False)
    spoken: Any = [
        {"role": "user", "content": [{"type": "text", "text": "Hi", "cache_control": HOUR}]},
        {"role": "assistant", "content": [{"type": "text", "text": "Ho.", "cache_control": FIVE}]},
        {"role": "user", "content": "And?"},
    ]
    marked: Any = [{**TOOL, "cache_control": HOUR}]
    await sdk.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=16,
        system="Be brief.",
        tools=marked,
        messages=spoken,
        cache_control=FIVE,
        diagnostics={"previous_message_id": None},
    )
    assert json.loads(simulator.received[-1].body) == ours
