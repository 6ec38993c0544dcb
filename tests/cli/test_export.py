"""Exports carried out: with the official SDK and with curl, against a server that shows what it received."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.exports.languages import LANGUAGES


def test_the_command_exports_one_lane_as_it_would_be_sent(program: Program, served: Served) -> None:
    Path("s.toml").write_text(
        '[variables]\nwho = "you"\n[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 5\n'
        '[[lanes]]\nid = "A"\n[[lanes]]\nid = "B"\nparams = { temperature = 0.5 }\n'
    )
    words = ("export", "s.toml", "--prompt", "hi {{who}}")
    refused = program(*words, "--as", "json")
    assert refused.status == 2
    assert "--lane with one of A, B" in refused.err
    result = program(*words, "--as", "json", "--lane", "B", "--set", "max_tokens=6")
    assert result.err == ""
    assert json.loads(result.out) == {
        "model": "claude-haiku-4-5",
        "max_tokens": 6,
        "temperature": 0.5,
        "messages": [{"role": "user", "content": "hi you"}],
        "stream": True,
    }
    assert "prompt" not in Path("s.toml").read_text()
    assert served.simulator.received == []


def test_an_export_without_a_key_is_for_the_real_api(program: Program) -> None:
    written = program("export", "--as", "curl", "--prompt", "hi").out
    assert "https://api.anthropic.com/v1/messages" in written
    assert "$ANTHROPIC_API_KEY" in written


@pytest.mark.parametrize("language", ["curl", "python"])
def test_an_address_without_a_key_here_is_exported_with_that_of_where_it_runs(
    language: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("export", "--as", language, "--prompt", "hi", "--base-url", "https://gate.example")
    written = program(*words).out
    assert "ANTHROPIC_API_KEY" in written
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-of-an-export-0001")
    assert program(*words).out == written


def test_an_endpoint_that_wants_no_key_by_configuration_is_exported_without(program: Program, sealed: Path) -> None:
    folder = sealed.parent / "home" / "config" / "workbench"
    folder.mkdir()
    (folder / "config.toml").write_text(
        '[endpoints.llama]\nbase_url = "http://127.0.0.1:8"\nauth = "none"\n'
        '[endpoints.gate]\nbase_url = "https://gate.example"\nkey_env = "GATE_KEY"\n'
    )
    words = ("export", "--as", "curl", "--prompt", "hi", "--endpoint")
    assert "KEY" not in program(*words, "llama").out
    assert '"x-api-key: $GATE_KEY"' in program(*words, "gate").out


def test_what_can_not_be_written_is_a_sentence(program: Program) -> None:
    result = program("export", "--as", "python", "--prompt", "hi", "--set", "max_tokens=")
    assert result.status == 2
    assert "can't leave max_tokens out" in result.err
    assert result.out == ""


@pytest.mark.fault("E01", "E02", "K01")
def test_no_key_gets_into_an_export(program: Program, served: Served) -> None:
    key = os.environ["ANTHROPIC_API_KEY"]
    for language in LANGUAGES:
        assert key not in program("export", "--as", language, "--prompt", "hi").out
