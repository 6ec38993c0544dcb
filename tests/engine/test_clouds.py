"""Every cloud against the simulator over sockets: signed, framed, failing, cut; the same record as the API's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tests.engine.clouds import ENVIRON, KINDS, PROMPT, ROWS, SESSION_TOKEN, WHEN, chosen, model_of, run_on
from tests.engine.fault_server import says, serving
from tests.engine.running import running
from workbench.core import cloud_names, clouds
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.request import Request
from workbench.core.rule import UPDATES_BETA
from workbench.core.run import Run
from workbench.core.state import State
from workbench.engine.batch_server import Refused, Server
from workbench.engine.cloud_keys import CloudKey
from workbench.engine.signing import Signed
from workbench.engine.wire import Wire
from workbench.simulator import Simulator
from workbench.simulator.clouds.sigv4 import SECRET_KEY
from workbench.simulator.errors import MESSAGES

UNLIKE = {"id", "message_id", "params", "request_sha256", "request_id", "limits", "timings", "extra", "cost_usd"}
"""What of two records of the same answer may differ."""
AWS = ("bedrock", "bedrock-mantle", "aws")
REGIONAL = ("bedrock", "bedrock-mantle")
"""Where `us.…` and a region of one's own cost a tenth more; Vertex is asked at `global`."""


def test_every_cloud_of_the_table_is_tried() -> None:
    assert set(ROWS) == set(clouds.CLOUDS)


@pytest.mark.parametrize("model", ["claude-opus-5-5", "claude-sonnet-4-6"])
async def test_the_same_prompt_gives_the_same_record_as_from_the_api_itself(model: str) -> None:
    async with Simulator(speed=0, vary_repeats=False) as simulator, running() as runner:
        direct = await run_on(runner, chosen("anthropic", simulator.base_url), model=model)
        assert direct.state is State.COMPLETE
        assert direct.limits is not None
        for kind in KINDS:
            wire = Wire()
            record = await run_on(runner, chosen(kind, simulator.base_url), wire, model=model_of(kind, model))
            for field in fields(record):
                if field.name not in UNLIKE:
                    assert getattr(record, field.name) == getattr(direct, field.name), (kind, field.name)
            assert direct.cost_usd is not None
            assert record.cost_usd == direct.cost_usd * (cloud_names.REGIONAL if kind in REGIONAL else 1), kind
            assert (record.limits is None) == (clouds.lack(kind, clouds.LIMITS) is not None), kind
            assert (record.request_id is None) == (kind == "vertex"), kind
            sent = simulator.received[-1]
            assert sent.body == wire.request_body
            assert record.request_sha256 == sha256(sent.body).hexdigest()


@pytest.mark.fault("K01")
@pytest.mark.parametrize("kind", KINDS)
async def test_no_secret_shows_and_the_anthropic_key_stays_here(kind: str) -> None:
    async with Simulator(speed=0) as simulator, running() as runner:
        found, wire = chosen(kind, simulator.base_url), Wire()
        record = await run_on(runner, found, wire)
        arrived = str(simulator.received[-1].headers)
    assert record.state is State.COMPLETE
    shown = f"{found!r}{found.key}{wire}{wire.request_headers}{wire.signed_by}{record}"
    for secret in (SECRET_KEY, SESSION_TOKEN, ENVIRON["ANTHROPIC_FOUNDRY_API_KEY"], ENVIRON["GOOGLE_TOKEN"]):
        assert secret not in shown
    assert "Signature=" not in shown
    assert ENVIRON["ANTHROPIC_API_KEY"] not in arrived
    if kind in AWS:
        assert SESSION_TOKEN in arrived
        assert wire.request_headers["authorization"] == "AWS4-HMAC-SHA256 …0000"
        assert wire.signed_by == "signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@pytest.mark.parametrize("kind", AWS)
async def test_each_attempt_is_signed_anew(kind: str) -> None:
    times: list[str] = []

    def signing(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        times.append(f"{method} {len(body)}")
        return Signed({"authorization": f"Bearer sk-{len(times)}"}, (), "", "a test")

    async with Simulator(speed=0) as simulator, running() as runner:
        found = replace(chosen(kind, simulator.base_url), key=CloudKey("a test", signing))
        record = await run_on(runner, found, headers={"x-simulate-error": "503", "x-simulate-times": "2"})
        arrived = [each.header("authorization") for each in simulator.received]
        assert len({each.body for each in simulator.received}) == 1
    assert (record.state, record.attempts) == (State.COMPLETE, 3)
    assert arrived == ["Bearer sk-1", "Bearer sk-2", "Bearer sk-3"]
    assert times == [f"POST {len(simulator.received[0].body)}"] * 3


ENDS: list[tuple[str, State, str]] = [
    ("stream-error", State.REJECTED, "Service unavailable · Overloaded"),
    ("cut", State.INTERRUPTED, "transfer ended too early"),
    ("end", State.INTERRUPTED, "Cut off"),
    ("malformed", State.MALFORMED, "the checksum of a frame is wrong"),
]


@pytest.mark.parametrize(("fault", "state", "words"), ENDS)
async def test_a_stream_in_frames_that_goes_wrong_keeps_the_exact_prefix(fault: str, state: State, words: str) -> None:
    async with Simulator(speed=0, vary_repeats=False) as simulator, running() as runner:
        found, wire = chosen("bedrock", simulator.base_url), Wire()
        model = model_of("bedrock", "claude-sonnet-4-6")
        whole = await run_on(runner, found, model=model)
        record = await run_on(runner, found, wire, model=model, headers={"x-simulate-error": fault})
    assert record.state is state
    assert record.problem is not None
    assert words in str(record.problem)
    assert len(record.text) > 20
    assert whole.text.startswith(record.text)
    kept = b"".join(piece for _, piece in wire.pieces)
    assert kept.startswith(b"event: message_start\ndata: {")
    assert (b": the stream stopped 40 bytes into a frame" in kept) == (fault == "cut")


async def test_a_stop_in_the_midst_of_the_frames_keeps_the_exact_prefix() -> None:
    async with Simulator(speed=0, vary_repeats=False) as quick, running() as runner:
        model = model_of("bedrock", "claude-sonnet-4-6")
        whole = await run_on(runner, chosen("bedrock", quick.base_url), model=model)
    async with Simulator(speed=2000, vary_repeats=False) as simulator, running() as runner:
        found = chosen("bedrock", simulator.base_url)
        params = Params(model=model, max_tokens=300)
        run = Run("r1", "A", "m1", "mine", params, model, WHEN)
        enough = asyncio.Event()
        wire = Wire(hear=lambda _: enough.set() if len(run.text) > 40 else None)
        task = runner.start(run, Request(params, (PROMPT,)), found.endpoint, found.key, wire=wire)
        await enough.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert run.state is State.CANCELLED
    assert whole.text.startswith(run.text)
    assert len(run.text) < len(whole.text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("status", "retried"), [(400, False), (403, False), (500, True), (503, True)])
async def test_a_refusal_is_told_in_each_clouds_own_form(kind: str, status: int, *, retried: bool) -> None:
    async with Simulator(speed=0) as simulator, running(retries=1) as runner:
        record = await run_on(runner, chosen(kind, simulator.base_url), headers={"x-simulate-error": str(status)})
    assert record.state is State.REJECTED
    assert record.problem is not None
    assert (record.problem.status, record.attempts) == (status, 2 if retried else 1)
    assert record.problem.detail.startswith(MESSAGES[status].split(".", maxsplit=1)[0])
    assert record.problem.type


@pytest.mark.fault("K01")
async def test_a_server_that_sends_the_session_token_back_finds_it_masked() -> None:
    """AWS itself does, in its words about a signature: the canonical request holds the header."""
    echo = says("403 Forbidden", json.dumps({"message": f"got {SESSION_TOKEN}"}).encode())
    async with serving(echo) as server, running() as runner:
        found, wire = chosen("bedrock", server.base_url, base_url=""), Wire()
        record = await run_on(runner, found, wire)
    assert record.problem is not None
    assert (record.state, record.problem.detail) == (State.REJECTED, "got …")
    assert SESSION_TOKEN not in str(wire)


@pytest.mark.fault("K01")
@pytest.mark.parametrize("status", ["403 Forbidden", "200 OK"])
async def test_what_is_signed_shows_no_secret_in_a_batch_either(status: str) -> None:
    """Nothing is known of the credentials before the first request is signed."""
    echo = says(status, json.dumps([f"got {SESSION_TOKEN}"]).encode())
    async with serving(echo) as server, running() as runner:
        found = chosen("aws", server.base_url, base_url="")
        asked = await Server(runner, found.endpoint, found.key).retrieve("msgbatch_1")
    assert isinstance(asked, Refused)
    assert "got …" in asked.problem.detail
    assert "No key was sent" not in str(asked.problem)


@pytest.mark.parametrize(
    ("environ", "title", "detail"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "another"}, "Signature not accepted", "does not match"),
        ({"AWS_ACCESS_KEY_ID": "AKIAANOTHER000000000"}, "Credentials not known", "security token included"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "No AWS credentials", "AWS_ACCESS_KEY_ID is set without AWS_SECRET"),
        ({"AWS_ACCESS_KEY_ID": ""}, "No AWS credentials", "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS"),
        ({"AWS_BEARER_TOKEN_BEDROCK": "sk-invalid-1"}, "Not permitted", "Invalid API Key format"),
    ],
)
async def test_wrong_credentials_are_told(environ: dict[str, str], title: str, detail: str) -> None:
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url, {**ENVIRON, **environ}))
    assert record.problem is not None
    assert (record.problem.title, record.attempts) == (title, 1)
    assert detail in record.problem.detail
    assert SECRET_KEY not in str(record)


async def test_a_bearer_key_is_sent_and_nothing_is_signed() -> None:
    environ = {**ENVIRON, "AWS_BEARER_TOKEN_BEDROCK": "bedrock-api-key-of-a-test"}
    async with Simulator(speed=0) as simulator, running() as runner:
        for kind in ("bedrock", "bedrock-mantle"):
            found = chosen(kind, simulator.base_url, environ)
            assert found.endpoint.auth == "bearer"
            assert (await run_on(runner, found)).state is State.COMPLETE
            assert simulator.received[-1].header("authorization") == "Bearer bedrock-api-key-of-a-test"
        assert chosen("bedrock", simulator.base_url, environ, profile="dev").endpoint.auth == "sigv4"
        assert chosen("aws", simulator.base_url, environ).endpoint.auth == "sigv4"


async def test_what_is_asked_for_in_beta_is_said_where_the_cloud_reads_it() -> None:
    async with Simulator(speed=0) as simulator, running() as runner:
        for kind in ("bedrock", "vertex"):
            await run_on(runner, chosen(kind, simulator.base_url), thinking="adaptive", thinking_display="updates")
            sent = simulator.received[-1]
            told = ",".join(json.loads(sent.body).get("anthropic_beta", [])), sent.header("anthropic-beta")
            assert told == ((UPDATES_BETA, "") if kind == "bedrock" else ("", UPDATES_BETA))


async def test_a_signature_for_another_service_or_of_another_hour_is_refused() -> None:
    late = datetime.now(UTC) + timedelta(minutes=6)
    async with Simulator(speed=0, now=lambda: late) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url))
        assert record.problem is not None
        assert "this machine's clock" in record.problem.hint
        assert "Signature expired" in record.problem.detail
        wrong = chosen("aws", simulator.base_url, base_url="/bedrock-mantle/anthropic")
        record = await run_on(runner, wrong)
    assert record.problem is not None
    assert "scoped to correct service: 'bedrock-mantle'" in record.problem.detail


@pytest.mark.parametrize("model", [None, "..", "."])
async def test_a_model_that_can_not_stand_in_an_address_is_told_before_anything_is_sent(model: str | None) -> None:
    async with Simulator(speed=0) as simulator, running() as runner:
        for kind in ("bedrock", "vertex"):
            record = await run_on(runner, chosen(kind, simulator.base_url), model=model)
            assert (record.state, record.attempts) == (State.UNREACHABLE, 0)
            assert record.problem is not None
            assert record.problem.title == "No model to ask"
    assert simulator.received == []


async def test_an_arn_is_one_part_of_the_path() -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5-5"
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url), model=arn)
    assert record.state is State.COMPLETE
    assert "inference-profile%2Fus.anthropic" in simulator.received[0].target


async def test_counts_and_lists_where_the_cloud_has_them() -> None:
    async with Simulator(speed=0) as simulator, running() as runner:
        direct = chosen("anthropic", simulator.base_url)
        request = Request(Params(model="claude-opus-5-5"), (PROMPT,))
        counted = await runner.count_tokens(request, direct.endpoint, direct.key)
        assert isinstance(counted, int)
        for kind in KINDS:
            found = chosen(kind, simulator.base_url)
            asked = replace(request, params=Params(model=model_of(kind)))
            count = await runner.count_tokens(asked, found.endpoint, found.key)
            listed = await runner.models(found.endpoint, found.key)
            if kind == "bedrock":
                assert isinstance(count, Problem)
                assert count.detail == "Bedrock counts no tokens."
            else:
                assert count == counted, kind
            if kind == "vertex":  # the model is named in the body as it is in a path
                dated = replace(request, params=Params(model="claude-haiku-4-5@20251001"))
                assert isinstance(await runner.count_tokens(dated, found.endpoint, found.key), int)
            if kind in ("aws", "google-cloud"):
                assert isinstance(listed, list)
            else:
                assert isinstance(listed, Problem)
                assert "lists no models" in listed.detail
