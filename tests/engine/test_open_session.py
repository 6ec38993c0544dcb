"""A session held open: what is journalled, folded, and back after a crash."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.kept import (
    NEW,
    answered,
    asked,
    begins,
    beside,
    ends,
    journal_of,
    lost,
    reopened,
    says,
    started,
    turn,
)
from workbench.core.endpoint import Endpoint
from workbench.core.state import State
from workbench.engine import files, store
from workbench.engine.open_session import OpenSession

ONE = turn(NEW, 1, "one")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "kept.toml"


@pytest.mark.fault("F10")
def test_a_new_session_is_in_its_file_and_closing_it_leaves_nothing_else(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    assert beside(path) == [".kept.toml.lock", "kept.toml"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)] == [0o600, 0o700]
    assert store.load(path).session == ONE
    held.close()
    assert beside(path) == ["kept.toml"]
    assert files.read(path)[1] == held.stamp


@pytest.mark.fault("F06")
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


@pytest.mark.fault("F06")
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
    assert 'the answer to "More", which was coming' in opened.recovered[1]
    assert "kept as far as it came (interrupted)" in opened.recovered[1]
    held.close()
    assert store.load(path).session == opened.session


@pytest.mark.fault("F06")
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


@pytest.mark.fault("F06")
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
    assert beside(path) == ["kept.toml"]
    assert [run.id for run in opened.session.runs] == ["r1", "r2"]


@pytest.mark.parametrize(("endpoint", "official"), [("anthropic", False), ("mine", True)])
def test_an_answer_that_was_coming_has_the_prices_of_the_address_and_not_of_the_name(
    path: Path, endpoint: str, *, official: bool
) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started({**started("r1", parent), "endpoint": endpoint, "official": official}, session)
    held.came("r1", 1, begins() + says("half"))
    lost(held)
    assert (store.load(path).session.runs[0].cost_usd is not None) is official


def test_an_answer_that_was_coming_from_a_cloud_has_the_prices_of_its_region(path: Path) -> None:
    costs = []
    for region in ("global", "us-east5"):
        place = Endpoint("mine", "https://h.example", "vertex", region=region)
        told = {"kind": "vertex", "region": region, "official": place.official}
        held = OpenSession.create(path, NEW)
        session, parent = asked(NEW, "Hi")
        held.started({**started("r1", parent), **told}, session)
        held.came("r1", 1, begins() + says("half"))
        lost(held)
        costs.append(store.load(path).session.runs[0].cost_usd)
        path.unlink()
        for each in path.parent.iterdir():
            each.unlink()
    assert costs[0] is not None
    assert costs[1] == costs[0] * Decimal("1.1")


@pytest.mark.parametrize("moved", [False, True])
def test_an_answer_that_goes_on_in_another_file_stays_in_one_only(path: Path, *, moved: bool) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.came("r1", 1, begins() + says("half"))
    held.close(moved=moved)
    assert [run.text for run in store.load(path).session.runs] == ([] if moved else ["half"])
    assert (beside(path) == ["kept.toml"]) is moved


@pytest.mark.fault("F06", "F17")
def test_others_go_on_while_a_fold_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = OpenSession.create(path, NEW)
    session, parent = asked(NEW, "Hi")
    held.started(started("r1", parent), session)
    held.came("r1", 1, begins() + says("before "))
    writing, written = threading.Event(), threading.Event()
    real = files.write

    def slow(*given: object, **named: object) -> object:
        writing.set()
        assert written.wait(2)
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
