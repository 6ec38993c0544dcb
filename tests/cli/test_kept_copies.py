"""Answers that a full disk sent elsewhere: the commands say where, before anybody pays again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from tests.cli.test_kept import PARAMS, failing, fails_once_it_is_sent, there
from workbench.core.problem import Problem
from workbench.engine import store
from workbench.engine.open_session import OpenSession


@pytest.mark.fault("F01")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is")
def test_a_run_whose_answer_went_elsewhere_is_told_with_its_place_by_the_commands_that_follow(
    program: Program, served: Served, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text(PARAMS)
    with monkeypatch.context() as patched:
        fails_once_it_is_sent(served, patched)
        assert program("run", "s.toml", "--prompt", "What is a tide?", "--set", "max_tokens=30").status == 2
    (copy,) = (sealed.parent / "home" / "data" / "workbench" / "sessions").iterdir()
    said = f'the answer to "What is a tide?" is in {copy}'
    recovered = program("recover", "s.toml")
    assert "Kept in another file:" in recovered.out
    assert said in recovered.out
    assert "All is well" not in recovered.out
    assert json.loads(program("recover", "s.toml", "--json").out)["elsewhere"][0].startswith(said)
    assert said in program("run", "s.toml", "--prompt", "Next.", "--set", "max_tokens=5").err
    assert said in program("run", "s.toml", "--prompt", "Next.", "--set", "max_tokens=5", "--no-save").err
    store.save(Path("s.toml"), store.load(copy).session, overwrite=True)
    assert "Kept in another file:" not in program("recover", "s.toml").out


@pytest.mark.fault("F01", "F02")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is")
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_session_whose_disk_is_full_from_the_first_is_not_asked_at_all(
    call: str, program: Program, served: Served, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text(PARAMS)
    with monkeypatch.context() as patched:
        failing(Path(), call, patched)
        result = program("run", "s.toml", "--prompt", "hi")
        assert (result.status, served.simulator.received) == (2, [])
        assert result.err.count("the disk is full") == 1
        assert "Or add --no-save." in result.err
        assert "could not be kept" not in result.err
        assert program("run", "s.toml", "--prompt", "hi", "--no-save", "--set", "max_tokens=5").status == 0
    assert Path("s.toml").read_text() == PARAMS
    assert not (sealed.parent / "home" / "data" / "workbench" / "sessions").exists()
    assert program("run", "s.toml", "--prompt", "hi", "--set", "max_tokens=5").status == 0
    assert [message.role for message in store.load(Path("s.toml")).session.messages] == ["user", "assistant"]
    assert there() == ["s.toml"]


@pytest.mark.fault("F01")
def test_a_run_whose_beginning_the_journal_does_not_take_is_not_sent(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise store.StoreError(Problem("s.toml is not saved", "the disk is full", "Free some space."))

    Path("s.toml").write_text(PARAMS)
    monkeypatch.setattr(OpenSession, "started", refuses)
    result = program("run", "s.toml", "--prompt", "hi")
    assert (result.status, served.simulator.received) == (2, [])
    assert "--no-save" in result.err
    assert (there(), store.load(Path("s.toml")).session.messages) == (["s.toml"], ())
