"""Results that a disk refuses: kept once, in another folder, and in no other session's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.state import State
from workbench.engine.results import Results, results_path
from workbench.engine.shelter import Shelter
from workbench.engine.store import StoreError

ONE = RunRecord("r1", "A", None, "mine", State.COMPLETE, request_sha256="1")
TWO = RunRecord("r2", "A", None, "mine", State.COMPLETE, request_sha256="2")


@pytest.mark.fault("F01", "F02")
def test_results_go_into_one_file_that_belongs_to_no_other_session(tmp_path: Path) -> None:
    home, spare = results_path(tmp_path / "home" / "s.toml"), tmp_path / "spare"
    spare.mkdir()
    (spare / "s.toml").touch()
    Results(results_path(spare / "s.toml")).append(TWO)
    shelter = Shelter((home.parent, spare))
    shelter.sync()
    assert [*spare.glob("s-2*")] == []
    for each in (ONE, TWO):
        shelter.append(each, home)
    shelter.sync()
    assert shelter.path == spare / "s-2.runs.jsonl"
    assert [run.id for run in Results(shelter.path).load()[0]] == ["r1", "r2"]
    assert [run.id for run in Results(results_path(spare / "s.toml")).load()[0]] == ["r2"]


@pytest.mark.fault("F01", "F02")
def test_the_disk_that_refused_is_not_tried_again_and_the_next_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = results_path(tmp_path / "full" / "s.toml")
    full = {home.parent, tmp_path / "full too"}
    append = Results.append

    def refused(self: Results, result: RunRecord) -> None:
        append(self, result)
        if self.path.parent in full:
            raise StoreError(Problem(f"{self.path.name} is not written", "the disk is full"))

    monkeypatch.setattr(Results, "append", refused)
    shelter = Shelter((*sorted(full), tmp_path / "room"))
    shelter.append(ONE, home)
    assert shelter.path == tmp_path / "room" / "s.runs.jsonl"
    assert [*(tmp_path / "full too").iterdir()] == []
    full.add(tmp_path / "room")
    with pytest.raises(StoreError, match="the disk is full"):
        shelter.append(TWO, home)
