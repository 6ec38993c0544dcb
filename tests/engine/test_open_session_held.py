"""A session held open: second programs, odd files, links, names, and the end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.bench_store import late, long
from tests.engine.kept import (
    NEW,
    asked,
    beside,
    journal_of,
    lost,
    reopened,
    started,
    turn,
)
from workbench.core.session import Session
from workbench.engine import store, toml_file
from workbench.engine.files import ChangedOnDisk, MissingFile, StoreError
from workbench.engine.open_session import InUse, OpenSession

ONE = turn(NEW, 1, "one")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "kept.toml"


@pytest.mark.fault("F07")
def test_a_second_program_reads_only_and_is_told_who_writes(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    session, parent = asked(ONE, "More")
    held.started(started("r2", parent), session)
    opened = OpenSession.open(path)
    assert (opened.held, opened.why) == (None, f"process {os.getpid()} has it open")
    assert (opened.session, opened.recovered) == (session, ())
    with pytest.raises(InUse):
        OpenSession.create(path, ONE, overwrite=True)
    held.close()
    assert OpenSession.open(path).why == ""


@pytest.mark.fault("F03", "F13")
def test_a_newer_or_protected_file_is_only_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    OpenSession.create(path, ONE).close()
    whole = path.read_text()
    path.write_text(whole.replace("format = 1", "format = 2"))
    assert OpenSession.open(path).why == "a newer Workbench wrote it"
    path.write_text(whole)
    real = os.access
    monkeypatch.setattr(os, "access", lambda asked, how: asked != path and real(asked, how))
    opened = OpenSession.open(path)
    assert (opened.held, opened.why) == (None, "it is write-protected")
    assert beside(path) == ["kept.toml"]


@pytest.mark.fault("F03")
def test_a_folder_that_cannot_be_written_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    OpenSession.create(path, ONE).close()
    monkeypatch.setattr(os, "access", lambda asked, _: asked == path)
    real = os.open

    def refuse(asked: Path, flags: int, *rest: int) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(13, "denied")
        return real(asked, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    opened = OpenSession.open(path)
    assert (opened.held, opened.why, opened.session) == (None, "the folder can't be written", ONE)


@pytest.mark.fault("F08")
def test_a_file_changed_by_another_program_is_asked_about(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    theirs = path.read_text().replace("kept", "theirs")
    path.write_text(theirs)
    two = turn(ONE, 2, "two")
    with pytest.raises(ChangedOnDisk):
        held.fold(two)
    assert path.read_text() == theirs
    held.note(turn(two, 3, "three"))
    held.fold(two, overwrite=True)
    assert store.load(path).session == two
    held.close()


def test_a_session_without_a_file_is_told_from_a_bad_one(path: Path) -> None:
    with pytest.raises(MissingFile):
        OpenSession.open(path)
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("nonsense")
    with pytest.raises(StoreError, match="Correct it there"):
        OpenSession.open(path)
    assert beside(path) == ["kept.toml"]


def test_a_new_session_falls_on_no_other(path: Path) -> None:
    OpenSession.create(path, ONE).close()
    with pytest.raises(ChangedOnDisk):
        OpenSession.create(path, NEW)
    assert beside(path) == ["kept.toml"]
    held = OpenSession.create(path, NEW, overwrite=True)
    assert store.load(path).session == NEW
    held.close()


def test_a_journal_that_a_new_session_meets_is_kept(path: Path) -> None:
    path.parent.mkdir()
    journal_of(path).write_bytes(b"whatever it was")
    OpenSession.create(path, NEW).close()
    assert beside(path) == ["kept.toml", "kept.toml.journal.damaged"]
    assert path.with_name("kept.toml.journal.damaged").read_bytes() == b"whatever it was"


def test_after_closing_nothing_is_taken(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    held.note(turn(ONE, 2, "two"))
    held.close()
    held.close()
    acts: list[Callable[[], object]] = [lambda: held.note(ONE), held.sync, lambda: held.fold(ONE)]
    for act in acts:
        with pytest.raises(StoreError, match="it was closed"):
            act()
    assert len(store.load(path).session.runs) == 2


def test_closing_takes_what_is_newest(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    held.close(replace(ONE, title="last"))
    assert store.load(path).session.title == "last"


@pytest.mark.fault("F09")
def test_of_a_symbolic_link_all_is_beside_its_target(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "far" / "real.toml")
    held = OpenSession.create(path, ONE)
    held.note(turn(ONE, 2, "two"))
    held.sync()
    far = tmp_path / "far" / "real.toml"
    assert beside(path) == ["kept.toml"]
    assert beside(far) == [".real.toml.journal", ".real.toml.lock", "real.toml"]
    assert OpenSession.open(far).why.startswith("process")
    held.close()
    assert path.is_symlink()
    assert beside(far) == ["real.toml"]


@pytest.mark.fault("F15")
def test_a_name_as_long_as_can_be_has_its_journal(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".toml")
    held = OpenSession.create(path, ONE)
    held.note(turn(ONE, 2, "two"))
    lost(held)
    opened, held = reopened(path)
    assert len(opened.session.runs) == 2
    held.close()
    assert [each.name for each in tmp_path.glob(".n*")] == []


def test_a_file_by_hand_is_journalled_like_any_other(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('[[messages]]\nrole = "user"\ntext = "Hi"\n\n[[messages]]\nrole = "assistant"\ntext = "Ho"\n')
    opened, held = reopened(path)
    session, parent = asked(opened.session, "And?")
    held.started(started("r1", parent), session)
    lost(held)
    assert [each.text for each in store.load(path).session.messages] == ["Hi", "Ho", "And?"]


@pytest.mark.fault("F13")
def test_an_open_session_keeps_what_it_does_not_know(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('mine = 1\n[session]\nmood = "good"\n[later]\nx = 2026-11-22\n')
    opened, held = reopened(path)
    held.note(replace(opened.session, title="more"))
    lost(held)
    _, held = reopened(path)
    text = path.read_text()
    assert all(line in text for line in ("mine = 1", 'mood = "good"', 'title = "more"', "x = 2026-11-22"))
    held.close()


def test_an_empty_session_can_be_kept(path: Path) -> None:
    held = OpenSession.create(path, Session())
    held.note(Session(title="x"))
    lost(held)
    assert store.load(path).session.title == "x"


@pytest.mark.fault("F06")
def test_what_killed_saves_left_behind_goes_with_the_next_opening(path: Path) -> None:
    """However young it is: under the lock nobody else writes this session."""
    OpenSession.create(path, ONE).close()
    for number in range(3):
        path.with_name(f".kept.toml.{2**22 + 1}-{number}.tmp").touch()
    _, held = reopened(path)
    assert beside(path) == [".kept.toml.lock", "kept.toml"]
    held.close()


@pytest.mark.fault("F17")
def test_only_what_changed_is_written_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = NEW
    for number in range(1, 40):
        session = turn(session, number, "x")
    held = OpenSession.create(path, session)
    rows: list[str] = []
    real = toml_file.row

    def counted(name: str, table: Mapping[str, object]) -> str:
        rows.append(name)
        return real(name, table)

    monkeypatch.setattr(toml_file, "row", counted)
    held.fold(turn(session, 40, "y"))
    assert rows == ["messages", "messages", "runs"]
    held.close()


@pytest.mark.fault("F17")
def test_keeping_a_long_session_holds_up_nobody(path: Path) -> None:
    session = long(700)
    held = OpenSession.create(path, session)
    titles = iter(range(100))
    acts: list[Callable[[], object]] = [
        lambda: store.save(path.with_name("anew.toml"), session),
        lambda: held.fold(replace(session, title=f"again {next(titles)}")),
        lambda: held.note(replace(session, title=f"noted {next(titles)}")),
    ]
    for act in acts:  # what holds the loop does so each time, a busy machine only now and then
        assert any(asyncio.run(late(act))[1] < 0.05 for _ in range(10))
    held.close()
