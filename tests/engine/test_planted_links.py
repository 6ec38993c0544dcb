"""Symbolic links that a stranger left in a folder: what is written beside a session never goes through one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.core.record import RunRecord
from workbench.core.state import State
from workbench.engine import files, recorder
from workbench.engine.files import StoreError
from workbench.engine.results import Results
from workbench.engine.wire import Wire

RECORD = RunRecord(id="w1-1", state=State.COMPLETE, request_sha256="ab" * 32, started=datetime(2026, 1, 1, tzinfo=UTC))
WIRE = Wire(status=200, pieces=[(0.1, b"data: 1\n\n")])


@pytest.fixture(params=["a file", "nothing yet"])
def planted(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A link, where something is about to be written, to a file of the user's that must stay as it is."""
    if request.param == "a file":
        (tmp_path / "victim").write_bytes(b"precious\n")
    link = tmp_path / "planted"
    link.symlink_to(tmp_path / "victim")
    return link


def untouched(link: Path) -> bool:
    victim = link.with_name("victim")
    return link.is_symlink() and (not victim.exists() or victim.read_bytes() == b"precious\n")


@pytest.mark.fault("F09")
@pytest.mark.parametrize("overwrite", [False, True])
def test_an_export_does_not_go_through_a_link(planted: Path, *, overwrite: bool) -> None:
    with pytest.raises(StoreError, match=r"planted is not saved · it is a symbolic link · Name a file\."):
        files.write(planted, b"x", overwrite=overwrite, follow=False)
    with pytest.raises(StoreError, match="symbolic link"):
        recorder.save(planted, WIRE, overwrite=overwrite)
    assert untouched(planted)


@pytest.mark.fault("F09")
def test_results_of_a_sweep_are_not_added_through_a_link(planted: Path) -> None:
    results = Results(planted)
    for act in (results.hold, lambda: results.append(RECORD)):
        with pytest.raises(StoreError, match=r"planted is not written · it is a symbolic link · Move it away"):
            act()
    assert untouched(planted)


@pytest.mark.fault("F09")
def test_a_link_planted_while_a_file_is_written_is_not_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, path = tmp_path / "victim", tmp_path / "mine.toml"
    victim.write_bytes(b"precious\n")
    real = files.write_all

    def meanwhile(descriptor: int, data: bytes) -> None:
        real(descriptor, data)
        path.symlink_to(victim)

    monkeypatch.setattr(files, "write_all", meanwhile)
    with pytest.raises(StoreError, match="symbolic link"):
        files.write(path, b"x")
    assert victim.read_bytes() == b"precious\n"


@pytest.mark.fault("F09")
def test_a_folder_that_is_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    files.write(tmp_path / "link" / "out.py", b"x", follow=False)
    assert (tmp_path / "real" / "out.py").read_bytes() == b"x"
