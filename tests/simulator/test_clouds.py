"""The official SDK's clients of the clouds can't tell the simulator from them, and send what Workbench sends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.clouds import ENVIRON, KINDS, PROMPT, SESSION_TOKEN, chosen, model_of, run_on
from tests.engine.running import running
from tests.simulator.official import anthropic
from tests.simulator.world import World
from workbench.core.state import State
from workbench.engine.wire import Wire
from workbench.simulator import Simulator
from workbench.simulator.clouds import sigv4
from workbench.simulator.clouds.sigv4 import ACCESS_KEY, SECRET_KEY
from workbench.simulator.errors import ApiError
from workbench.simulator.exchange import Request

AWS: Mapping[str, Any] = {
    "aws_access_key": ACCESS_KEY,
    "aws_secret_key": SECRET_KEY,
    "aws_session_token": SESSION_TOKEN,
}
GOOGLE = ENVIRON["GOOGLE_TOKEN"]
MESSAGES: list[Any] = [PROMPT.wire]


def client_of(kind: str, base: str) -> Any:
    """The official client as people make it, but for certificates."""
    http = anthropic.DefaultAsyncHttpxClient(verify=False, trust_env=False)
    given: dict[str, Any] = {"http_client": http, "max_retries": 0}
    match kind:
        case "bedrock":
            return anthropic.AsyncAnthropicBedrock(**AWS, aws_region="us-east-1", base_url=f"{base}/bedrock", **given)
        case "bedrock-mantle":
            url = f"{base}/bedrock-mantle/anthropic"
            return anthropic.AsyncAnthropicBedrockMantle(**AWS, aws_region="us-east-1", base_url=url, **given)
        case "vertex":
            url = f"{base}/vertex/v1"
            return anthropic.AsyncAnthropicVertex(
                region="global", project_id="p-1", access_token=GOOGLE, base_url=url, **given
            )
        case "foundry":
            return anthropic.AsyncAnthropicFoundry(
                api_key=ENVIRON["ANTHROPIC_FOUNDRY_API_KEY"], base_url=f"{base}/foundry/anthropic", **given
            )
        case "aws":
            return anthropic.AsyncAnthropicAWS(
                **AWS, aws_region="us-west-2", workspace_id="wrkspc_1", base_url=f"{base}/aws", **given
            )
        case _:
            url = f"{base}/google-cloud/v1/projects/p-1/locations/global/workspaces/wrkspc_1/invoke"
            return anthropic.AsyncAnthropicGoogleCloud(
                project="p-1", workspace_id="wrkspc_1", token_provider=lambda: GOOGLE, base_url=url, **given
            )


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(speed=0, vary_repeats=False) as served:
        yield served


@pytest.mark.parametrize("kind", KINDS)
async def test_the_official_client_streams_and_its_request_is_the_same_field_by_field(
    kind: str, simulator: Simulator
) -> None:
    model = model_of(kind)
    async with client_of(kind, simulator.base_url) as client:
        async with client.messages.stream(model=model, max_tokens=300, messages=MESSAGES) as stream:
            streamed = await stream.get_final_message()
        whole = await client.messages.create(model=model, max_tokens=300, messages=MESSAGES)
    theirs = simulator.received[0]
    wire = Wire()
    async with running() as runner:
        record = await run_on(runner, chosen(kind, simulator.base_url), wire)
    ours = simulator.received[-1]
    assert record.state is State.COMPLETE
    assert record.text == "".join(block.text for block in streamed.content if block.type == "text")
    assert (streamed.stop_reason, streamed.usage.output_tokens) == (whole.stop_reason, whole.usage.output_tokens)
    assert record.usage["output_tokens"] == streamed.usage.output_tokens
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert ours.path == theirs.path
    proof = {name for name in theirs.headers if name in ("authorization", "x-api-key", "api-key")}
    assert {name for name in ours.headers if name in ("authorization", "x-api-key", "api-key")} == proof
    for name in ("anthropic-version", "anthropic-workspace-id", "x-api-key", "api-key"):
        assert ours.headers.get(name) == theirs.headers.get(name), name


@pytest.mark.parametrize("kind", KINDS)
async def test_the_official_client_is_refused_in_words_it_understands(kind: str, simulator: Simulator) -> None:
    async with client_of(kind, simulator.base_url) as client:
        with pytest.raises(anthropic.APIStatusError) as refused:
            await client.messages.create(model=model_of(kind, "claude-opus-9"), max_tokens=5, messages=MESSAGES)
        assert refused.value.status_code == 404
        with pytest.raises(anthropic.RateLimitError):
            await client.messages.create(
                model=model_of(kind), max_tokens=5, messages=MESSAGES, extra_headers={"x-simulate-error": "429"}
            )
        with pytest.raises(anthropic.APIStatusError) as broke:
            async with client.messages.stream(
                model=model_of(kind),
                max_tokens=300,
                messages=MESSAGES,
                extra_headers={"x-simulate-error": "stream-error"},
            ) as stream:
                await stream.get_final_message()
    assert "Overloaded" in str(broke.value)


async def test_the_official_client_counts_where_the_cloud_does(simulator: Simulator) -> None:
    for kind in KINDS:
        async with client_of(kind, simulator.base_url) as client:
            if kind == "bedrock":
                with pytest.raises(anthropic.AnthropicError, match="not supported in Bedrock"):
                    await client.messages.count_tokens(model=model_of(kind), messages=MESSAGES)
            else:
                count = await client.messages.count_tokens(model=model_of(kind), messages=MESSAGES)
                assert count.input_tokens > 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"aws_secret_key": "another"}, "does not match the signature you provided"),
        ({"aws_access_key": "AKIAANOTHER000000000"}, "security token included in the request is invalid"),
    ],
)
async def test_a_signature_by_another_pair_is_refused(
    changes: dict[str, str], words: str, simulator: Simulator
) -> None:
    http = anthropic.DefaultAsyncHttpxClient(verify=False, trust_env=False)
    given = {**AWS, **changes, "aws_region": "us-east-1", "base_url": f"{simulator.base_url}/bedrock"}
    async with anthropic.AsyncAnthropicBedrock(**given, http_client=http, max_retries=0) as client:
        with pytest.raises(anthropic.PermissionDeniedError, match=words):
            await client.messages.create(model=model_of("bedrock"), max_tokens=5, messages=MESSAGES)


@given(
    st.lists(st.text("aB9-_.:;%@ é/=&+~", min_size=1, max_size=12), min_size=1, max_size=4),
    st.dictionaries(st.text("abc-", min_size=1, max_size=5), st.text("ab %1é", max_size=6), max_size=3),
    st.binary(max_size=60),
    st.sampled_from([None, "a-token/+="]),
    st.data(),
)
def test_signatures_of_awss_own_library_are_worked_out_again_and_no_other_passes(
    path: list[str], query: dict[str, str], body: bytes, token: str | None, data: st.DataObject
) -> None:
    auth, credentials = import_module("botocore.auth"), import_module("botocore.credentials")
    target = "/" + "/".join(quote(part, safe="") for part in path)
    target += f"?{urlencode(query)}" if query else ""
    made = import_module("botocore.awsrequest").AWSRequest(
        "POST", f"https://h.example{target}", headers={"content-type": "application/json"}, data=body
    )
    auth.SigV4Auth(credentials.Credentials(ACCESS_KEY, SECRET_KEY, token), "bedrock", "us-east-1").add_auth(made)
    headers = {name.lower(): value for name, value in made.headers.items()} | {"host": "h.example"}
    request = Request("POST", target, headers, body)
    service = World().service
    service.now = lambda: datetime.now(UTC)
    sigv4.check(request, service, "bedrock")
    signed = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    name = data.draw(st.sampled_from([*(each for each in signed if each != "x-amz-date"), "body", "path", "method"]))
    changed = {
        "body": replace(request, body=body + b"x"),
        "path": replace(request, target=f"/x{target}"),
        "method": replace(request, method="PUT"),
    }.get(name, replace(request, headers={**headers, name: headers.get(name, "") + "x"}))
    with pytest.raises(ApiError):
        sigv4.check(changed, service, "bedrock")


BODY = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, "messages": MESSAGES}


@pytest.mark.parametrize(
    ("model", "changes", "status", "words"),
    [
        ("claude-opus-5-5", {}, 400, "model identifier is invalid"),
        ("anthropic.claude-opus-5-5", {"model": "x"}, 400, "model: Extra inputs are not permitted"),
        ("anthropic.claude-opus-5-5", {"stream": True}, 400, "stream: Extra inputs are not permitted"),
        ("anthropic.claude-opus-5-5", {"anthropic_version": "2026-10-20"}, 400, "Invalid API version"),
        ("anthropic.claude-opus-4-5-20251101-v1:0", {"anthropic_version": "2026-10-21"}, 400, "Invalid API version"),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", {"anthropic_version": "2026-10-21"}, 200, ""),
        ("anthropic.claude-opus-5-5", {"anthropic_version": None}, 400, "anthropic_version: Field required"),
        ("anthropic.claude-opus-5-5", {"anthropic_beta": ["nothing-like-it"]}, 400, "nothing-like-it"),
        ("anthropic.claude-opus-5-5", {"anthropic_beta": ["output-300k-2026-03-24"]}, 200, ""),
        ("anthropic.claude-opus-5-5", {"anthropic_beta": "x"}, 400, "valid list"),
    ],
)
async def test_bedrock_takes_bodies_of_its_own_form(
    model: str, changes: dict[str, Any], status: int, words: str
) -> None:
    world = World()
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
    answer = await world.call(
        "POST", f"/bedrock/model/{model}/invoke", body, x_api_key="", authorization="Bearer sk-1", anthropic_version=""
    )
    assert answer.status == status
    assert words in answer.json.get("message", "")
    assert not any(name.startswith("anthropic-") for name in answer.headers)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/bedrock/v1/messages", 404),
        ("POST", "/bedrock-mantle/anthropic/v1/messages/batches", 404),
        ("GET", "/foundry/anthropic/v1/models", 404),
        ("GET", "/aws/v1/models", 200),
        ("POST", "/vertex/v1/projects/p/locations/global/publishers/anthropic/models/claude-opus-9:rawPredict", 404),
        ("POST", "/nobody/v1/messages", 404),
    ],
)
async def test_each_cloud_has_its_own_routes(method: str, path: str, status: int) -> None:
    version = {"anthropic_version": "2026-10-21"} if "vertex" in path else {}
    keyed = {"authorization": "Bearer ya29.x", "x_api_key": ""} if "vertex" in path else {"x_api_key": "sk-1"}
    body = {"model": "claude-opus-5-5", "max_tokens": 5, "messages": MESSAGES, **version}
    body = {name: value for name, value in body.items() if name != "model"} if "vertex" in path else body
    answer = await World().call(method, path, body, anthropic_workspace_id="w", **keyed)
    assert answer.status == status
