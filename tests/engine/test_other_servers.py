"""Servers that speak the Messages API in their own way: a gateway and a local one, as they were seen to answer."""

from __future__ import annotations

import json

import pytest

from tests.core.recordings import load
from tests.engine import fault_server as fault
from tests.engine.fault_server import Behave, says, sends, serving
from tests.engine.running import KEY, REQUEST, endpoint, new_run, run_once, running
from workbench.core import facts, usage
from workbench.core.errors import Problem
from workbench.core.models import Catalogue
from workbench.core.run import Run, State

ONCE = {"retries": 0}
LOCAL = fault.head(server="llama.cpp", x_accel_buffering="no", keep_alive="timeout=5, max=100")
GATEWAY = fault.head(x_litellm_call_id="5b38", x_litellm_response_cost_original="0.0")
BROKEN = fault.event("error", error={"type": "api_error", "message": "Not enough data to satisfy the header."})
WHOLE = {
    "id": "msg_013Z",
    "type": "message",
    "role": "assistant",
    "model": "mock",
    "content": [{"type": "text", "text": "A mocked answer."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 2095, "output_tokens": 503},
}
BUCKETS = {
    "llm_provider-anthropic-ratelimit-requests-limit": "50",
    "llm_provider-anthropic-ratelimit-requests-remaining": "49",
    "llm_provider-anthropic-ratelimit-requests-reset": "2026-11-22T23:50:49Z",
    "llm_provider-request-id": "req_upstream",
}


def error(status: str, message: str, kind: str, *, wrapped: bool = False) -> Behave:
    body: dict[str, object] = {"error": {"message": message, "type": kind}}
    return says(status, json.dumps({"type": "error", **body} if wrapped else body).encode())


async def without_key(behave: Behave) -> Run:
    run = new_run()
    async with serving(behave) as server, running(retries=0) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), None)
    return run


async def test_a_gateway_that_counts_at_the_end() -> None:
    async with serving(sends(GATEWAY, load("gateway-counts-last"))) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text, run.problem) == (State.COMPLETE, "The parcel left on Monday.", None)
    assert (run.usage["input_tokens"], run.usage["output_tokens"]) == (13, 6)
    assert run.usage["cache_read_input_tokens"] == 14
    assert (run.limits, run.request_id, run.served_model) == (None, None, "house-model")


async def test_a_local_server_names_its_stop_sequence_and_another_reason() -> None:
    async with serving(sends(LOCAL, load("local-stop-sequence"))) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text) == (State.COMPLETE, "Refund it")
    assert (run.stop_reason, run.stop_sequence) == ("end_turn", ".")
    assert run.usage == {"cache_read_input_tokens": 29, "input_tokens": 1, "output_tokens": 3}
    assert run.limits is None


@pytest.mark.parametrize("name", ["gateway-counts-last", "local-stop-sequence"])
async def test_the_price_is_unknown_and_not_nothing(name: str) -> None:
    async with serving(sends(GATEWAY, load(name))) as server:
        run = await run_once(server.base_url)
        place = endpoint(server.base_url)
    for model in (run.served_model, "claude-sonnet-4-6"):
        cost = usage.of_run(run.usage, run.state, place, Catalogue.builtin(), model)
        assert (cost.usd, cost.basis) == (None, usage.Basis.UNKNOWN)


async def test_a_mock_answers_a_stream_with_a_whole_message() -> None:
    async with serving(says("200 OK", json.dumps(WHOLE).encode(), x_litellm_version="1")) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text, run.usage) == (State.COMPLETE, "A mocked answer.", WHOLE["usage"])


async def test_limits_behind_a_prefix_are_read() -> None:
    head = fault.head(**{"request-id": "req_own", **BUCKETS}).replace(b"llm-provider-", b"llm_provider-")
    async with serving(sends(head, load("gateway-counts-last"))) as server:
        run = await run_once(server.base_url)
    assert run.limits is not None
    assert (run.limits["requests"].limit, run.limits["requests"].remaining) == (50, 49)
    assert run.request_id == "req_own"


@pytest.mark.parametrize(("end", "state"), [(BROKEN, State.REJECTED), (b"", State.INTERRUPTED)])
async def test_what_came_is_kept_and_measured_when_the_server_behind_is_gone(end: bytes, state: State) -> None:
    begun = load("gateway-counts-last").partition(b"event: content_block_stop")[0]
    async with serving(sends(GATEWAY, begun, end)) as server:
        run = await run_once(server.base_url, options=ONCE)
    assert (run.state, run.text, run.attempts) == (state, "The parcel left on Monday.", 1)
    assert "kept" in str(run.problem)
    line = [fact.text for fact in facts.of_record(run.record(usage.Cost()))]
    assert line[0] == "≈7 out"
    assert line[-1] == str(state)


@pytest.mark.parametrize(
    ("behave", "title"),
    [
        (says("500 Internal Server Error", b"Internal Server Error", "text/plain"), "Server error"),
        (says("403 Forbidden", b"", "text/plain"), "Not permitted"),
        (error("401 Unauthorized", "Invalid API Key", "authentication_error"), "No key"),
    ],
)
async def test_a_refusal_without_a_key_says_that_none_was_sent(behave: Behave, title: str) -> None:
    run = await without_key(behave)
    assert run.state is State.REJECTED
    assert run.problem is not None
    assert run.problem.title == title
    assert "ANTHROPIC_API_KEY" in run.problem.hint
    async with serving(behave) as server:
        keyed = await run_once(server.base_url, options=ONCE)
    assert keyed.problem is not None
    assert "ANTHROPIC_API_KEY" not in keyed.problem.hint
    assert keyed.problem.title != "No key"


async def test_a_server_error_that_is_one_does_not_ask_for_a_key() -> None:
    run = await without_key(error("500 Internal Server Error", "The upstream is down.", "api_error", wrapped=True))
    assert run.problem is not None
    assert (run.problem.detail, "key" in run.problem.hint) == ("The upstream is down.", False)


async def test_a_gateway_s_own_name_is_no_field_of_the_request() -> None:
    said = "anthropic_messages: Invalid model name passed in model=nope-1."
    refused = error("400 Bad Request", said, "invalid_request_error", wrapped=True)
    async with serving(refused) as server:
        run = await run_once(server.base_url)
    assert run.problem is not None
    assert (run.problem.detail, run.attempts) == (said, 1)
    assert "Look at" not in run.problem.hint


async def test_a_local_server_lists_its_models_in_two_shapes_at_once() -> None:
    rows = {"models": [{"name": "/m.gguf", "tags": [""]}], "object": "list", "data": [{"id": "/m.gguf", "meta": {}}]}
    async with serving(says("200 OK", json.dumps(rows).encode())) as server, running() as runner:
        found = await runner.models(endpoint(server.base_url), KEY)
    assert not isinstance(found, Problem)
    assert [row["id"] for row in found] == ["/m.gguf"]


async def test_a_count_without_a_key_says_so() -> None:
    closed = error("401 Unauthorized", "Invalid API Key", "authentication_error")
    async with serving(closed) as server, running() as runner:
        found = await runner.count_tokens(REQUEST, endpoint(server.base_url), None)
    assert isinstance(found, Problem)
    assert found.title == "No key"
