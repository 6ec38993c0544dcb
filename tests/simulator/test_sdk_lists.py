"""The official SDK in front of the simulator: models and batches."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.running import running
from tests.simulator.official import anthropic
from tests.simulator.world import FakeClock
from workbench.core.batch_items import Question, of_lanes, parcels
from workbench.core.endpoint import Endpoint
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.engine.batch_server import Server
from workbench.engine.keys import Key
from workbench.simulator import Simulator

PARAMS: Any = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 20,
    "messages": [{"role": "user", "content": "Explain tides."}],
}
BLOCKS = [
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
    {"type": "text", "text": "And this?", "cache_control": {"type": "ephemeral"}},
]


async def test_models_are_paged_newest_first(sdk: anthropic.AsyncAnthropic) -> None:
    page = await sdk.models.list(limit=4)
    assert (len(page.data), page.has_more, page.last_id) == (4, True, page.data[-1].id)
    everything = [model.id async for model in sdk.models.list(limit=4)]
    assert everything[:4] == [model.id for model in page.data]
    assert len(everything) == len(set(everything)) == len(Catalogue.builtin().choices)
    before = await sdk.models.list(before_id=everything[6], limit=3)
    assert [model.id for model in before.data] == everything[3:6]


async def test_models_by_lifecycle(sdk: anthropic.AsyncAnthropic) -> None:
    lists = {
        lifecycle: [model.lifecycle async for model in sdk.models.list(lifecycle=[lifecycle])]
        for lifecycle in ("active", "deprecated", "retired")
    }
    for lifecycle, found in lists.items():
        assert set(found) == {lifecycle}


async def test_one_model_by_its_alias(sdk: anthropic.AsyncAnthropic) -> None:
    model = await sdk.models.retrieve("claude-haiku-4-5")
    assert (model.id, model.display_name, model.line) == ("claude-haiku-4-5-20251001", "Claude Haiku 4.5", "haiku")
    assert (model.max_input_tokens, model.max_tokens) == (200_000, 64_000)
    assert model.capabilities is not None
    assert model.capabilities.thinking.types.enabled.supported
    assert not model.capabilities.thinking.types.adaptive.supported
    assert not model.capabilities.effort.supported
    leaving = await sdk.models.retrieve("claude-sonnet-4-5")
    assert leaving.lifecycle == "deprecated"
    assert str(leaving.retires_at).startswith("2026-11-30")
    with pytest.raises(anthropic.NotFoundError):
        await sdk.models.retrieve("claude-9")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"after_id": "nobody"}, {"limit": "x"}])
async def test_wrong_pages(sdk: anthropic.AsyncAnthropic, query: dict[str, Any]) -> None:
    with pytest.raises(anthropic.BadRequestError):
        await sdk.models.list(extra_query=query)


async def test_a_batch_from_birth_to_end(sdk: anthropic.AsyncAnthropic, time: FakeClock) -> None:
    batches = sdk.messages.batches
    requests: Any = [
        {"custom_id": "good", "params": PARAMS},
        {"custom_id": "bad", "params": {**PARAMS, "model": "claude-9"}},
        {"custom_id": "streamed", "params": {**PARAMS, "stream": True}},
    ]
    batch = await batches.create(requests=requests)
    assert (batch.processing_status, batch.request_counts.processing, batch.results_url) == ("in_progress", 3, None)
    with pytest.raises(anthropic.BadRequestError, match="still processing"):
        await batches.delete(batch.id)
    time.seconds += 59
    assert (await batches.retrieve(batch.id)).request_counts.processing == 3
    time.seconds += 2
    ended = await batches.retrieve(batch.id)
    assert (ended.processing_status, ended.request_counts.succeeded, ended.request_counts.errored) == ("ended", 1, 2)
    assert ended.ended_at is not None
    assert (ended.ended_at - ended.created_at).total_seconds() == 60
    results = {line.custom_id: line.result async for line in await batches.results(batch.id)}
    good, bad = results["good"], results["bad"]
    assert good.type == "succeeded"
    assert (good.message.usage.output_tokens, good.message.usage.service_tier) == (20, "batch")
    assert bad.type == "errored"
    assert bad.error.error.type == "not_found_error"
    with pytest.raises(anthropic.BadRequestError, match="already ended"):
        await batches.cancel(batch.id)
    assert (await batches.delete(batch.id)).type == "message_batch_deleted"
    with pytest.raises(anthropic.NotFoundError):
        await batches.retrieve(batch.id)


async def test_a_cancelled_batch_keeps_what_was_done(sdk: anthropic.AsyncAnthropic, time: FakeClock) -> None:
    requests: Any = [{"custom_id": f"r{number}", "params": PARAMS} for number in range(4)]
    batch = await sdk.messages.batches.create(requests=requests)
    time.seconds += 30
    cancelling = await sdk.messages.batches.cancel(batch.id)
    assert cancelling.processing_status == "canceling"
    assert cancelling.cancel_initiated_at is not None
    time.seconds += 5
    ended = await sdk.messages.batches.retrieve(batch.id)
    assert (ended.request_counts.succeeded, ended.request_counts.canceled) == (2, 2)


async def test_a_batch_that_takes_longer_than_a_day_expires(
    simulator: Simulator, sdk: anthropic.AsyncAnthropic, time: FakeClock
) -> None:
    simulator._service.batch_seconds = 48 * 3600.0
    requests: Any = [{"custom_id": f"r{at}", "params": PARAMS} for at in range(4)]
    batch = await sdk.messages.batches.create(requests=requests)
    time.seconds += 24 * 3600 + 1
    ended = await sdk.messages.batches.retrieve(batch.id)
    assert (ended.processing_status, ended.ended_at) == ("ended", ended.expires_at)
    results = [line.result.type async for line in await sdk.messages.batches.results(batch.id)]
    assert results == ["succeeded", "succeeded", "expired", "expired"]


async def test_a_batch_of_ours_is_that_of_the_sdk(simulator: Simulator, sdk: anthropic.AsyncAnthropic) -> None:
    """The bodies that arrive are the same, field by field, and so are version and beta headers."""
    params = Params(
        model="claude-opus-4-8",
        max_tokens=20,
        system="Be brief.",
        effort="low",
        thinking="adaptive",
        stop_sequences=("END",),
        tools=Json.of([{"name": "f", "input_schema": {"type": "object"}}]),
    )
    request = Request(params, (Turn("user", "Hi"), Turn("assistant", "Ho"), Turn("user", Json.of(BLOCKS))))
    endpoint = Endpoint("test", simulator.base_url)
    (parcel,) = parcels(of_lanes([Question("A", "m1", request)], 2, endpoint), endpoint)
    wanted: Any = json.loads(parcel.body)["requests"]
    await sdk.messages.batches.create(requests=wanted)
    async with running() as runner:
        made = await Server(runner, endpoint, Key("sk-test", "a test")).create(parcel)
    assert isinstance(made, dict)
    theirs, ours = simulator.received[-2:]
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert (ours.method, ours.target) == (theirs.method, theirs.target)
    assert [each.header("anthropic-version") for each in (ours, theirs)] == ["2026-10-21"] * 2
    assert [each.header("anthropic-beta") for each in (ours, theirs)] == [""] * 2


async def test_batches_are_listed_newest_first(sdk: anthropic.AsyncAnthropic) -> None:
    made = [(await sdk.messages.batches.create(requests=[{"custom_id": "a", "params": PARAMS}])).id for _ in range(3)]
    assert [batch.id async for batch in sdk.messages.batches.list(limit=2)] == made[::-1]


@pytest.mark.parametrize(
    ("ids", "words"), [(["a", "a"], "must be unique"), (["a b"], "should match pattern"), ([], "at least 1 item")]
)
async def test_wrong_batches(sdk: anthropic.AsyncAnthropic, ids: list[str], words: str) -> None:
    with pytest.raises(anthropic.BadRequestError, match=words):
        await sdk.messages.batches.create(requests=[{"custom_id": each, "params": PARAMS} for each in ids])
