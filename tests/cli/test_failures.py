"""Runs that fail: the record, the sentence, the exit status, and what is kept."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.run import Run
from workbench.simulator import Fault


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")


FAULTS = {
    "529": ("rejected", 529),
    "stream-error": ("rejected", 200),
    "cut": ("interrupted", None),
    "end": ("interrupted", None),
}


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("kind", FAULTS)
def test_a_failed_run_is_status_1_with_its_problem(
    kind: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, status = FAULTS[kind]
    monkeypatch.setattr("workbench.core.retry.BACKOFF_S", 0.001)
    with Served(faults=(Fault(kind, 1.0),)) as served:
        result = program("run", "s.toml", "--base-url", served.base_url, "--prompt", "Count to fifty.", "--json")
    (record,) = result.records
    assert result.status == 1
    assert record["state"] == state
    assert record["problem"].get("status") == status
    assert record["problem"]["title"] in result.err
    assert record["request_id"] in result.err
    assert tomllib.loads(Path("s.toml").read_text())["runs"][0]["state"] == state


@pytest.mark.usefixtures("sent")
def test_a_partial_answer_is_printed_kept_and_marked(program: Program) -> None:
    with Served(faults=(Fault("cut", 1.0),)) as served:
        result = program("run", "s.toml", "--base-url", served.base_url, "--prompt", "Tell me a long story.")
    kept = tomllib.loads(Path("s.toml").read_text())
    assert result.status == 1
    assert result.out
    assert kept["messages"][1]["text"] == result.out
    assert kept["runs"][0]["state"] == "interrupted"
    assert "interrupted" in result.err


def test_a_refused_key_is_not_tried_again(program: Program, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-invalid-0123456789")
    result = program("run", "--prompt", "hi", "--json")
    assert result.status == 1
    assert result.records[0]["problem"]["status"] == 401
    assert result.records[0]["attempts"] == 1
    assert "sk-invalid" not in result.err + result.out


def test_a_failed_run_adds_nothing_empty_to_a_file_written_by_hand(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-invalid-0123456789")
    Path("s.toml").write_text('[[messages]]\nrole = "user"\ntext = "a"\n[[messages]]\nrole = "assistant"\n')
    result = program("run", "s.toml", "--prompt", "b")
    kept = tomllib.loads(Path("s.toml").read_text())
    assert result.status == 1
    assert "session" not in kept
    assert [row.get("text") for row in kept["messages"]] == ["a", None, "b"]
    assert [row["state"] for row in kept["runs"]] == ["rejected"]


def test_one_lane_that_fails_does_not_stop_the_other(program: Program, served: Served) -> None:
    Path("s.toml").write_text(
        '[params]\nmax_tokens = 30\n[[lanes]]\nid = "A"\nparams = { model = "claude-0" }\n'
        '[[lanes]]\nid = "B"\nparams = { model = "claude-haiku-4-5" }\n'
    )
    result = program("run", "s.toml", "--prompt", "hi", "--json")
    assert result.status == 1
    assert {record["lane"]: record["state"] for record in result.records} == {"A": "rejected", "B": "complete"}


def test_an_endpoint_without_its_key_is_said_before_sending(program: Program) -> None:
    result = program("run", "--prompt", "hi", "--endpoint", "anthropic")
    assert result.status == 2
    assert "ANTHROPIC_API_KEY" in result.err


def test_a_session_that_asked_elsewhere_than_it_will_says_so_and_one_that_was_begun_there_stays(
    program: Program, served: Served
) -> None:
    Path("s.toml").write_text('[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 9\n')
    there = ("--base-url", served.base_url)
    said = "the session names no endpoint: it asked"
    assert said not in program("run", "s.toml", "--prompt", "hi", *there).err
    assert said not in program("run", "s.toml", "--prompt", "hi", *there).err
    again = program("run", "s.toml", "--prompt", "hi").err
    assert f"{said} {served.base_url.removeprefix('http://')} the last time, and anthropic is asked now" in again
    assert said not in program("run", "s.toml", "--prompt", "hi").err
    program("run", "new.toml", "--prompt", "hi", "--endpoint", "simulator")
    assert tomllib.loads(Path("new.toml").read_text())["session"]["endpoint"] == "simulator"
    assert json.loads(program("run", "new.toml", "--prompt", "hi", "--json").out)["endpoint"] == "simulator"


@pytest.mark.fault("N08")
def test_a_key_is_not_sent_over_plain_http_to_another_machine(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    result = program("run", "--prompt", "hi", "--base-url", "http://192.0.2.1", "--json")
    assert (result.status, result.out) == (2, "")
    assert "not encrypted" in result.err


@pytest.mark.fault("F13")
def test_a_file_that_could_not_be_saved_is_refused_before_anything_is_sent(program: Program, served: Served) -> None:
    Path("newer.toml").write_text("format = 99\n[params]\nmodel = 'claude-haiku-4-5'\nmax_tokens = 9\n")
    result = program("run", "newer.toml", "--prompt", "hi")
    assert result.status == 2
    assert "--no-save" in result.err
    assert served.simulator.received == []
    assert program("run", "newer.toml", "--prompt", "hi", "--no-save").status == 0


@pytest.mark.fault("F08")
def test_a_file_that_changed_meanwhile_is_not_overwritten_and_nothing_is_lost(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text("[params]\nmodel = 'claude-haiku-4-5'\nmax_tokens = 30\n")
    from workbench.cli import planning

    plan = planning.plan

    def plan_while_another_writes(order: planning.Order, repeat: int) -> tuple[planning.Planned, ...]:
        Path("s.toml").write_text("# another program was here\n")
        return plan(order, repeat)

    monkeypatch.setattr(planning, "plan", plan_while_another_writes)
    result = program("run", "s.toml", "--prompt", "hi")
    assert result.status == 2
    assert Path("s.toml").read_text() == "# another program was here\n"
    (other,) = (path for path in Path().glob("[!.]*.toml") if path.name != "s.toml")
    assert other.name in result.err
    assert len(tomllib.loads(other.read_text())["messages"]) == 2
    again = program("cost", "s.toml")
    assert "while its journal stood" in again.err
    assert "2 messages and 1 run" in again.err


def test_the_key_is_in_nothing_that_is_printed_or_kept(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text("ANTHROPIC_API_KEY=sk-canary-from-the-file\n")
    printed = program("run", "s.toml", "--prompt", "hi").err
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    for words in (["run", "s.toml", "--prompt", "hi", "--json"], ["models"], ["count", "s.toml"], ["cost", "s.toml"]):
        result = program(*words)
        assert result.status == 0
        printed += result.out + result.err
    assert served.simulator.received[-1].header("x-api-key") == "sk-canary-from-the-file"
    assert "canary" not in printed + Path("s.toml").read_text()
    assert "sk-test-0123456789" not in printed + Path("s.toml").read_text()


def test_a_bug_in_one_run_costs_no_other_its_answer(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.engine.runner import Runner

    stream = Runner.stream

    async def stream_with_a_bug(self: Runner, run: Run, *rest: Any, **options: Any) -> None:
        await stream(self, run, *rest, **options)
        if run.id == "r2":
            raise ZeroDivisionError

    monkeypatch.setattr(Runner, "stream", stream_with_a_bug)
    with pytest.raises(ZeroDivisionError):
        program("run", "s.toml", "--prompt", "hi", "--repeat", "2")
    assert len(tomllib.loads(Path("s.toml").read_text())["runs"]) == 2
