"""`workbench sweep` as a person calls it: what is sent, saved, printed and refused."""

from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from workbench.engine.results import Results

AXES = ("--axis", "model=claude-haiku-4-5,claude-sonnet-4-6", "--axis", "temperature=0,1")
ASKED = ("--prompt", "Name a colour.", "--set", "max_tokens=30")


def results(name: str = "s") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(f"{name}.runs.jsonl").read_text().splitlines()]


def messages(served: Served) -> int:
    """Requests for an answer, counts of tokens aside."""
    return sum(request.target.partition("?")[0] == "/v1/messages" for request in served.simulator.received)


def counts(served: Served) -> int:
    return len(served.simulator.received) - messages(served)


def test_a_sweep_is_defined_saved_sent_and_printed(program: Program, served: Served) -> None:
    done = program("sweep", "s.toml", *AXES, *ASKED, "--repeat", "3")
    assert done.status == 0
    saved = tomllib.loads(Path("s.toml").read_text())
    assert saved["sweeps"] == [
        {
            "id": "w1",
            "prompt": "Name a colour.",
            "repeats": 3,
            "axes": {"model": ["claude-haiku-4-5", "claude-sonnet-4-6"], "temperature": [0, 1]},
        }
    ]
    kept = results()
    assert len(kept) == messages(served) == 12
    assert counts(served) == 2
    assert {(each["cell"]["model"], each["cell"]["temperature"], each["repeat"]) for each in kept} == {
        (model, temperature, repeat)
        for model in ("claude-haiku-4-5", "claude-sonnet-4-6")
        for temperature in (0, 1)
        for repeat in range(3)
    }
    assert {each["sweep"] for each in kept} == {"w1"}
    assert stat.S_IMODE(Path("s.runs.jsonl").stat().st_mode) == 0o600
    assert done.out.splitlines()[0] == "out tokens, median of 3 answers each"
    assert [line.split()[0] for line in done.out.splitlines()[3:]] == ["model", "haiku-4-5", "sonnet-4-6", "median"]
    assert "w1: 12 requests · in " in done.err
    assert " tok (counted) · price of claude-haiku-4-5, claude-sonnet-4-6 unknown" in done.err
    assert "12 of 12 answers are there" in done.err


def test_started_again_nothing_is_sent_and_the_table_is_printed(program: Program, served: Served) -> None:
    first = program("sweep", "s.toml", *AXES, *ASKED)
    before, kept = Path("s.toml").read_bytes(), results()
    served.simulator.received.clear()
    for words in ((), AXES + ASKED, ("--sweep", "w1")):
        again = program("sweep", "s.toml", *words, "--set", "max_tokens=30")
        assert (again.status, again.out) == (0, first.out)
        assert "w1: 4 requests · all done" in again.err
    assert served.simulator.received == []
    assert (Path("s.toml").read_bytes(), results()) == (before, kept)


def test_what_is_missing_is_sent_and_nothing_else(program: Program, served: Served) -> None:
    program("sweep", "s.toml", *AXES, *ASKED, "--repeat", "2")
    lines = Path("s.runs.jsonl").read_text().splitlines(keepends=True)
    gone = [json.loads(line) for line in lines[2:5]]
    Path("s.runs.jsonl").write_text("".join([*lines[:2], *lines[5:-1], lines[-1][:40]]))
    gone.append(json.loads(lines[-1]))
    served.simulator.received.clear()
    again = program("sweep", "s.toml", "--set", "max_tokens=30")
    assert again.status == 0
    assert "8 requests · 4 done" in again.err
    assert "its last line was cut off" in again.err
    asked = [body for body in served.bodies if body.get("stream")]
    assert sorted((body["model"], body["temperature"]) for body in asked) == sorted(
        (each["cell"]["model"], each["cell"]["temperature"]) for each in gone
    )


def test_a_definition_that_changed_keeps_what_still_fits(program: Program, served: Served) -> None:
    program("sweep", "s.toml", *AXES, *ASKED, "--repeat", "2")
    served.simulator.received.clear()
    wider = ("--axis", "model=claude-haiku-4-5,claude-sonnet-4-6", "--axis", "temperature=1,0.5,0")
    done = program("sweep", "s.toml", *wider, *ASKED, "--repeat", "3")
    assert "w2: 18 requests · 8 done" in done.err
    assert messages(served) == 10
    assert [each["id"] for each in tomllib.loads(Path("s.toml").read_text())["sweeps"]] == ["w1", "w2"]


def test_json_is_one_record_a_line_and_nothing_else(program: Program, served: Served) -> None:
    done = program("sweep", "s.toml", *AXES, *ASKED, "--json")
    assert done.records == results()
    assert all(each["state"] == "complete" for each in done.records)


def test_json_has_every_answer_of_the_sweep_however_often_it_was_started(program: Program, served: Served) -> None:
    program("sweep", "s.toml", *AXES, *ASKED)
    whole = results()
    served.simulator.received.clear()
    again = program("sweep", "s.toml", "--set", "max_tokens=30", "--json")
    assert (again.status, messages(served)) == (0, 0)
    by_name = sorted(whole, key=lambda each: str(each["id"]))
    assert sorted(again.records, key=lambda each: str(each["id"])) == by_name
    Path("s.runs.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in whole[1:]))
    mended = program("sweep", "s.toml", "--set", "max_tokens=30", "--json")
    assert messages(served) == 1
    assert len({each["id"] for each in mended.records}) == len(mended.records) == len(whole)


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_dry_run_sends_counts_only_and_saves_nothing(
    words: tuple[str, ...], program: Program, served: Served
) -> None:
    done = program("sweep", "s.toml", *AXES, *ASKED, "--repeat", "5", "--dry-run", *words)
    assert done.status == 0
    assert (messages(served), counts(served)) == (0, 2)
    assert list(Path().iterdir()) == []
    if words:
        (found,) = done.records
        assert (found["sweep"], found["cells"], found["repeats"], found["requests"], found["done"]) == (
            "w1",
            4,
            5,
            20,
            0,
        )
        assert found["counted"] is True
    else:
        assert done.out.startswith("w1: 20 requests · in ")


def test_no_save_leaves_the_session_and_the_results_as_they_are(program: Program, served: Served) -> None:
    done = program("sweep", "s.toml", *AXES, *ASKED, "--no-save", "--json")
    assert done.status == 0
    assert len(done.records) == 4
    assert list(Path().iterdir()) == []


HAND = """
[params]
model = "claude-haiku-4-5"
max_tokens = 20

[[systems]]
id = "s1"
text = "Be brief."
[[systems]]
id = "s2"
text = "Talk of {{topic}}."

[[lanes]]
system = "s1"
id = "A"
[[lanes]]
system = "s1"
id = "B"
params = { top_k = 5 }

[[messages]]
role = "user"
text = "Say {{word}}."

[[sweeps]]
axes = { system = ["s1", "s2", ""] }
"""


def test_a_hand_written_sweep_over_system_prompts(program: Program, served: Served) -> None:
    Path("s.toml").write_text(HAND)
    text = Path("s.toml").read_bytes()
    done = program("sweep", "s.toml", "--var", "word=yes", "--var", "topic=cats")
    assert done.status == 0
    bodies = [body for body in served.bodies if body.get("stream")]
    assert sorted(str(body.get("system")) for body in bodies) == ["Be brief.", "None", "Talk of cats."]
    assert {body["messages"][0]["content"] for body in bodies} == {"Say yes."}
    assert [each["cell"]["system"] for each in results()].count("") == 1
    assert {each["parent"] for each in results()} == {"m1"}
    assert Path("s.toml").read_bytes() == text
    assert done.out.splitlines()[2].split() == ["system", "s1", "s2", "—", "median"]


def test_the_options_of_this_time_change_what_is_asked(program: Program, served: Served) -> None:
    Path("s.toml").write_text(HAND)
    words = ("--lane", "B", "--repeat", "2", "--prompt", "New", "--set", "temperature=0.5", "--var", "topic=x")
    assert program("sweep", "s.toml", *words, "--var", "word=y").status == 0
    bodies = [body for body in served.bodies if body.get("stream")]
    assert len(bodies) == 6
    assert all((body["top_k"], body["temperature"]) == (5, 0.5) for body in bodies)
    assert {tuple(turn["content"] for turn in body["messages"]) for body in bodies} == {("Say y.", "New")}
    assert {each["lane"] for each in results()} == {"B"}


def test_of_several_sweeps_one_must_be_named(program: Program, served: Served) -> None:
    more = "[[sweeps]]\nid = 'heat'\naxes = { temperature = [0, 1] }\n"
    Path("s.toml").write_text(HAND + more)
    told = program("sweep", "s.toml", "--var", "word=x", "--var", "topic=y")
    assert told.status == 2
    assert "the session has several sweeps: name one with --sweep (w1, heat)" in told.err
    assert program("sweep", "s.toml", "--var", "word=x", "--sweep", "heat").status == 0
    assert messages(served) == 2


def test_without_a_key_the_simulator_answers_and_says_so(program: Program) -> None:
    done = program("sweep", "s.toml", "--axis", "temperature=0,1", "--prompt", "hi", "--set", "max_tokens=5")
    assert done.status == 0
    assert "the simulator answers" in done.err
    assert " simulated" in done.err
    assert {each["cost_basis"] for each in results()} == {"simulated"}


def test_the_results_of_the_simulator_are_none_of_another_endpoint(program: Program, served: Served) -> None:
    words = ("sweep", "s.toml", "--axis", "temperature=0,1", *ASKED)
    program(*words, "--endpoint", "simulator")
    assert "2 requests · in" in program(*words, "--endpoint", "anthropic").err
    assert messages(served) == 2


def test_while_another_program_sends_nothing_is_sent(program: Program, served: Served) -> None:
    words = ("sweep", "s.toml", "--axis", "temperature=0,1", *ASKED)
    other = Results(Path("s.runs.jsonl"))
    other.hold()
    try:
        refused = program(*words)
    finally:
        other.release()
    assert refused.status == 2
    assert "another program is sending a sweep into it" in refused.err
    assert messages(served) == 0
    assert program(*words).status == 0
    assert messages(served) == 2
