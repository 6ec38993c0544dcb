"""The commands at an endpoint of a cloud: run, sweep, count, models, export; and what each cloud doesn't offer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from tests.engine.clouds import ENVIRON
from workbench.engine import places

SESSION = """
format = 1
[session]
endpoint = "bedrock"
[params]
model = "us.anthropic.claude-sonnet-4-6"
max_tokens = 60
[[messages]]
id = "m1"
role = "user"
text = "Name a colour."
[[sweeps]]
id = "w1"
repeats = 2
axes = { temperature = [0.0, 1.0] }
"""


@pytest.fixture
def configured(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A configuration as a person writes it, but for the addresses, and credentials in variables."""
    for name, text in ENVIRON.items():
        monkeypatch.setenv(name, text)
    file = places.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"""
[endpoints.bedrock]
kind = "bedrock"
region = "us-east-1"
base_url = "{served.base_url}/bedrock"

[endpoints.vertex]
kind = "vertex"
project = "p-1"
region = "us-east5"
key_env = "GOOGLE_TOKEN"
base_url = "{served.base_url}/vertex"

[endpoints.everywhere]
kind = "vertex"
project = "p-1"
region = "global"
key_env = "GOOGLE_TOKEN"
base_url = "{served.base_url}/vertex"

[endpoints.unfinished]
kind = "vertex"
region = "global"
"""
    )
    return served


@pytest.fixture
def session(tmp_path: Path) -> Path:
    file = tmp_path / "clouds.toml"
    file.write_text(SESSION)
    return file


def test_a_run_and_a_sweep_from_a_hand_written_file(configured: Served, program: Program, session: Path) -> None:
    done = program("run", session, "--json")
    assert done.status == 0, done.err
    (record,) = done.records
    sent = configured.simulator.received[-1]
    assert sent.target == "/bedrock/model/us.anthropic.claude-sonnet-4-6/invoke-with-response-stream"
    assert record["request_sha256"] == sha256(sent.body).hexdigest()
    assert (record["endpoint"], record["model"], record["cost_basis"]) == ("bedrock", "claude-sonnet-4-6", "simulated")
    assert "limits" not in record

    swept = program("sweep", session)
    assert swept.status == 0, swept.err
    assert "this is an estimate" in swept.err
    assert "Bedrock counts no tokens" in swept.err
    before = len(configured.simulator.received)
    again = program("sweep", session)
    assert again.status == 0
    assert len(configured.simulator.received) == before, "what stands in the results is not sent again"


def test_counts_and_models(configured: Served, program: Program, session: Path) -> None:
    counted = program("count", session)
    assert counted.status == 0
    assert "Bedrock counts no tokens" in counted.err
    assert "≈" in counted.out
    on_vertex = program("count", "--endpoint", "vertex", "--prompt", "Hello.", "--set", "model=claude-opus-5-5")
    assert "≈" not in on_vertex.out
    assert configured.simulator.received[-1].target.endswith("/models/count-tokens:rawPredict")

    listed = program("models", "--endpoint", "bedrock")
    assert "anthropic.claude-opus-5-5" in listed.out
    assert "anthropic.claude-sonnet-4-5-20250929-v1:0" in listed.out
    assert "bedrock: Bedrock lists no models" in listed.err
    assert "under the names of Amazon Bedrock; a region's prices, a tenth above those of global. profiles" in listed.err
    assert "the prices of us-east5, a tenth above those of global" in program("models", "--endpoint", "vertex").err
    for name, model, price in (
        ("vertex", "claude-opus-5-5", "4.4"),
        ("everywhere", "claude-opus-5-5", "4"),
        ("bedrock", "anthropic.claude-opus-5-5", "4.4"),
    ):
        rows = {row["id"]: row for row in json.loads(program("models", "--endpoint", name, "--json").out)["models"]}
        assert rows[model]["prices"]["input"] == price
        assert {"claude-sonnet-4-5@20250929", "anthropic.claude-sonnet-4-5-20250929-v1:0"} & {*rows}


def test_mistakes_are_sentences(configured: Served, program: Program) -> None:
    unfinished = program("run", "--endpoint", "unfinished", "--prompt", "Hello.")
    assert (unfinished.status, unfinished.out) == (2, "")
    assert "Google Vertex AI needs a project" in unfinished.err
    unknown = program("run", "--endpoint", "foundry", "--prompt", "Hello.")
    assert unknown.status == 2
    assert 'write [endpoints.foundry] with kind = "foundry" into the configuration' in unknown.err
    misnamed = program("run", "--endpoint", "bedrock", "--prompt", "Hello.", "--set", "model=claude-opus-5-5")
    assert misnamed.status == 1
    assert "On Bedrock claude-opus-5-5 is usually anthropic.claude-opus-5-5, or global." in misnamed.err
    assert "The provided model identifier is invalid." in misnamed.err
    assert len(configured.simulator.received) == 1


def test_where_there_are_no_batches_none_is_counted_priced_or_sent(
    configured: Served, program: Program, session: Path
) -> None:
    words = ("--endpoint", "vertex", "--axis", "max_tokens=10,20", "--set", "model=claude-opus-5-5")
    said = set()
    for again in ((), ("--dry-run",), ("--no-wait",)):
        refused = program("sweep", session, "--batch", *words, *again)
        assert (refused.status, refused.out) == (2, "")
        said.add(refused.err.strip())
    (sentence,) = said
    assert sentence.endswith("Vertex takes no message batches: send it live, or choose another endpoint"), sentence
    assert configured.simulator.received == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize(
    ("endpoint", "model"), [("bedrock", "us.anthropic.claude-opus-5-5"), ("vertex", "claude-opus-5-5")]
)
def test_an_export_as_curl_signs_by_itself_and_is_answered(
    configured: Served, program: Program, endpoint: str, model: str
) -> None:
    words = ("--endpoint", endpoint, "--prompt", "Name a 'colour'.", "--set", f"model={model}")
    exported = program("export", "--as", "curl", *words)
    assert exported.status == 0, exported.err
    done = subprocess.run(
        ["sh", "-c", exported.out], env={**os.environ, **ENVIRON}, capture_output=True, text=True, check=True
    )
    assert '"type":"message_start"' in done.stdout or '"role": "assistant"' in done.stdout
    arrived = json.loads(configured.simulator.received[-1].body)
    assert program("run", *words).status == 0
    assert arrived == json.loads(configured.simulator.received[-1].body)
    assert json.loads(program("export", "--as", "json", *words).out) == arrived


def test_what_can_not_be_exported_says_why(configured: Served, program: Program) -> None:
    words = ("--endpoint", "bedrock", "--prompt", "Hello.", "--set")
    for language in ("typescript", "java", "go", "ruby", "csharp", "php"):
        refused = program("export", "--as", language, *words, "model=us.anthropic.claude-opus-5-5")
        assert refused.status == 2
        assert "Amazon Bedrock takes signed requests" in refused.err
        assert "export it as python or curl" in refused.err
    colon = program("export", "--as", "curl", *words, "model=anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert colon.status == 2
    assert "curl signs an address with quoted characters in another way" in colon.err
    assert "the model '' can't stand in an address" in program("export", "--as", "curl", *words, "model=").err
