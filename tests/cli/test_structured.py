"""`workbench run` where the answer has a schema, thinks, or ends otherwise than it should."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served

SESSIONS = Path(__file__).parent.parent / "sessions"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def session(name: str) -> str:
    return str(shutil.copy(SESSIONS / f"{name}.toml", f"{name}.toml"))


def test_a_session_with_a_schema_runs_and_its_answer_fits(program: Program, served: Served) -> None:
    result = program("run", session("schema"))
    assert result.status == 0
    assert set(json.loads(result.out)) >= {"order", "kind", "items"}
    assert "fits the schema" in result.err
    (run,) = tomllib.loads(Path("schema.toml").read_text())["runs"]
    assert run["schema_errors"] == []
    assert len(run["conversation_sha256"]) == 64  # it thought, though nothing of that was shown
    (body,) = served.bodies
    assert body["output_config"]["format"]["type"] == "json_schema"


def test_a_mismatch_is_said_and_makes_the_status_1(program: Program, served: Served) -> None:
    words = ("run", session("schema"), "--set", "model=claude-sonnet-4-6", "--set", "max_tokens=9")
    result = program(*words)
    assert result.status == 1
    assert "workbench: the answer does not fit its schema: the answer is not JSON" in result.err
    assert "Cut off by max_tokens. The answer reached max_tokens, 9, before its end" in result.err
    (record,) = program(*words, "--json", "--no-save").records
    assert record["state"] == "complete"
    assert record["schema_errors"] == ["the answer is not JSON"]


def test_an_answer_that_nobody_could_check_is_said_to_be_so(program: Program, served: Served) -> None:
    names = {"properties": {"a": {"type": "string"}}, "propertyNames": {"$ref": "http://127.0.0.1:9/x"}}
    schema = {"type": "object", "required": ["a"], "additionalProperties": False, **names}
    result = program("run", "--prompt", "Hi", "--set", f"output_format={json.dumps(schema)}", "--no-save")
    assert result.status == 0, result.err
    assert "the answer was not checked against its schema" in result.err
    assert "fits the schema" not in result.err


def test_three_generations_think_each_in_its_way(program: Program, served: Served) -> None:
    result = program("run", session("thinking"), "--json")
    assert result.status == 0, result.err
    for record in result.records:
        assert record["content"][0]["type"] == "thinking"
        assert record["content"][0]["thinking"]
        assert record["usage"]["output_tokens_details"]["thinking_tokens"] > 0
    kinds = {body["model"]: body["thinking"]["type"] for body in served.bodies}
    assert list(kinds.values()).count("adaptive") == 2
    assert kinds["claude-haiku-4-5"] == "enabled"
    again = program("run", "thinking.toml", "--prompt", "And at night?", "--json")
    assert again.status == 0, again.err
    bodies = {body["model"]: body for body in served.bodies[3:]}
    for record in result.records:
        sent = bodies[record["params"]["model"]]["messages"][1]["content"]
        assert sent == [strip(block) for block in record["content"]]
    assert "left out" not in again.err
    other = program(
        "run", "thinking.toml", "--prompt", "Why?", "--lane", "A", "--set", "model=claude-opus-5", "--no-save"
    )
    assert other.status == 0
    assert "thinking of 2 earlier answers is left out: another model made it" in other.err
    elsewhere = program(
        "run",
        "thinking.toml",
        "--prompt",
        "So?",
        "--lane",
        "A",
        "--set",
        "max_tokens=8",
        "--endpoint",
        "simulator",
        "--no-save",
    )
    assert "thinking of 2 earlier answers is left out: it was made at another endpoint" in elsewhere.err
    contents = [message["content"] for message in served.bodies[-1]["messages"] if message["role"] == "assistant"]
    assert {block["type"] for blocks in contents for block in blocks} == {"text"}


def strip(block: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if value is not None}


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        ("refusal: cyber", "Refused: attacks on computers (cyber). “The simulator was asked to refuse this.”"),
        ("refusal: at_once", "Nothing had come, so it is not billed."),
        ("model_context_window_exceeded", "Cut off by the context window."),
        ("of_next_year", "The server ended the answer with 'of_next_year', which is not known here."),
        ("null", "No stop reason."),
    ],
)
def test_an_unusual_end_is_said_in_words_and_is_no_failure(
    program: Program, served: Served, stop: str, words: str
) -> None:
    result = program("run", "--prompt", f"Hi\nx-simulate-stop: {stop}", "--set", "model=claude-haiku-4-5", "--json")
    assert words in result.err
    assert result.status == 0
    (record,) = result.records
    assert record.get("stop_reason") == (None if stop == "null" else stop.partition(":")[0])
    assert ("stop_details" in record) == stop.startswith("refusal")
    assert record["cost_usd"] == "0" or "at_once" not in stop


def test_a_refused_answer_stays_out_of_the_next_request(program: Program, served: Served) -> None:
    program("run", "s.toml", "--prompt", "Hi\nx-simulate-stop: refusal", "--set", "model=claude-haiku-4-5")
    result = program("run", "s.toml", "--prompt", "Then that.", "--set", "model=claude-haiku-4-5")
    assert "an earlier answer was refused: what came of it is left out" in result.err
    assert [message["role"] for message in served.bodies[-1]["messages"]] == ["user", "user"]
