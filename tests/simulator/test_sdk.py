"""The official SDK can't tell the simulator from the real API: messages, counts, errors, retries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.official import anthropic
from tests.simulator.world import FakeClock
from workbench.simulator import Simulator

MODEL = "claude-sonnet-4-6"
PROMPT: list[anthropic.types.MessageParam] = [{"role": "user", "content": "Explain how a lighthouse works."}]
OLD = {"anthropic-version": "2023-06-01"}


async def test_create(sdk: anthropic.AsyncAnthropic, simulator: Simulator) -> None:
    message = await sdk.messages.create(model=MODEL, max_tokens=500, messages=PROMPT)
    assert (message.type, message.role, message.model) == ("message", "assistant", MODEL)
    assert message.stop_reason == "end_turn"
    assert message.content[0].type == "text"
    assert message.usage.service_tier == "standard"
    (received,) = simulator.received
    assert (received.method, received.path) == ("POST", "/v1/messages")
    assert received.header("authorization") == "Bearer sk-test"
    assert received.header("anthropic-version") == "2026-10-21"
    assert json.loads(received.body)["model"] == MODEL


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"model": "claude-opus-5-5"},
        {"thinking": {"type": "adaptive"}},
        {"max_tokens": 17},
        {"stop_sequences": ["the"]},
        {"tools": [{"name": "clock", "input_schema": {"type": "object", "properties": {"zone": {"type": "string"}}}}]},
        {"system": [{"type": "text", "text": "ship " * 2000, "cache_control": {"type": "ephemeral"}}]},
    ],
)
async def test_the_accumulated_stream_equals_the_message(sdk: anthropic.AsyncAnthropic, extra: dict[str, Any]) -> None:
    body: dict[str, Any] = {"model": MODEL, "max_tokens": 2000, "messages": PROMPT, **extra}
    async with sdk.messages.stream(**body) as stream:
        pieces = [piece async for piece in stream.text_stream]
        streamed = await stream.get_final_message()
        text = await stream.get_final_text() if any(pieces) else ""
    assert "".join(pieces) == text
    whole = await sdk.messages.create(**body)
    both: list[dict[str, Any]] = [message.to_dict() for message in (streamed, whole)]
    for message in both:
        message.pop("id")
        for block in message["content"]:
            block.pop("parsed_output", None)
            block.pop("id", None)
        if "system" in extra:  # the first of the two pays for the cache
            used = message["usage"]
            created = used["cache_creation_input_tokens"] + used["cache_read_input_tokens"]
            assert created > 2000
            for name in ("cache_creation", "cache_creation_input_tokens", "cache_read_input_tokens"):
                used.pop(name)
    assert both[0] == both[1]


async def test_temperature_travels_in_the_body(sdk: anthropic.AsyncAnthropic) -> None:
    texts = [
        (
            await sdk.messages.create(
                model=MODEL, max_tokens=500, messages=PROMPT, extra_headers=OLD, extra_body={"temperature": 0}
            )
        ).to_dict()["content"]
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    with pytest.raises(anthropic.BadRequestError, match="temperature: Extra inputs are not permitted"):
        await sdk.messages.create(model=MODEL, max_tokens=5, messages=PROMPT, extra_body={"temperature": 1.0})


async def test_count_tokens(sdk: anthropic.AsyncAnthropic) -> None:
    old = await sdk.messages.count_tokens(model=MODEL, messages=PROMPT)
    new = await sdk.messages.count_tokens(model="claude-opus-5-5", messages=PROMPT)
    message = await sdk.messages.create(model=MODEL, max_tokens=1, messages=PROMPT)
    assert 5 < old.input_tokens == message.usage.input_tokens < new.input_tokens


async def test_structured_output_is_parsed(sdk: anthropic.AsyncAnthropic) -> None:
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": ["bug", "wish"]}},
        "required": ["label"],
        "additionalProperties": False,
    }
    message = await sdk.messages.create(
        model=MODEL,
        max_tokens=200,
        messages=PROMPT,
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    (block,) = message.content
    assert block.type == "text"
    assert json.loads(block.text)["label"] in {"bug", "wish"}


ERRORS: list[tuple[int, str]] = [
    (400, "BadRequestError"),
    (401, "AuthenticationError"),
    (403, "PermissionDeniedError"),
    (404, "NotFoundError"),
    (409, "ConflictError"),
    (413, "APIStatusError"),
    (422, "UnprocessableEntityError"),
    (429, "RateLimitError"),
    (500, "InternalServerError"),
    (529, "APIStatusError"),
]


@pytest.mark.parametrize(("status", "kind"), ERRORS)
async def test_typed_errors(sdk: anthropic.AsyncAnthropic, status: int, kind: str) -> None:
    headers = {"x-simulate-error": str(status)}
    expected: type[anthropic.APIStatusError] = getattr(anthropic, kind)
    with pytest.raises(expected) as caught:
        await sdk.with_options(max_retries=0).messages.create(
            model=MODEL, max_tokens=5, messages=PROMPT, extra_headers=headers
        )
    assert caught.value.status_code == status
    assert caught.value.request_id
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["error"]["type"] == caught.value.type


async def test_real_refusals_are_typed_too(sdk: anthropic.AsyncAnthropic) -> None:
    with pytest.raises(anthropic.NotFoundError, match="model: claude-9"):
        await sdk.messages.create(model="claude-9", max_tokens=5, messages=PROMPT)
    with pytest.raises(anthropic.AuthenticationError):
        await sdk.with_options(api_key="sk-invalid-1").messages.create(model=MODEL, max_tokens=5, messages=PROMPT)


async def test_it_retries_as_retry_after_says(sdk: anthropic.AsyncAnthropic, simulator: Simulator) -> None:
    headers = {"x-simulate-error": "429", "x-simulate-times": "2", "x-simulate-retry-after": "0.01"}
    message = await sdk.messages.create(model=MODEL, max_tokens=5, messages=PROMPT, extra_headers=headers)
    assert message.stop_reason == "max_tokens"
    assert [each.header("x-stainless-retry-count") for each in simulator.received] == ["0", "1", "2"]
    assert len({each.body for each in simulator.received}) == 1


async def test_raw_headers(sdk: anthropic.AsyncAnthropic, time: FakeClock) -> None:
    response = await sdk.messages.with_raw_response.create(model=MODEL, max_tokens=5, messages=PROMPT)
    assert response.headers["request-id"].startswith("req_")
    assert response.headers["date"] == "Sun, 22 Nov 2026 12:00:00 GMT"
    assert response.headers["anthropic-organization-id"]
    assert response.headers["anthropic-ratelimit-requests-limit"] == "500"
    assert response.headers["anthropic-ratelimit-requests-remaining"] == "499"
    assert response.headers["anthropic-ratelimit-input-tokens-reset"] == "2026-11-22T12:00:01Z"
    message = await response.parse()
    assert message._request_id == response.headers["request-id"]


async def test_an_error_event_is_an_error_of_the_stream(sdk: anthropic.AsyncAnthropic) -> None:
    headers = {"x-simulate-error": "stream-error", "x-simulate-after": "5"}
    with pytest.raises(anthropic.APIStatusError) as caught:
        async with sdk.messages.stream(model=MODEL, max_tokens=50, messages=PROMPT, extra_headers=headers) as stream:
            await stream.get_final_message()
    assert caught.value.type == "overloaded_error"
