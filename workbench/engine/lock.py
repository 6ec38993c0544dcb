"""One program a session: a lock beside its file, which the system lets go of when the program dies."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.core.problem import Problem
from workbench.engine import files, names
from workbench.engine.files import StoreError

SUFFIX: Final = ".lock"
UNLOCKABLE: Final = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
"""What a file system answers that has no such locks."""
FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
TRIES: Final = 100
PATIENCE_S: Final = (0.001, 0.005, 0.02, 0.0)
LONGEST: Final = 400
DIGITS: Final = 10
"""Of a process number, at most."""
HERE: Final[set[Path]] = set()
"""The lock files that this process holds: where a process number has to do for a lock, its own says nothing."""


class InUse(StoreError):  # noqa: N818 - named for what happened
    """Another program has the session open."""


class Lock:
    """The lock of one session file, held until `release` or until the program ends, however it ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        """Of the lock file."""
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> Lock:
        """Raises InUse where another program holds it, StoreError where none can be made."""
        place = names.beside(path, SUFFIX)
        try:
            for _ in range(TRIES):
                if (descriptor := _taken(place, path)) is not None:
                    HERE.add(place)
                    return cls(place, descriptor)
        except OSError as error:
            raise StoreError(files.explain(f"{path.name} can't be locked", error)) from error
        raise StoreError(Problem(f"{path.name} can't be locked", f"{place.name} comes and goes", "Try again."))

    def release(self) -> None:
        """Let others in; the file goes while the lock still stands, or it could be another's by then."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            if _is_still(self.path, self._descriptor):
                self.path.unlink()
        HERE.discard(self.path)
        os.close(self._descriptor)
        self._descriptor = None


def holder(path: Path) -> str | None:
    """Who holds the lock of a session file, as `process 123 on laptop`; None where nobody does."""
    try:
        place = names.beside(path, SUFFIX)
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, StoreError):
        return None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _named(descriptor)
        except OSError:
            return _named(descriptor) if _lives(descriptor, place) else None
        return None
    finally:
        os.close(descriptor)


def _taken(place: Path, path: Path) -> int | None:
    """The lock file, open and locked; None when it went away meanwhile, so that it must be tried again."""
    descriptor = os.open(place, FLAGS, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise StoreError(Problem(f"{path.name} can't be locked", f"{place.name} is no ordinary file", "Move it."))
        if not _locked(descriptor, place):
            raise _in_use(descriptor, path)
        if not _is_still(place, descriptor):
            os.close(descriptor)
            return None
        with suppress(OSError):  # a full disk keeps nobody from working: the lock holds without its text
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _locked(descriptor: int, place: Path) -> bool:
    """Whether the lock is ours now; who only looks whether it is held holds it for an instant, so it is tried again."""
    for patience in PATIENCE_S:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(patience)
        except OSError as error:
            if error.errno not in UNLOCKABLE:
                raise
            return not _lives(descriptor, place)
        else:
            return True
    return False


def _is_still(place: Path, descriptor: int) -> bool:
    """Whether the name still leads to the file that is locked: who let it go took it away."""
    try:
        there = place.lstat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (there.st_ino, there.st_dev) == (mine.st_ino, mine.st_dev)


def _in_use(descriptor: int, path: Path) -> InUse:
    who = _named(descriptor)
    return InUse(Problem(f"{path.name} is in use", f"{who} has it open", "Close it there, or open it only to read."))


def _named(descriptor: int) -> str:
    process, host = _written(descriptor)
    if not process:
        return "another program"
    return f"process {process}" if host == socket.gethostname() else f"process {process} on {host}"


def _written(descriptor: int) -> tuple[str, str]:
    """The process and the host that the lock names; empty where it names none."""
    with suppress(OSError):
        process, _, host = os.pread(descriptor, LONGEST, 0).decode(errors="replace").strip().partition(" ")
        if process.isdecimal() and process.isascii():
            return process, host
    return "", ""


def _lives(descriptor: int, place: Path) -> bool:
    """Whether the named process may still run: of another host nobody here can say."""
    process, host = _written(descriptor)
    if not process or len(process) > DIGITS:
        return False
    if int(process) == os.getpid() and host == socket.gethostname():
        return place in HERE
    return host != socket.gethostname() or files.alive(int(process))
