"""`models`, `count` and `cost`: what they say, and how sure they are of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.models import Catalogue
from workbench.core.problem import Problem

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


def test_models_of_the_simulator_are_what_it_lists(program: Program) -> None:
    found = json.loads(program("models", "--endpoint", "simulator", "--json").out)
    assert (found["source"], found["endpoint"]) == ("live", "simulator")
    haiku = next(each for each in found["models"] if each["id"] == "claude-haiku-4-5")
    assert haiku["context"] == 200_000
    assert haiku["prices"] == {"input": "1", "output": "5", "write_5m": "1.25", "write_1h": "2", "read": "0.1"}
    assert haiku["accepts"]["sampling"] is True
    assert haiku["accepts"]["effort"] == []
    assert haiku["accepts"]["cache_minimum"] == 4096
    assert {"batch", "image_input", "pdf_input"} <= {*haiku["features"]}


def test_a_list_is_kept_and_used_when_the_endpoint_answers_no_more(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = json.loads(program("models", "--json").out)
    assert (live["source"], live["endpoint"]) == ("live", "anthropic")
    assert all("prices" not in each for each in live["models"]), "what another address takes, nobody knows"

    async def unreachable(*_: object) -> Problem:
        return Problem("Connection refused")

    monkeypatch.setattr("workbench.engine.lookup.models", unreachable)
    kept = program("models", "--json")
    found = json.loads(kept.out)
    assert {**found, "source": "live"} == live
    assert found["source"] == "kept"
    assert "Connection refused" in kept.err
    table = program("models")
    assert f"listed by anthropic on {found['fetched'][:10]}" in table.err
    assert "sonnet-4-5" in table.out


OLLAMA = {"models": [{"name": "qwen3:8b", "model": "qwen3:8b", "details": {"context_length": 40_960}}]}
OPENAI = {"object": "list", "data": [{"id": "gpt-oss-20b", "object": "model", "created": 1, "max_model_len": 131_072}]}


@pytest.mark.parametrize(("payload", "row"), [(OLLAMA, "qwen3:8b 40 960"), (OPENAI, "gpt-oss-20b 131 072")])
def test_models_of_other_servers_are_theirs_alone(program: Program, payload: object, row: str) -> None:
    with listing(json.dumps(payload).encode()) as base_url:
        result = program("models", "--base-url", base_url)
        (found,) = json.loads(program("models", "--base-url", base_url, "--json").out)["models"]
    assert result.status == 0
    (line,) = result.out.splitlines()[1:]
    assert " ".join(line.split()).startswith(f"{row} — — — — —")
    name, _, context = row.partition(" ")
    known = {"id": name, "name": name, "context": int(context.replace(" ", ""))}
    assert found == known | {"aliases": [], "lifecycle": "active"}


@contextmanager
def listing(body: bytes) -> Iterator[str]:
    """A server that answers every question with one list."""

    class Lists(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Lists) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


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
