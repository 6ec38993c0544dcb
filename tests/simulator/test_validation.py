"""What the API refuses, with its status, its type and its words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.world import World, says

USER = {"role": "user", "content": "Hi"}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "clock", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "noon"}
TOOL = {"name": "clock", "input_schema": {"type": "object"}}
OPEN_OBJECT = {"type": "json_schema", "schema": {"type": "object", "properties": {}}}


def text(*texts: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": each} for each in texts]


BAD: list[tuple[str, dict[str, Any]]] = [
    ("max_tokens: Field required", {"max_tokens": None}),
    ("model: Field required", {"model": None}),
    ("messages: Field required", {"messages": None}),
    ("max_tokens: Input should be a valid integer", {"max_tokens": "many"}),
    ("max_tokens: Input should be a valid integer", {"max_tokens": True}),
    ("max_tokens: Input should be greater than or equal to 0", {"max_tokens": -1}),
    ("which is the maximum allowed number of output tokens", {"max_tokens": 128_001}),
    ("colour: Extra inputs are not permitted", {"colour": "red"}),
    ("temperature: Extra inputs are not permitted", {"temperature": 1.0}),
    ("top_k: Extra inputs are not permitted", {"top_k": 5}),
    ("messages: at least one message is required", {"messages": []}),
    ('first message must use the "user" role', {"messages": [{"role": "assistant", "content": "x"}, USER]}),
    (
        "messages.0.role: Input should be 'user', 'assistant' or 'system'",
        {"messages": [{"role": "bot", "content": "x"}]},
    ),
    ("messages.0.content: Field required", {"messages": [{"role": "user"}]}),
    ("messages.0.name: Extra inputs are not permitted", {"messages": [{**USER, "name": "Ann"}]}),
    ("all messages must have non-empty content", {"messages": [{"role": "user", "content": ""}]}),
    ("text content blocks must be non-empty", {"messages": [{"role": "user", "content": text("a", "")}]}),
    ("must contain non-whitespace text", {"messages": says("  \n")}),
    ("does not match any of the expected tags", {"messages": [{"role": "user", "content": [{"type": "song"}]}]}),
    ("does not support assistant message prefill", {"messages": [USER, {"role": "assistant", "content": "I"}]}),
    ("system: text content blocks must be non-empty", {"system": text("")}),
    ("stop_sequences: each stop sequence must contain non-whitespace", {"stop_sequences": ["\n"]}),
    ("stop_sequences", {"stop_sequences": [""]}),
    ("thinking", {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 1000}),
    ("thinking.budget_tokens: Input should be greater", {"thinking": {"type": "enabled", "budget_tokens": 100}}),
    ("thinking", {"model": "claude-opus-5-5", "thinking": {"type": "disabled"}}),
    (
        '"thinking.type.enabled" is not supported',
        {"model": "claude-opus-4-8", "thinking": {"type": "enabled", "budget_tokens": 1024}},
    ),
    ("adaptive thinking is not supported", {"model": "claude-haiku-4-5", "thinking": {"type": "adaptive"}}),
    ("effort", {"model": "claude-haiku-4-5", "output_config": {"effort": "low"}}),
    ("effort", {"output_config": {"effort": "xhigh"}}),
    ("output_config.effort: Input should be 'low'", {"output_config": {"effort": "huge"}}),
    ("additionalProperties", {"output_config": {"format": OPEN_OBJECT}}),
    ("output_config.format", {"output_config": {"format": OPEN_OBJECT["schema"]}}),  # a bare schema
    ("tool_choice", {"tool_choice": {"type": "auto"}}),
    ("forced tool use", {"model": "claude-opus-5-5", "tools": [TOOL], "tool_choice": {"type": "any"}}),
    ("Tool 'watch' not found", {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "watch"}}),
    ("tools.0.input_schema: Field required", {"tools": [{"name": "clock"}]}),
    (
        "without `tool_result` blocks immediately after: toolu_1",
        {"messages": [USER, {"role": "assistant", "content": [CALL]}, USER]},
    ),
    ("unexpected `tool_use_id`", {"messages": [{"role": "user", "content": [RESULT]}]}),
    (
        "must come before all other content",
        {
            "messages": [
                USER,
                {"role": "assistant", "content": [CALL]},
                {"role": "user", "content": [*text("x"), RESULT]},
            ]
        },
    ),
    ("`tool_use` blocks can only be in `assistant`", {"messages": [{"role": "user", "content": [CALL]}]}),
    ("role 'system' is not supported", {"messages": [USER, {"role": "system", "content": "x"}]}),
    ("inference_geo", {"model": "claude-haiku-4-5", "inference_geo": "us"}),
    ("speed", {"model": "claude-opus-4-7", "speed": "fast"}),
    (
        "A maximum of 4 blocks with cache_control",
        {"system": [{**text("x")[0], "cache_control": {"type": "ephemeral"}}] * 5},
    ),
]


@pytest.mark.parametrize(("words", "fields"), BAD, ids=[f"{at}-{words[:40]}" for at, (words, _) in enumerate(BAD)])
async def test_a_wrong_request_is_a_400_that_names_the_field(words: str, fields: dict[str, Any]) -> None:
    answer = await World().ask(**fields)
    assert answer.status == 400, answer.body
    assert answer.json["type"] == "error"
    assert answer.json["error"]["type"] == "invalid_request_error"
    assert answer.json["request_id"] == answer.headers["request-id"]
    assert words in answer.error


OLD_VERSION: list[tuple[int, str, dict[str, Any]]] = [
    (200, "claude-sonnet-4-6", {"temperature": 0.2}),
    (200, "claude-opus-4-5", {"top_p": 0.5, "top_k": 40}),
    (200, "claude-opus-5-5", {"temperature": 1.0}),
    (400, "claude-opus-5-5", {"temperature": 0.5}),
    (400, "claude-sonnet-4-6", {"temperature": 0.5, "top_p": 0.5}),
    (400, "claude-sonnet-4-6", {"temperature": 1.5}),
    (400, "claude-sonnet-4-6", {"top_k": 0}),
    (400, "claude-sonnet-4-6", {"temperature": 0.5, "thinking": {"type": "adaptive"}}),
    (200, "claude-haiku-4-5", {"messages": [USER, {"role": "assistant", "content": "The"}]}),
    (400, "claude-haiku-4-5", {"messages": [USER, {"role": "assistant", "content": "The "}]}),
]


@pytest.mark.parametrize(("status", "model", "fields"), OLD_VERSION)
async def test_the_older_version_knows_samplers(status: int, model: str, fields: dict[str, Any]) -> None:
    answer = await World().ask({"anthropic_version": "2023-06-01"}, model=model, **fields)
    assert answer.status == status, answer.body


HEADERS: list[tuple[int, str, dict[str, str]]] = [
    (401, "required", {"x_api_key": ""}),
    (401, "invalid x-api-key", {"x_api_key": "sk-invalid-1"}),
    (401, "invalid x-api-key", {"x_api_key": "hello"}),
    (401, "invalid bearer token", {"x_api_key": "", "authorization": "Bearer nothing"}),
    (401, "required", {"x_api_key": "", "authorization": "Basic sk-x"}),
    (400, "anthropic-version: header is required", {"anthropic_version": ""}),
    (400, 'anthropic-version: "2023-10-01" is not a valid version', {"anthropic_version": "2023-10-01"}),
    (400, "Unexpected value(s) `magic` for the `anthropic-beta` header", {"anthropic_beta": "magic"}),
    (400, "content-encoding", {"content_encoding": "gzip"}),
]


@pytest.mark.parametrize(("status", "words", "headers"), HEADERS)
async def test_headers_are_checked(status: int, words: str, headers: dict[str, str]) -> None:
    answer = await World().ask(headers)
    assert (answer.status, words in answer.error) == (status, True), answer.body


async def test_a_bearer_key_is_as_good() -> None:
    assert (await World().ask({"x_api_key": "", "authorization": "Bearer sk-x"})).status == 200


@pytest.mark.parametrize(
    ("status", "method", "target"),
    [
        (404, "GET", "/"),
        (404, "POST", "/v1/complete"),
        (404, "GET", "/v1/messages/x/y"),
        (405, "GET", "/v1/messages"),
        (405, "DELETE", "/v1/models"),
        (404, "GET", "/v1/models/claude-9"),
        (404, "GET", "/v1/messages/batches/msgbatch_none"),
        (204, "OPTIONS", "/v1/messages"),
        (200, "HEAD", "/v1/models"),
    ],
)
async def test_routes(status: int, method: str, target: str) -> None:
    answer = await World().call(method, target)
    assert answer.status == status
    if status == 405:
        assert "allow" in answer.headers


@pytest.mark.parametrize("model", ["claude-9", "claude-2.1", "claude-3-opus-20240229", "us.anthropic.claude-opus-5-5"])
async def test_unknown_and_retired_models_are_404(model: str) -> None:
    answer = await World().ask(model=model)
    assert (answer.status, answer.json["error"]["type"], answer.error) == (404, "not_found_error", f"model: {model}")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"\xff", b'{"model": NaN}', b"[" * 100_000])
async def test_a_body_that_is_no_json_object(body: bytes) -> None:
    answer = await World().call("POST", "/v1/messages", body)
    assert (answer.status, answer.json["error"]["type"]) == (400, "invalid_request_error")


async def test_more_than_32_mb_is_too_large() -> None:
    answer = await World().call("POST", "/v1/messages", b" " * (32 * 1024 * 1024 + 1))
    assert (answer.status, answer.json["error"]["type"]) == (413, "request_too_large")


async def test_a_prompt_longer_than_the_context() -> None:
    answer = await World().ask(model="claude-haiku-4-5", messages=says("word " * 200_001))
    assert answer.status == 400
    assert answer.error.startswith("prompt is too long: 200")


@pytest.mark.parametrize(
    "fields",
    [
        {"system": text("You are terse."), "metadata": {"user_id": "u"}, "service_tier": "auto"},
        {
            "messages": [
                {"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "http://x/y.png"}}]}
            ]
        },
        {"model": "claude-opus-5", "messages": [USER, {"role": "system", "content": "Be brief."}]},
        {"model": "claude-sonnet-4-5-20250929", "thinking": {"type": "disabled"}},
        {"tools": [{"type": "web_search_20260318", "name": "web_search"}]},
        {"messages": [USER, USER, {"role": "assistant", "content": "x"}, USER]},
        {"cache_control": None, "diagnostics": {"previous_message_id": None}, "container": None},
    ],
)
async def test_what_is_allowed(fields: dict[str, Any]) -> None:
    answer = await World().ask(**fields)
    assert answer.status == 200, answer.body
