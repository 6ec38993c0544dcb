"""A batch on its way while its session goes through other hands: another endpoint, an editor, a disk that is full."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from tests.cli.test_batch import ASKED, SWEPT, created, ends, quick, results, rows, slow
from workbench.core.problem import Problem
from workbench.engine.files import StoreError
from workbench.engine.open_session import OpenSession

__all__ = ["quick", "slow"]


def test_what_one_endpoint_is_asked_another_may_be_asked_too(program: Program, slow: Served) -> None:
    Path("s.toml").write_text(SWEPT)
    program("batch", "submit", "s.toml", "--sweep", "w1")
    other = program("batch", "submit", "s.toml", "--sweep", "w1", "--endpoint", "simulator", "--dry-run")
    assert (other.status, "w1: 6 requests in 1 batch" in other.out) == (0, True)
    assert "b1 at anthropic asks the same already" in other.err
    live = program("sweep", "s.toml", "--endpoint", "simulator", "--dry-run")
    assert "in a batch" not in live.out
    assert "b1 at anthropic asks the same already" in live.err
    assert (len(created(slow)), [each["id"] for each in rows()]) == (1, ["b1"])


@pytest.mark.parametrize("ended", [False, True])
def test_another_endpoint_that_nobody_named_is_not_asked_what_a_batch_asks(
    program: Program, slow: Served, monkeypatch: pytest.MonkeyPatch, *, ended: bool
) -> None:
    Path("s.toml").write_text(SWEPT)
    program("batch", "submit", "s.toml", "--sweep", "w1")
    if ended:
        ends(slow)
        program("batch", "status", "s.toml")
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    for words in (("sweep", "s.toml", "--batch"), ("sweep", "s.toml"), ("batch", "submit", "s.toml", "--sweep", "w1")):
        told = program(*words)
        assert told.status == 2
        assert "b1 at anthropic asks the same already, and its answers are to come, so nothing was sent" in told.err
        assert "--endpoint anthropic goes on with b1, and --endpoint simulator asks" in told.err
    assert (len(rows()), Path("s.runs.jsonl").exists()) == (1, False)
    named = program("sweep", "s.toml", "--endpoint", "simulator")
    assert "anthropic asks the same already, and its answers are to come; simulator is asked all the same" in named.err
    assert len(results()) == 6


def test_a_batch_whose_requests_are_not_known_any_more_is_paid_once(program: Program, slow: Served) -> None:
    Path("s.toml").write_text(SWEPT)
    program("batch", "submit", "s.toml", "--sweep", "w1")
    Path("s.b1.batch.jsonl").unlink()
    twice = program("batch", "submit", "s.toml", "--sweep", "w1")
    assert (twice.status, "nothing of w1 is missing" in twice.err, len(created(slow))) == (2, True, 1)
    assert "6 requests · 6 in a batch" in program("sweep", "s.toml").err
    ends(slow)
    program("batch", "results", "s.toml")
    assert len(results()) == 6


def test_a_row_of_a_newer_version_keeps_its_id_and_what_it_asks(program: Program, slow: Served) -> None:
    Path("s.toml").write_text(SWEPT)
    program("batch", "submit", "s.toml", "--sweep", "w1")
    text, asked = Path("s.toml").read_text(), Path("s.b1.batch.jsonl").read_bytes()
    Path("s.toml").write_text(text.replace('"in_progress"', '"paused"'))
    assert "nothing of w1 is missing" in program("batch", "submit", "s.toml", "--sweep", "w1").err
    program("batch", "submit", "s.toml", *ASKED)
    assert [(each["id"], each["status"]) for each in rows()] == [("b1", "paused"), ("b2", "in_progress")]
    assert Path("s.b1.batch.jsonl").read_bytes() == asked


def test_an_answer_whose_question_was_taken_out_is_kept_in_a_file_that_opens(program: Program, slow: Served) -> None:
    program("batch", "submit", "s.toml", *ASKED)
    before, _, after = Path("s.toml").read_text().partition("[[messages]]")
    Path("s.toml").write_text(before.replace('tip = "m1"', 'tip = ""') + after[after.index("# end") :])
    ends(slow)
    assert program("batch", "results", "s.toml").status == 0
    saved = tomllib.loads(Path("s.toml").read_text())
    (answer,) = saved["messages"]
    assert (answer["run"], answer.get("parent", ""), saved["lanes"][0]["tip"]) == ("b1-1", "", "")
    assert program("batch", "status", "s.toml").status == 0


def test_a_lane_is_asked_once_more_only_after_it_was_said(program: Program, slow: Served) -> None:
    words = ("batch", "submit", "s.toml", *ASKED)
    assert "the same already" not in program(*words).err
    assert "b1 asks the same already, on its way" in program("batch", "submit", "s.toml", *ASKED[2:]).err
    assert "b1, b2 ask the same already" in program("batch", "submit", "s.toml", *ASKED[2:], "--dry-run").err
    other = program("batch", "submit", "s.toml", "--set", "max_tokens=7", *ASKED[4:])
    assert (other.status, "the same already" in other.err) == (0, False)


def test_what_may_be_refused_is_said_of_a_sweep_as_before_it_is_sent_live(program: Program, slow: Served) -> None:
    Path("s.toml").write_text(SWEPT.replace("max_tokens = 20", 'max_tokens = 20\ntools = [{ name = "no schema" }]'))
    live = program("sweep", "s.toml", "--dry-run")
    said = [line for line in live.err.splitlines() if "tools:" in line and "counts" not in line]
    assert said
    batch = program("batch", "submit", "s.toml", "--sweep", "w1", "--dry-run")
    assert [line for line in batch.err.splitlines() if "tools:" in line and "counts" not in line] == said


def test_a_disk_that_fails_after_the_sending_loses_no_batch(
    program: Program, slow: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = OpenSession.sync

    def full(held: OpenSession) -> None:
        if created(slow):
            raise StoreError(Problem("s.toml is not saved", "no space left on device"))
        sync(held)

    with monkeypatch.context() as broken:
        broken.setattr(OpenSession, "sync", full)
        broken.setattr(OpenSession, "close", lambda held, session=None, *, moved=False: held._lock.release())
        sent = program("batch", "submit", "s.toml", *ASKED)
    (there,) = slow.simulator._service.batches
    assert (sent.status, f"b1 is {there} at anthropic; that could not be written down" in sent.err) == (2, True)
    again = program("batch", "status", "s.toml", "--json")
    assert (again.records[0]["server_id"], again.records[0]["status"]) == (there, "in_progress")
    assert len(created(slow)) == 1


def test_answers_that_miss_their_schema_end_a_sweep_with_1_as_those_of_a_live_one(
    program: Program, quick: Served
) -> None:
    schema = '{ type = "object", additionalProperties = false, properties = { a = { type = "string" } } }'
    swept = SWEPT.replace("max_tokens = 20", f"max_tokens = 20\noutput_format = {schema}").replace(", 12, 100000", "")
    Path("s.toml").write_text(swept.replace("10]", "2]"))
    assert program("sweep", "s.toml", "--batch").status == 1
    assert [each["state"] for each in results()] == ["complete"] * 2
    assert all(each["schema_errors"] for each in results())
    assert (program("sweep", "s.toml").status, len(created(quick))) == (1, 1)


def test_one_that_was_not_confirmed_is_found_and_cancelled(program: Program, slow: Served) -> None:
    program("batch", "submit", "s.toml", *ASKED)
    lines = [line for line in Path("s.toml").read_text().splitlines() if not line.startswith("server_id")]
    Path("s.toml").write_text("\n".join(lines).replace('"in_progress"', '"intended"') + "\n")
    assert program("batch", "cancel", "s.toml").status == 0
    assert rows()[0]["status"] == "canceling"


def test_an_answer_that_calls_tools_says_how_its_loop_goes_on(program: Program, quick: Served) -> None:
    tool = '[{ name = "find", description = "Finds.", input_schema = { type = "object" } }]'
    asked = ("--prompt", "Use find.", "--set", f"tools={tool}", "--set", 'tool_choice={ type = "any" }', *ASKED[2:])
    done = program("batch", "submit", "s.toml", *asked, "--wait")
    assert (done.status, "tools: a batch answers once" in done.err) == (0, True)
    assert "1 answer calls tools: a batch goes no further by itself; workbench run s.toml does, live" in done.err
    assert "calls tools" not in program("batch", "results", "s.toml").err
    Path("s.toml").write_text(f'{Path("s.toml").read_text()}\n[[tool_results]]\ntool = "find"\ntext = "It is here."\n')
    quick.simulator.received.clear()
    program("run", "s.toml", "--set", 'tool_choice={ type = "none" }')
    (block,) = quick.bodies[-1]["messages"][-1]["content"]
    assert (block["type"], block["content"]) == ("tool_result", "It is here.")
