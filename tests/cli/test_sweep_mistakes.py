"""What goes wrong with `workbench sweep`: said in a sentence, before or after money is spent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Result, Served
from tests.cli.test_sweep import ASKED, AXES, HAND, messages, results
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.engine import places
from workbench.engine.results import Results
from workbench.engine.store import StoreError
from workbench.simulator.faults import Fault


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the session has no sweep: give --axis KEY=VALUE,VALUE, or write [[sweeps]] in its file"),
        (("--sweep", "w1"), "there is no sweep 'w1'; the session has none"),
        (("--axis", "temprature=1"), "--axis: there is no parameter 'temprature'; did you mean temperature?"),
        (("--axis", "temperature"), "--axis: 'temperature' has no '='"),
        (("--axis", "temperature=1", "--axis", "temperature=0"), "temperature is on two axes"),
        (("--axis", "temperature=1", "--sweep", "w1"), "give either"),
        (("--axis", "temperature=1", "--lane", "A", "--lane", "B"), "a sweep varies one lane"),
        (("--axis", "temperature=1", "--lane", "Z"), "there is no lane 'Z'; the session has A, B"),
        (("--axis", "temperature=1"), "{{word}} has no value"),
        (("--axis", "temperature=1", "--var", "word=x", "--repeat", "0"), "from 1 to 1000"),
        (("--axis", "temperature=1", "--metric", "beauty"), "invalid choice"),
        (
            ("--axis", "temperature=1", "--var", "word=x", "--endpoint", "nowhere"),
            "is no endpoint of the configuration",
        ),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_sends_nothing(
    words: tuple[str, ...], said: str, program: Program, served: Served
) -> None:
    Path("s.toml").write_text(HAND.partition("[[sweeps]]")[0])
    before = Path("s.toml").read_bytes()
    done = program("sweep", "s.toml", *words)
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert (done.out, served.simulator.received) == ("", [])
    assert Path("s.toml").read_bytes() == before


def test_a_sweep_with_a_mistake_is_told_and_not_sent(program: Program, served: Served) -> None:
    asked = "[[messages]]\nrole='user'\ntext='hi'\n[[sweeps]]\n"
    for row, said in {
        "axes = { temperatur = [0] }": "did you mean temperature?; it is kept, and not used",
        "axes = { temperature = [0] }\nrepeats = 'two'": "repeats must be",
    }.items():
        Path("s.toml").write_text(f"{asked}{row}\n")
        done = program("sweep", "s.toml")
        assert done.status == 2
        assert said in done.err
        assert "sweep w1 can't be used as the file has it: correct the mistake in its row" in done.err


def test_a_damaged_results_file_is_told_and_kept(program: Program, served: Served) -> None:
    Path("s.runs.jsonl").write_text("# mine\n")
    done = program("sweep", "s.toml", *AXES, *ASKED)
    assert done.status == 0
    assert "s.runs.jsonl: line 1 can't be read as a run record; kept, and not used" in done.err
    assert Path("s.runs.jsonl").read_text().startswith("# mine\n{")


def test_failures_are_told_together_and_the_status_is_1(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    with Served(faults=(Fault("stream-error", 0.4),)) as faulty:
        words = ("--base-url", faulty.base_url)
        done = program("sweep", "s.toml", *AXES, *ASKED, "--repeat", "4", *words)
        failed = [each for each in results() if each["state"] != "complete"]
        assert done.status == 1
        assert failed
        assert f"{len(failed)} failed: Overloaded" in done.err
        assert f"{16 - len(failed)} of 16 answers are there" in done.err
        assert f"started again, it sends the {len(failed)} that failed" in done.err
        assert " ×" in done.out
        again = program("sweep", "s.toml", "--set", "max_tokens=30", *words)
        assert f"16 requests · {16 - len(failed)} done" in again.err


def test_a_key_that_is_refused_stops_it_with_its_sentence(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-invalid-0123456789")
    done = program("sweep", "s.toml", *AXES, *ASKED, "--repeat", "100", "--concurrency", "2")
    assert done.status == 1
    assert "stopped, because every other cell would meet the same: Key rejected" in done.err
    assert messages(served) <= 2
    assert done.err.count("Key rejected") == 2  # where it counts, and where it stops
    assert done.out == ""


def test_a_results_file_that_cannot_be_read_is_bad_input(program: Program, served: Served) -> None:
    Path("s.runs.jsonl").mkdir()
    done = program("sweep", "s.toml", *AXES, *ASKED)
    assert done.status == 2
    assert "s.runs.jsonl can't be read" in done.err
    assert served.simulator.received == []


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full after the second result."""
    from workbench.engine import files

    room = [2]

    def write_all(descriptor: int, line: bytes) -> None:
        room[0] -= 1
        if room[0] == -1:
            raise OSError(28, "No space left on device")
        write(descriptor, line)

    write = files.write_all
    monkeypatch.setattr(files, "write_all", write_all)


def spoilt(done: Result) -> None:
    assert done.status == 2
    assert "stopped: s.runs.jsonl is not written · the disk is full" in done.err


def test_on_the_full_disk_of_the_sessions_themselves_what_was_paid_for_is_kept_on_another(
    program: Program, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, room, append = places.find().sessions, tmp_path / "room", Results.append

    def full(self: Results, record: RunRecord) -> None:
        if self.path.parent == sessions:
            raise StoreError(Problem(f"{self.path.name} is not written", "the disk is full"))
        append(self, record)

    monkeypatch.setattr(Results, "append", full)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(room))
    sessions.mkdir(parents=True)
    (sessions / "s.toml").write_text("[params]\nmodel='claude-haiku-4-5'\nmax_tokens=9\n[[sweeps]]\naxes={top_k=[1]}\n")
    done = program("sweep", str(sessions / "s.toml"), "--prompt", "hi", "--json")
    spoilt(done)
    assert f"results are kept in {room / 's.runs.jsonl'} instead" in done.err
    assert [json.loads(line) for line in (room / "s.runs.jsonl").read_text().splitlines()] == done.records


def test_a_full_disk_stops_it_and_what_was_paid_for_is_kept_elsewhere(
    program: Program, served: Served, lost: None
) -> None:
    Path("s.toml").write_text("[params]\nmodel='claude-haiku-4-5'\nmax_tokens=9\n[[sweeps]]\naxes={top_k=[1,2,3,4]}\n")
    done = program("sweep", "s.toml", "--prompt", "hi", "--concurrency", "1", "--json")
    spoilt(done)
    other = Path(done.err.partition("results are kept in ")[2].partition(" instead")[0])
    kept = [*results(), *(json.loads(line) for line in other.read_text().splitlines())]
    assert kept == done.records
    assert len(kept) == messages(served) == 3
