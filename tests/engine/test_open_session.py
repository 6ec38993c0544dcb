"""A session held open: what is journalled, folded, and back after a crash."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.kept import NEW, answered, asked, begins, ends, journal_of, lost, says, started, turn
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import files, store
from workbench.engine.files import ChangedOnDisk, MissingFile, StoreError
from workbench.engine.open_session import InUse, Opened, OpenSession

ONE = turn(NEW, 1, "one")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "kept.toml"


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def reopened(path: Path) -> tuple[Opened, OpenSession]:
    opened = OpenSession.open(path)
    assert opened.held is not None
    assert opened.why == ""
    return opened, opened.held


def test_a_new_session_is_in_its_file_and_closing_it_leaves_nothing_else(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    assert names(path) == [".kept.toml.lock", "kept.toml"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)] == [0o600, 0o700]
    assert store.load(path).session == ONE
    held.close()
    assert names(path) == ["kept.toml"]
    assert files.read(path)[1] == held.stamp


def test_what_is_noted_is_back_after_a_crash_and_in_the_file_at_once(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    before = path.read_bytes()
    two = turn(replace(ONE, prompt="typed"), 2, "two")
    held.note(two)
    assert held.on_disk is two
    assert path.read_bytes() == before
    assert stat.S_IMODE(journal_of(path).stat().st_mode) == 0o600
    lost(held)
    assert store.load(path).session == two
    assert journal_of(path).exists()
    opened, held = reopened(path)
    assert opened.session == two
    assert opened.recovered == ("kept.toml: 2 messages and 1 run came back from its journal",)
    assert opened.notes == ()
    assert not journal_of(path).exists()
    held.close()
    opened, held = reopened(path)
    assert (opened.session, opened.recovered) == (two, ())
    held.close()


def test_nothing_that_changed_writes_nothing(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    before = path.stat()
    held.note(replace(ONE))
    held.sync()
    assert held.journalled == 0
    held.close()
    assert files.Stamp.of(path.stat()) == files.Stamp.of(before)


def test_an_answer_that_was_coming_is_kept_as_far_as_it_came(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    session, parent = asked(ONE, "More")
    held.started(started("r2", parent), session)
    stream = begins() + says("Hello, wörld")
    for at in range(0, len(stream), 7):
        held.came("r2", 1, stream[at : at + 7])
    lost(held)
    opened, held = reopened(path)
    run, answer = opened.session.runs[-1], opened.session.messages[-1]
    assert (run.id, run.state, run.text, run.started) == ("r2", State.INTERRUPTED, "Hello, wörld", ONE.created)
    assert (run.model, run.cost_basis, run.usage["input_tokens"]) == ("claude-haiku-4-5", "at_least", 10)
    assert run.problem is not None
    assert run.problem.title == "The program ended"
    assert (answer.run, answer.parent, answer.text) == ("r2", parent, "Hello, wörld")
    assert opened.session.lanes[0].tip == answer.id
    assert "the answer r2" in opened.recovered[1]
    assert "kept as far as it came (interrupted)" in opened.recovered[1]
    held.close()
    assert store.load(path).session == opened.session


@pytest.mark.parametrize(
    ("stream", "state", "text"),
    [
        (begins() + says("a") + ends(), State.COMPLETE, "a"),
        (begins() + says("a") + ends().partition(b"event: message_stop")[0], State.UNCONFIRMED, "a"),
        (begins() + says("a"), State.INTERRUPTED, "a"),
        (begins() + says("a")[:-1], State.INTERRUPTED, ""),
        (b"", State.INTERRUPTED, ""),
        (begins() + b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n', "rejected", ""),
        (
            b'{"type":"message","content":[{"type":"text","text":"whole"}],"stop_reason":"end_turn"}',
            "complete",
            "whole",
        ),
        (b'{"type":"message","content":[{"ty', State.INTERRUPTED, ""),
        (b"<html>", State.INTERRUPTED, ""),
        (begins() + says("a") + b"\xff\xfe", State.INTERRUPTED, "a"),
    ],
)
def test_the_stream_itself_says_how_the_answer_ended(path: Path, stream: bytes, state: str, text: str) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.came("r1", 1, stream)
    lost(held)
    found = store.load(path).session.runs[-1]
    assert (found.state, found.text) == (state, text)
    assert (found.problem is None) == (state == "complete")


def test_only_the_last_attempt_counts(path: Path) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.came("r1", 1, begins() + says("first"))
    held.came("r1", 2, begins())
    held.came("r1", 2, says("second"))
    lost(held)
    run = store.load(path).session.runs[-1]
    assert (run.text, run.attempts) == ("second", 2)


def test_two_answers_at_once_are_told_apart(path: Path) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.started(started("r2", parent), session)
    for run, piece in (("r1", begins()), ("r2", begins()), ("r2", says("two")), ("r1", says("one"))):
        held.came(run, 1, piece)
    one = answered(session, "r1", parent, "one, whole")
    held.note(one)
    held.came("r1", 1, says("late"))
    lost(held)
    found = store.load(path).session
    assert [(run.id, run.text, run.state) for run in found.runs] == [
        ("r1", "one, whole", State.COMPLETE),
        ("r2", "two", State.INTERRUPTED),
    ]


def test_a_fold_takes_over_what_is_still_coming(path: Path) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.started(started("r2", parent), session)
    held.came("r1", 1, begins() + says("one "))
    held.came("r2", 1, begins() + says("two "))
    size = held.journalled
    session = answered(session, "r1", parent, "one one")
    stamp = held.fold(session)
    assert stamp == held.stamp == files.read(path)[1]
    assert 0 < held.journalled < size
    held.came("r2", 1, says("two"))
    lost(held)
    assert [(run.id, run.text) for run in store.load(path).session.runs] == [("r1", "one one"), ("r2", "two two")]
    opened, held = reopened(path)
    held.close()
    assert names(path) == ["kept.toml"]
    assert [run.id for run in opened.session.runs] == ["r1", "r2"]


def test_others_go_on_while_a_fold_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.came("r1", 1, begins() + says("before "))
    writing, written = threading.Event(), threading.Event()
    real = files.write

    def slow(*given: object, **named: object) -> object:
        writing.set()
        assert written.wait(10)
        return real(*given, **named)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(files, "write", slow)
    folding = threading.Thread(target=held.fold, args=(session,))
    folding.start()
    assert writing.wait(10)
    held.came("r1", 1, says("while "))
    more = replace(session, title="while it was folded")
    held.note(more)
    held.sync()
    written.set()
    folding.join()
    held.came("r1", 1, says("after"))
    assert held.on_disk is more
    lost(held)
    found = store.load(path).session
    assert (found.title, found.runs[-1].text) == ("while it was folded", "before while after")


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
    assert names(path) == ["kept.toml"]


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
    assert names(path) == ["kept.toml"]


def test_a_new_session_falls_on_no_other(path: Path) -> None:
    OpenSession.create(path, ONE).close()
    with pytest.raises(ChangedOnDisk):
        OpenSession.create(path, NEW)
    assert names(path) == ["kept.toml"]
    held = OpenSession.create(path, NEW, overwrite=True)
    assert store.load(path).session == NEW
    held.close()


def test_a_journal_that_a_new_session_meets_is_kept(path: Path) -> None:
    path.parent.mkdir()
    journal_of(path).write_bytes(b"whatever it was")
    OpenSession.create(path, NEW).close()
    assert names(path) == ["kept.toml", "kept.toml.journal.damaged"]
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
    assert names(path) == ["kept.toml"]
    assert names(far) == [".real.toml.journal", ".real.toml.lock", "real.toml"]
    assert OpenSession.open(far).why.startswith("process")
    held.close()
    assert path.is_symlink()
    assert names(far) == ["real.toml"]


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
