"""Ends on demand, as the official SDK reads them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.official import anthropic
from tests.simulator.world import World
from workbench.core.stop_reasons import CATEGORIES, STOP_REASONS

MODEL = "claude-sonnet-4-6"


def body(text: str, **more: Any) -> dict[str, Any]:
    return {"model": MODEL, "max_tokens": 2000, "messages": [{"role": "user", "content": text}], **more}


@pytest.mark.parametrize("reason", [*STOP_REASONS, "of_next_year"])
async def test_every_stop_reason_can_be_had(sdk: anthropic.AsyncAnthropic, reason: str) -> None:
    headers = {"x-simulate-stop": reason}
    whole = await sdk.messages.create(**body("Explain tides."), extra_headers=headers)
    async with sdk.messages.stream(**body("Explain tides."), extra_headers=headers) as stream:
        streamed = await stream.get_final_message()
    assert whole.stop_reason == streamed.stop_reason == reason
    details = whole.stop_details
    assert (details is not None) == (reason == "refusal")
    assert streamed.stop_details == details


@pytest.mark.parametrize("category", CATEGORIES)
async def test_a_refusal_says_why(sdk: anthropic.AsyncAnthropic, category: str) -> None:
    message = await sdk.messages.create(**body(f"Explain tides.\nx-simulate-stop: refusal: {category}"))
    assert message.stop_details is not None
    assert message.stop_details.category == category
    assert message.stop_details.explanation
    assert message.content


async def test_a_refusal_may_come_before_anything_else() -> None:
    answer = await World().call("POST", "/v1/messages", body("No.\nx-simulate-stop: refusal at_once", stream=True))
    kinds = [event["type"] for event in answer.events]
    assert kinds == ["message_start", "message_delta", "message_stop"]
    assert answer.events[1]["delta"]["stop_details"] == {
        "type": "refusal",
        "category": None,
        "explanation": "The simulator was asked to refuse this.",
    }


async def test_no_stop_reason_at_all() -> None:
    answer = await World().call("POST", "/v1/messages", body("Hi", stream=True), x_simulate_stop="null")
    assert [event["delta"]["stop_reason"] for event in answer.events if event["type"] == "message_delta"] == [None]


async def test_redacted_thinking_goes_back_as_it_came_and_not_otherwise(sdk: anthropic.AsyncAnthropic) -> None:
    asked = body("Explain tides.", model="claude-haiku-5-5")
    message = await sdk.messages.create(**asked, extra_headers={"x-simulate-thinking": "redacted"})
    block = message.content[0]
    assert block.type == "redacted_thinking"
    assert message.usage.output_tokens_details is not None
    assert message.usage.output_tokens_details.thinking_tokens > 0
    answer = {"role": "assistant", "content": [each.to_dict() for each in message.content]}
    more = [*asked["messages"], answer, {"role": "user", "content": "More."}]
    for each in answer["content"]:
        each.pop("citations", None)
        each.pop("parsed_output", None)
    await sdk.messages.create(**{**asked, "messages": more})
    with pytest.raises(anthropic.BadRequestError, match="conversation prefix"):
        await sdk.messages.create(**{**asked, "messages": more, "system": "Be brief."})
    answer["content"][0]["data"] = "x"
    with pytest.raises(anthropic.BadRequestError, match="Invalid `data` in `redacted_thinking`"):
        await sdk.messages.create(**{**asked, "messages": more})


@pytest.mark.parametrize("header", [{"x_simulate_stop": "No!"}, {"x_simulate_thinking": "loud"}])
async def test_a_wish_that_cannot_be_read_is_refused(header: dict[str, str]) -> None:
    answer = await World().call("POST", "/v1/messages", body("Hi"), **header)
    assert answer.status == 400
    assert "x-simulate-" in answer.error
