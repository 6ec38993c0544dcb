"""A request to a cloud as code: Python by the SDK's own client of it, and curl, against the simulator's clouds."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.clouds import ENVIRON, KINDS, PROMPT, chosen, model_of, run_on
from tests.engine.running import running
from workbench.core.config import parse
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.languages import LANGUAGES
from workbench.core.params import Params
from workbench.core.request import Request
from workbench.engine import endpoints
from workbench.simulator import Simulator

PROOF = ("authorization", "x-api-key", "api-key")
INVOKED = re.compile("/invoke(-with-response-stream)?$")
SAMPLED = {"model": "claude-sonnet-4-6", "temperature": 0.5, "system": "$(touch PWNED) #{x} \"'\n"}


@pytest.fixture
async def simulator(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Simulator]:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    async with Simulator(speed=0, vary_repeats=False) as served:
        yield served


@pytest.fixture
def plain_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client a program: 70 ms each to load certificates that are of no use here."""
    context = ssl.create_default_context()
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: context)


def call_to(kind: str, simulator: Simulator, **params: Any) -> Call:
    found = chosen(kind, simulator.base_url).endpoint
    made = Params(**{"model": model_of(kind), "max_tokens": 300, **params})
    return Call(Request(made, (PROMPT,)), found)


async def expect_what_workbench_sends(kind: str, simulator: Simulator, **params: Any) -> None:
    """The last request is the one that Workbench sends then, field by field, with the same kind of proof."""
    theirs = simulator.received[-1]
    async with running() as runner:
        await run_on(runner, chosen(kind, simulator.base_url), **params)
    ours = simulator.received[-1]
    assert json.loads(theirs.body) == json.loads(ours.body)
    assert INVOKED.sub("", theirs.path) == INVOKED.sub("", ours.path)
    assert {name for name in PROOF if name in theirs.headers} == {name for name in PROOF if name in ours.headers}
    betas = () if kind == "bedrock" else ("anthropic-beta",)  # the SDK brings them into the body, and says both
    for name in ("anthropic-version", "anthropic-workspace-id", *betas):
        assert theirs.headers.get(name) == ours.headers.get(name), name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("params", [{}, SAMPLED, {"thinking": "adaptive", "thinking_display": "updates"}])
@pytest.mark.usefixtures("plain_certificates")
async def test_python_asks_the_cloud_as_workbench_does(
    kind: str, params: dict[str, Any], simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {**params, "model": model_of(kind, params.get("model", "claude-opus-5-5"))}
    program = LANGUAGES["python"].write(call_to(kind, simulator, **changed))
    assert not any(value in program for name, value in ENVIRON.items() if name != "AWS_SESSION_TOKEN")
    await asyncio.to_thread(exec, program, {})
    assert len(capsys.readouterr().out) > 100
    await expect_what_workbench_sends(kind, simulator, **changed)


@pytest.mark.parametrize("kind", KINDS)
async def test_curl_asks_the_cloud_as_workbench_does(kind: str, simulator: Simulator) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl to run it with")
    command = "set -e\n" + LANGUAGES["curl"].write(call_to(kind, simulator))
    done = await asyncio.create_subprocess_exec(
        "sh", "-c", command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    out, _ = await done.communicate()
    assert done.returncode == 0
    assert b'"text":' in out
    await expect_what_workbench_sends(kind, simulator)


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh"])
@pytest.mark.parametrize("token", ["", "a token with * and $(touch PWNED)"])
def test_every_shell_hands_curl_the_session_token_as_a_header(shell: str, token: str) -> None:
    found = chosen("aws", "http://127.0.0.1:9").endpoint
    command = LANGUAGES["curl"].write(Call(Request(Params(model="m", max_tokens=9), (PROMPT,)), found))
    assert all(" " not in each or '"' in each for each in re.findall(r"\$\{[^}]*:\+([^}]*)\}", command))
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    environ = {**ENVIRON, "AWS_SESSION_TOKEN": token, "PATH": os.environ["PATH"]}
    script = "curl() { printf '%s\\0' \"$@\"; }\n" + command
    done = subprocess.run([shell, "-c", script], env=environ, capture_output=True, check=True)
    words = done.stdout.decode().split("\0")
    expected = ["--header", f"x-amz-security-token: {token}"] if token else []
    assert words[6 : 6 + len(expected)] == expected
    assert words[6 + len(expected)] == "--header"


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_the_body_that_the_cloud_takes_and_other_languages_say_so_where_they_can_not(kind: str) -> None:
    found = chosen(kind, "http://127.0.0.1:9", ENVIRON).endpoint
    made = Call(Request(Params(model=model_of(kind), max_tokens=9), (PROMPT,)), found)
    assert json.loads(LANGUAGES["json"].write(made)) == json.loads(made.request.at(found).encoded)
    for language in ("typescript", "java", "go", "ruby", "csharp", "php"):
        if kind in ("foundry", "google-cloud"):  # with a key, it takes what the API takes
            assert found.base_url in LANGUAGES[language].write(made)
            continue
        with pytest.raises(ExportError, match="export it as python or curl, or as json"):
            LANGUAGES[language].write(made)


PLAIN = {
    "bedrock": (
        {"region": "eu-west-1", "profile": "dev"},
        'AnthropicBedrock(aws_region="eu-west-1", aws_profile="dev")',
    ),
    "bedrock-mantle": ({"region": "us-east-1"}, 'AnthropicBedrockMantle(aws_region="us-east-1")'),
    "vertex": ({"region": "global", "project": "p"}, 'AnthropicVertex(region="global", project_id="p")'),
    "foundry": (
        {"resource": "r"},
        'AnthropicFoundry(resource="r", api_key=os.environ["ANTHROPIC_FOUNDRY_API_KEY"])',
    ),
    "aws": (
        {"region": "us-west-2", "workspace": "wrkspc_1"},
        'AnthropicAWS(aws_region="us-west-2", workspace_id="wrkspc_1")',
    ),
    "google-cloud": (
        {"project": "p", "workspace": "wrkspc_1"},
        'AnthropicGoogleCloud(project="p", location="global", workspace_id="wrkspc_1")',
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_at_its_usual_address_a_cloud_needs_no_address(kind: str) -> None:
    settings, expected = PLAIN[kind]
    config, mistakes = parse({"endpoints": {"mine": {"kind": kind, **settings}}})
    assert mistakes == ()
    found = endpoints.choose(config, name="mine", environ=ENVIRON, folder=Path("/nowhere")).endpoint
    made = Call(Request(Params(model="claude-opus-5-5", max_tokens=9), (PROMPT,)), found)
    assert f"\nclient = {expected}\n" in LANGUAGES["python"].write(made)


@pytest.mark.parametrize("auth", ["none", "bearer"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("plain_certificates")
def test_the_sdk_takes_what_a_client_is_told(kind: str, auth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_TOKEN", "AWS_BEARER_TOKEN_BEDROCK", "ANTHROPIC_AWS_API_KEY"):
        monkeypatch.setenv(name, "k")
    found = replace(chosen(kind, "http://127.0.0.1:9").endpoint, auth=auth)
    program = LANGUAGES["python"].write(Call(Request(Params(model="m", max_tokens=9), (PROMPT,)), found))
    names: dict[str, Any] = {}
    exec(program.partition("\nwith ")[0], names)
    assert names["client"].messages
    assert ("os.environ" in program) is (auth == "bearer")
