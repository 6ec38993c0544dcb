from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from workbench.engine import lock, names
from workbench.engine.files import StoreError
from workbench.engine.lock import InUse, Lock

pytestmark = pytest.mark.fault("F07")
HOLD = """
import sys
from pathlib import Path
from workbench.engine.lock import Lock
Lock.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


@contextmanager
def another_program(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def place(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def unlockable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without locks."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no locks here")

    monkeypatch.setattr(fcntl, "flock", refuse)


def test_a_second_program_is_kept_out_and_told_by_whom(path: Path) -> None:
    with another_program(path) as child:
        with pytest.raises(InUse, match=rf"mine\.toml is in use · process {child.pid} has it open · Close it there"):
            Lock.take(path)
        assert lock.holder(path) == f"process {child.pid}"
        child.kill()
        child.wait()
        assert place(path).exists()
        assert lock.holder(path) is None
        Lock.take(path).release()
    assert not place(path).exists()


def test_a_second_time_in_one_program_is_kept_out_too(path: Path) -> None:
    held = Lock.take(path)
    with pytest.raises(InUse, match=f"process {os.getpid()} has it open"):
        Lock.take(path)
    held.release()
    held.release()
    Lock.take(path).release()


def test_nothing_is_held_where_nobody_is(path: Path) -> None:
    assert lock.holder(path) is None
    place(path).write_text("77 elsewhere\n")
    assert lock.holder(path) is None
    place(path).unlink()
    held = Lock.take(path)
    assert place(path).read_text() == f"{os.getpid()} {socket.gethostname()}\n"
    assert place(path).stat().st_mode & 0o777 == 0o600
    held.release()


def test_a_lock_of_another_host_names_it(path: Path) -> None:
    held = Lock.take(path)
    place(path).write_text("77 elsewhere\n")
    assert lock.holder(path) == "process 77 on elsewhere"
    place(path).write_text("\x1b[31m nonsense")
    assert lock.holder(path) == "another program"
    held.release()


def test_a_lock_that_goes_while_it_is_taken_is_taken_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening and locking it, its holder may have taken the file away: that lock would keep nobody out."""
    real = fcntl.flock
    gone = [False]

    def late(descriptor: int, how: int) -> None:
        if not gone[0]:
            gone[0] = True
            place(path).unlink()
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    held = Lock.take(path)
    with pytest.raises(InUse):
        Lock.take(path)
    held.release()


def test_a_lock_that_never_stays_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_is_still", lambda *_: False)
    before = len([*Path("/proc/self/fd").iterdir()])
    with pytest.raises(StoreError, match="comes and goes"):
        Lock.take(path)
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_a_lock_file_that_another_put_there_is_not_taken_away(path: Path) -> None:
    held = Lock.take(path)
    place(path).unlink()
    place(path).write_text("theirs")
    held.release()
    assert place(path).read_text() == "theirs"


def test_looking_whether_it_is_held_keeps_nobody_out(path: Path) -> None:
    place(path).touch()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            lock.holder(path)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(20):
            Lock.take(path).release()
    finally:
        done.set()
        looking.join()


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", True),
        (f"{2**22 + 1} HERE", True),
        ("1 HERE", False),
        (f"{os.getppid()} HERE", False),
        ("77 elsewhere", False),
        ("no number", True),
        ("9" * 300 + " HERE", True),
    ],
)
def test_where_the_disk_has_no_locks_a_living_process_counts(
    path: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, taken: bool
) -> None:
    unlockable(monkeypatch)
    place(path).write_text(text.replace("HERE", socket.gethostname()))
    assert (lock.holder(path) is None) == taken
    if taken:
        held = Lock.take(path)
        with pytest.raises(InUse):
            Lock.take(path)
        held.release()
        Lock.take(path).release()
    else:
        with pytest.raises(InUse):
            Lock.take(path)


@pytest.mark.fault("F09")
def test_a_planted_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    place(path).symlink_to(victim)
    with pytest.raises(StoreError, match=r"mine\.toml can't be locked"):
        Lock.take(path)
    assert victim.read_text() == "precious"
    assert lock.holder(path) is None


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_a_sentence(path: Path, make: Any) -> None:
    make(place(path))
    with pytest.raises(StoreError, match=r"mine\.toml can't be locked · it is a folder|no ordinary file"):
        Lock.take(path)


@pytest.mark.fault("F01")
def test_a_full_disk_keeps_nobody_from_working(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "pwrite", full)
    held = Lock.take(path)
    with pytest.raises(InUse, match="another program has it open"):
        Lock.take(path)
    held.release()


@pytest.mark.fault("F15")
@pytest.mark.parametrize("name", ["x" * 245 + ".toml", "é" * 122 + ".toml", "a" * 250 + ".toml"])
def test_a_name_as_long_as_can_be_has_its_companions(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()
    other = tmp_path / f"{name[:-6]}y.toml"
    held, beside = Lock.take(path), Lock.take(other)
    assert len(os.fsencode(held.path.name)) <= names.MOST_BYTES
    assert held.path.name.endswith(".lock")
    held.release()
    beside.release()
    assert [each.name for each in tmp_path.glob(".*.lock")] == []


@pytest.mark.fault("F09")
def test_of_a_symbolic_link_the_target_is_locked(path: Path, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "real.toml"
    target.touch()
    path.symlink_to(target)
    held = Lock.take(path)
    assert held.path == target.with_name(".real.toml.lock")
    with pytest.raises(InUse):
        Lock.take(target)
    held.release()


def test_links_in_a_circle_and_hostile_names_are_sentences(path: Path) -> None:
    path.symlink_to(path)
    for each in (path, Path("a\0b.toml"), path.parent / "missing" / "x.toml"):
        with pytest.raises(StoreError):
            Lock.take(each)
        assert lock.holder(each) is None
