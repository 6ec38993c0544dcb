"""`models`, `count` and `cost`: what they say, and how sure they are of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.models import Catalogue

TWO_LANES = """
[params]
model = "claude-sonnet-4-6"
max_tokens = 1000
[[lanes]]
id = "A"
[[lanes]]
id = "B"
params = { model = "claude-haiku-4-5" }
"""
RUNS = """
[[runs]]
id = "r1"
lane = "A"
model = "claude-opus-5-5"
state = "complete"
started = 2026-11-20T12:00:00Z
usage = { input_tokens = 100, output_tokens = 50 }
cost_usd = "0.5"
cost_basis = "exact"
[[runs]]
id = "r2"
lane = "B"
model = "claude-opus-5-5"
state = "interrupted"
started = 2026-11-21T12:00:00Z
usage = { input_tokens = 10, output_tokens = 1 }
cost_usd = "0.25"
cost_basis = "at_least"
[[runs]]
id = "r3"
lane = "B"
model = "local"
state = "complete"
started = 2026-11-21T12:00:00Z
usage = { input_tokens = 7, output_tokens = 7 }
cost_basis = "unknown"
[[runs]]
id = "r4"
lane = "S"
model = "claude-haiku-4-5"
state = "complete"
started = 2026-11-21T12:00:00Z
usage = { input_tokens = 7, output_tokens = 7 }
cost_usd = "9"
cost_basis = "simulated"
"""


def test_models_without_a_key_are_the_built_in_table_and_say_so(program: Program) -> None:
    result = program("models")
    assert result.status == 0
    assert [line.split()[0] for line in result.out.splitlines()[1:]] == [
        each.id for each in Catalogue.builtin().choices
    ]
    assert "the built-in table" in result.err


def test_models_of_an_endpoint_are_what_it_lists(program: Program, served: Served) -> None:
    found = json.loads(program("models", "--json").out)
    assert found["source"] == "live"
    assert found["endpoint"] == "anthropic"
    haiku = next(each for each in found["models"] if each["id"] == "claude-haiku-4-5")
    assert haiku["context"] == 200_000
    assert haiku["prices"] == {"input": "1", "output": "5", "write_5m": "1.25", "write_1h": "2", "read": "0.1"}
    assert haiku["accepts"]["sampling"] is True
    assert haiku["accepts"]["effort"] == []


@pytest.mark.parametrize("words", [["--base-url", "http://127.0.0.1:1"], ["--endpoint", "anthropic"]])
def test_models_degrade_to_the_built_in_table(words: list[str], program: Program) -> None:
    result = program("models", "--json", *words)
    assert result.status == 0
    assert json.loads(result.out)["source"] == "built-in"
    assert result.err.startswith("workbench: ")


def test_count_asks_the_endpoint_for_every_lane(program: Program) -> None:
    Path("s.toml").write_text(TWO_LANES)
    result = program("count", "s.toml", "--prompt", "Hello there", "--json")
    first, second = result.records
    assert (first["lane"], second["lane"]) == ("A", "B")
    assert first["counted"] is True
    assert first["cost_basis"] == "simulated"
    assert float(first["cost_low_usd"]) == pytest.approx(first["input_tokens"] * 3e-6)
    assert float(first["cost_high_usd"]) == pytest.approx(first["input_tokens"] * 3e-6 + 1000 * 15e-6)
    assert Path("s.toml").read_text() == TWO_LANES


def test_count_degrades_to_an_estimate_that_says_so(program: Program) -> None:
    words = ("count", "--prompt", "Hello there", "--base-url", "http://127.0.0.1:1")
    result = program(*words)
    assert result.status == 0
    assert "≈" in result.out
    assert "price unknown" in result.out
    assert "estimate" in result.err
    assert program(*words, "--json").records[0]["counted"] is False


def test_the_endpoint_counts_what_is_sent(program: Program, served: Served) -> None:
    program("count", "--prompt", "hi", "--system", "Be brief.")
    assert served.bodies == [
        {"model": "claude-sonnet-4-6", "system": "Be brief.", "messages": [{"role": "user", "content": "hi"}]}
    ]


def test_costs_are_added_up_by_model_lane_and_day(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    Path("s.toml").write_text(RUNS)
    found = json.loads(program("cost", "s.toml", "--json").out)
    assert found["total"] == {
        "runs": 4,
        "input_tokens": 124,
        "output_tokens": 65,
        "cost_usd": "0.75",
        "cost_basis": "at_least",
    }
    assert found["model"]["claude-opus-5-5"]["cost_usd"] == "0.75"
    assert found["model"]["local"]["cost_basis"] == "unknown"
    assert "cost_usd" not in found["model"]["local"]
    assert found["lane"]["A"]["cost_basis"] == "exact"
    assert found["lane"]["S"]["cost_basis"] == "simulated"
    assert found["day"]["2026-11-20"]["cost_usd"] == "0.5"


def test_the_table_of_costs_states_what_is_not_known(program: Program) -> None:
    Path("s.toml").write_text(RUNS)
    result = program("cost", "s.toml")
    assert "≥$0.7500" in result.out
    assert all(word in result.err for word in ("simulator", "at least this", "without a known price"))
    Path("t.toml").write_text(RUNS)
    two = program("cost", "s.toml", "t.toml")
    assert "≥$1.50" in two.out


def test_a_session_that_is_given_twice_is_counted_once(program: Program) -> None:
    Path("s.toml").write_text(RUNS)
    Path("link.toml").symlink_to("s.toml")
    once = program("cost", "s.toml")
    twice = program("cost", "s.toml", "./s.toml", "link.toml")
    assert twice.out == once.out
    assert twice.err.count("is given twice: it is counted once") == 2


def test_an_answer_that_was_copied_with_its_session_was_paid_for_once(program: Program, served: Served) -> None:
    ask = ("--prompt", "hi", "--set", "model=claude-haiku-4-5", "--set", "max_tokens=9")
    for name in ("s.toml", "other.toml"):
        program("run", name, *ask, "--repeat", "2")
    Path("copy.toml").write_bytes(Path("s.toml").read_bytes())
    program("run", "copy.toml", *ask)
    result = program("cost", "s.toml", "copy.toml", "other.toml", "--json")
    assert json.loads(result.out)["total"]["runs"] == 5
    assert "2 of the runs in copy.toml are copies of runs in another file" in result.err


def test_the_results_of_sweeps_count_like_any_run(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    Path("s.toml").write_text(RUNS)
    answer = {
        "lane": "A",
        "model": "claude-sonnet-5",
        "state": "complete",
        "started": "2026-11-23T12:00:00Z",
        "usage": {"input_tokens": 7, "output_tokens": 3},
        "cost_usd": "0.125",
        "cost_basis": "exact",
        "request_sha256": "ab" * 32,
    }
    Path("s.runs.jsonl").write_text(f"# mine\n{json.dumps(answer)}\n{json.dumps(answer)}\n{json.dumps(answer)[:99]}")
    result = program("cost", "s.toml", "--json")
    found = json.loads(result.out)
    assert (found["total"]["runs"], found["total"]["cost_usd"]) == (6, "1")
    assert found["model"]["claude-sonnet-5"]["input_tokens"] == 14
    assert found["day"]["2026-11-23"]["cost_usd"] == "0.25"
    assert (found["lane"]["A"]["runs"], found["lane"]["A"]["cost_usd"]) == (3, "0.75")
    assert "s.runs.jsonl: line 1 can't be read" in result.err
    assert "its last line was cut off" in result.err


def test_results_that_cannot_be_read_are_bad_input(program: Program) -> None:
    Path("s.toml").write_text(RUNS)
    Path("s.runs.jsonl").mkdir()
    assert program("cost", "s.toml").status == 2


def test_a_session_without_runs_costs_nothing(program: Program) -> None:
    Path("s.toml").write_text(TWO_LANES)
    assert json.loads(program("cost", "s.toml", "--json").out)["total"]["runs"] == 0
