from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.engine import files
from workbench.engine.files import ChangedOnDisk, StoreError

OLD = b"old\n" * 100
NEW = b"new\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "folder"
    path.mkdir()
    return path


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "mine.toml"
    path.write_bytes(OLD)
    return path


@pytest.fixture(params=[0o022, 0o000, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def failing(real: Callable[..., Any], at: int, code: int) -> Callable[..., Any]:
    """The real call, but the `at`-th fails."""
    calls = iter(range(1, 1_000_000))

    def call(*given: Any, **named: Any) -> Any:
        if next(calls) == at:
            raise OSError(code, os.strerror(code))
        return real(*given, **named)

    return call


@pytest.mark.fault("F10")
def test_a_new_file_is_private_and_so_is_every_folder_above_it(folder: Path, umask: int) -> None:
    path = folder / "a" / "b" / "c" / "mine.toml"
    files.write(path, NEW)
    assert files.read(path)[0] == NEW
    assert mode(path) == 0o600
    assert [mode(folder) for folder in path.parents[:3]] == [0o700] * 3
    assert names(path.parent) == ["mine.toml"]


@pytest.mark.fault("F10")
@pytest.mark.parametrize("before", [0o600, 0o640, 0o664, 0o755])
def test_the_mode_stays_as_it_was(file: Path, before: int, umask: int) -> None:
    file.chmod(before)
    files.write(file, NEW, overwrite=True)
    assert mode(file) == before
    assert file.read_bytes() == NEW


@pytest.mark.fault("F09")
def test_a_symbolic_link_stays_and_its_target_is_replaced(file: Path, folder: Path) -> None:
    (folder / "far").mkdir()
    near = folder / "far" / "near.toml"
    near.symlink_to(Path("..") / file.name)
    link = folder / "link.toml"
    link.symlink_to(near)
    _, stamp = files.read(link)
    files.write(link, NEW, stamp=stamp)
    assert link.is_symlink()
    assert near.is_symlink()
    assert file.read_bytes() == NEW


@pytest.mark.fault("F09")
def test_a_link_to_nothing_makes_its_target(folder: Path) -> None:
    link = folder / "link.toml"
    link.symlink_to(folder / "deep" / "target.toml")
    files.write(link, NEW)
    assert link.is_symlink()
    assert (folder / "deep" / "target.toml").read_bytes() == NEW


@pytest.mark.fault("F09")
def test_links_in_a_circle_are_named(folder: Path) -> None:
    link = folder / "link.toml"
    link.symlink_to(link)
    for act in (lambda: files.read(link), lambda: files.write(link, NEW)):
        with pytest.raises(StoreError, match="circle"):
            act()


@pytest.mark.fault("F09")
def test_a_planted_link_where_the_temporary_file_goes_is_not_written_through(
    file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = folder / "victim"
    victim.write_bytes(b"precious")
    monkeypatch.setattr("os.urandom", bytes)
    (folder / f".mine.toml.{os.getpid()}-00000000.tmp").symlink_to(victim)
    with pytest.raises(StoreError):
        files.write(file, NEW, overwrite=True)
    assert victim.read_bytes() == b"precious"
    assert file.read_bytes() == OLD


@pytest.mark.fault("F08")
@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"theirs"),
        lambda path: os.utime(path, ns=(1, 1)),
        lambda path: (path.with_suffix(".x").write_bytes(OLD), path.with_suffix(".x").replace(path)),
    ],
    ids=["other text", "touched", "another inode"],
)
def test_a_file_changed_by_another_program_is_not_overwritten_unasked(
    file: Path, change: Callable[[Path], object]
) -> None:
    _, stamp = files.read(file)
    change(file)
    theirs = file.read_bytes()
    with pytest.raises(ChangedOnDisk, match=r"mine\.toml is not saved · another program changed it"):
        files.write(file, NEW, stamp=stamp)
    assert file.read_bytes() == theirs
    files.write(file, NEW, stamp=stamp, overwrite=True)
    assert file.read_bytes() == NEW


@pytest.mark.fault("F08")
def test_a_change_while_writing_is_noticed_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, stamp = files.read(file)
    real = os.fsync

    def meanwhile(descriptor: int) -> None:
        real(descriptor)
        file.write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(ChangedOnDisk):
        files.write(file, NEW, stamp=stamp)
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == ["mine.toml"]


@pytest.mark.fault("F08")
def test_a_new_session_does_not_fall_on_a_file_that_is_there(file: Path) -> None:
    with pytest.raises(ChangedOnDisk, match="there already"):
        files.write(file, NEW)
    assert file.read_bytes() == OLD


def test_each_save_gives_the_stamp_for_the_next(file: Path) -> None:
    _, stamp = files.read(file)
    for text in (b"1", b"2", b"3"):
        stamp = files.write(file, text, stamp=stamp)
    assert files.read(file) == (b"3", stamp)


def test_a_file_that_went_away_is_made_again(file: Path) -> None:
    _, stamp = files.read(file)
    file.unlink()
    files.write(file, NEW, stamp=stamp)
    assert file.read_bytes() == NEW


@pytest.mark.fault("F01", "F02")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EXDEV])
@pytest.mark.parametrize(
    ("call", "at"),
    [*(("write", at) for at in range(1, 10)), ("fsync", 1), ("replace", 1), ("fchmod", 1), ("open", 1)],
)
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str, at: int, code: int
) -> None:
    real_write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real_write(descriptor, data[:100]))
    monkeypatch.setattr(os, call, failing(getattr(os, call), at, code))
    if (call, at) == ("write", 9):
        files.write(file, NEW, overwrite=True)
        assert file.read_bytes() == NEW
        return
    with pytest.raises(StoreError) as caught:
        files.write(file, NEW, overwrite=True)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["mine.toml"]
    assert caught.value.problem.title == "mine.toml is not saved"
    assert caught.value.problem.hint


def test_the_folder_that_will_not_be_synced_is_no_failure(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", failing(os.fsync, 2, errno.EINVAL))
    monkeypatch.setattr(os, "sync", lambda: synced.append(True))
    stamp = files.write(file, NEW, overwrite=True)
    assert files.read(file) == (NEW, stamp)
    assert synced


def test_an_interrupt_leaves_nothing_behind(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write(file, NEW, overwrite=True)
    assert names(file.parent) == ["mine.toml"]
    assert file.read_bytes() == OLD


@pytest.mark.fault("F01", "F02")
@pytest.mark.parametrize("limit", [0, 1, 400, 799])
def test_a_real_limit_on_the_size_leaves_the_old_file(file: Path, limit: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(StoreError, match="larger than a file may be"):
            files.write(file, NEW, overwrite=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["mine.toml"]


@pytest.mark.fault("F06")
def test_what_killed_saves_left_is_swept_and_nothing_else(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "alive", lambda process: process == 77)
    gone, young, theirs = (file.with_name(f".mine.toml.{name}.tmp") for name in ("66-a", "66-b", "77-c"))
    others = [
        file.with_name(name) for name in (".other.toml.66-a.tmp", ".mine.toml.journal", ".mine.toml.lock", "x.tmp")
    ]
    for path in (gone, young, theirs, *others):
        path.touch()
        if path != young:
            os.utime(path, (1, 1))
    files.write(file, NEW, overwrite=True)
    assert not gone.exists()
    assert all(path.exists() for path in (young, theirs, *others))


def test_only_living_processes_are_alive() -> None:
    assert files.alive(os.getpid())
    assert not files.alive(2**22 + 1)
    assert not files.alive(10**30)


def test_the_owner_stays_where_that_is_allowed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    found = file.stat()
    real = os.fstat

    def another_owner(descriptor: int) -> os.stat_result:
        return os.stat_result((*real(descriptor)[:4], 4242, *real(descriptor)[5:10]), {"st_mtime_ns": 1})

    monkeypatch.setattr(os, "fstat", another_owner)
    monkeypatch.setattr(os, "fchown", lambda _, uid, gid: given.append((uid, gid)))
    files.write(file, NEW, overwrite=True)
    assert given == [(found.st_uid, found.st_gid)]


def test_a_write_protected_file_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: path != file)
    with pytest.raises(StoreError, match="write-protected · Save under another name"):
        files.write(file, NEW, overwrite=True)
    assert file.read_bytes() == OLD
