"""Every write, fsync and rename of an open session failing once, or from then on: nothing saved is lost."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from tests.engine.kept import NEW, answered, asked, begins, ends, journal_of, lost, says, started, turn
from workbench.core.session import Session
from workbench.engine import store
from workbench.engine.files import StoreError
from workbench.engine.open_session import OpenSession

CALLS: Final = ("write", "fsync", "replace", "open", "unlink", "fstat")
CODES: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EXDEV, errno.EROFS)
ONE: Final = turn(NEW, 1, "one")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "kept.toml"


class Disk:
    """The calls that reach the disk, of which some fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.calls = 0

    @contextmanager
    def failing(self, call: str, at: int, code: int, *, for_good: bool = False, short: bool = False) -> Iterator[None]:
        """The `at`-th call of that name fails, and with `for_good` each after it; `short` writes a part first."""
        real = getattr(os, call)
        self.calls = 0

        def attempt(*given: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == at or (for_good and self.calls > at):
                if short and call == "write":
                    real(given[0], given[1][: len(given[1]) // 2])
                raise OSError(code, os.strerror(code))
            return real(*given, **named)

        with self._patch.context() as patched:
            patched.setattr(os, call, attempt)
            yield


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def work(held: OpenSession, session: Session, saved: list[Session]) -> Session:
    """A day's work that goes on when the disk doesn't; what was reported saved is told."""

    def reported(act: Callable[[], object], now: Session) -> None:
        with suppress(StoreError):
            act()
            saved.append(now)

    for number in (2, 3):
        run = f"r{number}"
        session, parent = asked(session, f"Question {number}")
        with_question = session
        reported(lambda: held.started(started(run, parent), with_question), session)  # noqa: B023 - called at once
        for piece in (begins(), says("Ans"), says("wer"), ends()):
            with suppress(StoreError):
                held.came(run, 1, piece)
        session = answered(session, run, parent, f"Answer {number}")
        with_answer = session
        with suppress(StoreError):
            held.note(with_answer)
        reported(held.sync, session if held.on_disk is with_answer else saved[-1])
        if number == 2:
            session = replace(session, title="folded")
            to_fold = session
            reported(lambda: held.fold(to_fold), session)  # noqa: B023
    return session


def whole(found: Session, saved: Session) -> bool:
    return found.messages[: len(saved.messages)] == saved.messages and found.runs[: len(saved.runs)] == saved.runs


@pytest.mark.fault("F01", "F02")
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("for_good", [False, True])
def test_a_failure_at_any_step_loses_nothing_that_was_saved(
    path: Path, disk: Disk, call: str, rounds: Callable[[int, int], int], *, for_good: bool
) -> None:
    """What was reported saved is there after a crash then; and when the disk works again, everything is saved."""
    for code in CODES[: rounds(1, len(CODES))]:
        for at in range(1, 1000):
            for short in (False, True) if call == "write" else (False,):
                _one(path, disk, (call, at, code), for_good=for_good, short=short)
            if disk.calls < at:
                break
        assert 1 < at < 100


def _one(path: Path, disk: Disk, failure: tuple[str, int, int], *, for_good: bool, short: bool) -> None:
    held = OpenSession.create(path, ONE)
    saved = [ONE]
    call, at, code = failure
    with disk.failing(call, at, code, for_good=for_good, short=short):
        session = work(held, ONE, saved)
    found = store.load(path)
    assert whole(found.session, saved[-1]), failure
    assert not any("damaged" in each or "another program" in each for each in found.recovered), failure
    held.note(session)
    held.sync()
    assert store.load(path).session == session, failure
    held.close(session)
    assert store.load(path) == store.Loaded(session, (), False, held.stamp)
    assert [each.name for each in path.parent.iterdir()] == [path.name], failure
    path.unlink()


@pytest.mark.fault("F01")
def test_a_full_disk_while_it_closes_keeps_the_journal_and_lets_go(path: Path, disk: Disk) -> None:
    held = OpenSession.create(path, ONE)
    session = turn(ONE, 2, "two")
    held.note(session)
    with disk.failing("write", 1, errno.ENOSPC, for_good=True), pytest.raises(StoreError, match="the disk is full"):
        held.close(session)
    assert journal_of(path).exists()
    opened = OpenSession.open(path)
    assert (opened.session, opened.why) == (session, "")
    assert opened.held is not None
    opened.held.close()


@pytest.mark.fault("F01")
def test_a_full_disk_while_it_opens_recovers_all_and_saves_it_later(path: Path, disk: Disk) -> None:
    held = OpenSession.create(path, ONE)
    session, parent = asked(turn(ONE, 2, "two"), "More")
    held.started(started("r3", parent), session)
    held.came("r3", 1, begins() + says("Half"))
    lost(held)
    before = path.read_bytes()
    with disk.failing("write", 1, errno.ENOSPC, for_good=True):
        opened = OpenSession.open(path)
        assert opened.session.runs[-1].text == "Half"
        assert opened.held is not None
        assert opened.notes == ("kept.toml is not saved · the disk is full · Free some space, or save elsewhere.",)
        assert path.read_bytes() == before
        with pytest.raises(StoreError, match="the disk is full"):
            opened.held.note(turn(opened.session, 4, "four"))
    lost(opened.held)
    assert store.load(path).session.runs[-1].text == "Half"
    opened = OpenSession.open(path)
    assert opened.held is not None
    opened.held.close(turn(opened.session, 4, "four"))
    assert [run.id for run in store.load(path).session.runs] == ["r1", "r2", "r3", "r4"]


@pytest.mark.fault("F02", "F04")
def test_nothing_takes_the_place_of_a_damaged_file_that_could_not_be_kept(path: Path, disk: Disk) -> None:
    held = OpenSession.create(path, turn(ONE, 2, "two"))
    held.close()
    cut = path.read_bytes()[:-200]
    path.write_bytes(cut)
    with disk.failing("link", 1, errno.EPERM, for_good=True), disk.failing("write", 1, errno.ENOSPC, for_good=True):
        opened = OpenSession.open(path)
        assert opened.held is not None
        with pytest.raises(StoreError):
            opened.held.fold(opened.session)
        assert path.read_bytes() == cut
    opened.held.fold(opened.session)
    assert path.with_name("kept.toml.damaged").read_bytes() == cut
    opened.held.close()


@pytest.mark.fault("F02")
@pytest.mark.parametrize("spare", [0, 10, 300, 1500])
def test_a_real_limit_on_the_size_of_files_is_survived(path: Path, spare: int) -> None:
    held = OpenSession.create(path, ONE)
    before, saved = path.read_bytes(), [ONE]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (spare, hard))
    try:
        session = work(held, ONE, saved)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before or spare == 1500
    assert whole(store.load(path).session, saved[-1])
    held.close(session)
    assert store.load(path).session == session


@pytest.mark.fault("F02")
@pytest.mark.parametrize("call", ["ftruncate", "lseek"])
def test_a_torn_record_that_cannot_be_taken_off_is_the_last_of_its_journal(path: Path, disk: Disk, call: str) -> None:
    """What comes after it could not be read: the file is written anew instead."""
    held = OpenSession.create(path, ONE)
    session, parent = asked(ONE, "More")
    held.started(started("r2", parent), session)
    held.came("r2", 1, begins() + says("one "))
    torn = disk.failing("write", 1, errno.EIO, short=True)
    with disk.failing(call, 1, errno.EIO), torn, pytest.raises(StoreError, match="the disk reported an error"):
        held.came("r2", 1, says("two "))
    held.came("r2", 1, says("two "))
    held.came("r2", 1, says("three"))
    lost(held)
    found = store.load(path)
    assert found.session.messages[:-1] == session.messages
    assert found.session.runs[-1].text == "one two three"
    assert not any("damaged" in each for each in found.recovered)


@pytest.mark.fault("F02")
def test_after_a_failed_fsync_the_file_is_written_anew(path: Path, disk: Disk) -> None:
    """What the journal holds by then nobody knows: the system may have thrown the record away."""
    held = OpenSession.create(path, ONE)
    session = turn(ONE, 2, "two")
    held.note(session)
    with disk.failing("fsync", 1, errno.EIO), pytest.raises(StoreError, match="the disk reported an error"):
        held.sync()
    held.note(turn(session, 3, "three"))
    assert not journal_of(path).exists()
    assert len(store.load(path).session.runs) == 3
    held.close()


@pytest.mark.fault("F02")
def test_a_journal_that_was_taken_away_is_written_anew(path: Path) -> None:
    held = OpenSession.create(path, ONE)
    session = turn(ONE, 2, "two")
    held.note(session)
    journal_of(path).unlink()
    more = turn(session, 3, "three")
    with suppress(StoreError):
        held.note(more)
    held.note(more)
    lost(held)
    assert store.load(path).session == more


@pytest.mark.fault("F01", "F02")
@pytest.mark.parametrize("short", [False, True])
def test_a_piece_that_could_not_be_written_can_be_handed_in_again(path: Path, disk: Disk, *, short: bool) -> None:
    held = OpenSession.create(path, ONE)
    session, parent = asked(ONE, "More")
    held.started(started("r2", parent), session)
    held.came("r2", 1, begins())
    with disk.failing("write", 1, errno.ENOSPC, for_good=True, short=short), pytest.raises(StoreError):
        held.came("r2", 1, says("one "))
    held.came("r2", 1, says("one "))
    held.came("r2", 1, says("two"))
    lost(held)
    assert store.load(path).session.runs[-1].text == "one two"


@pytest.mark.fault("F01")
def test_a_beginning_that_could_not_be_written_is_written_with_what_follows(path: Path, disk: Disk) -> None:
    held = OpenSession.create(path, ONE)
    session, parent = asked(ONE, "More")
    for _ in range(2):
        with disk.failing("write", 1, errno.ENOSPC, for_good=True), pytest.raises(StoreError):
            held.started(started("r2", parent), session)
    held.came("r2", 1, begins() + says("one"))
    held.note(session)
    lost(held)
    found = store.load(path).session
    assert (found.runs[-1].text, found.messages[-1].parent) == ("one", parent)


@pytest.mark.fault("F02")
def test_a_journal_that_cannot_be_read_back_costs_no_more_than_what_it_held(path: Path, disk: Disk) -> None:
    held = OpenSession.create(path, ONE)
    session, parent = asked(ONE, "More")
    held.started(started("r2", parent), session)
    held.came("r2", 1, begins() + says("lost"))
    with disk.failing("fsync", 1, errno.EIO), pytest.raises(StoreError):
        held.sync()
    journal_of(path).write_bytes(bytes(held.journalled))
    held.fold(session)
    held.came("r2", 1, says("in the middle"))
    held.came("r2", 2, begins() + says("again"))
    lost(held)
    run = store.load(path).session.runs[-1]
    assert (run.id, run.text, run.attempts) == ("r2", "again", 2)
