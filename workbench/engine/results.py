"""The results of a session's sweeps: `NAME.runs.jsonl` beside `NAME.toml`, a run record a line, only ever added to."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from workbench.core import record, strict_json
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.safe import encodable
from workbench.engine import files, names
from workbench.engine.files import StoreError

SYNC_PACE_S: Final = 0.2
"""Lines that come faster than this share an fsync: each costs a millisecond in which nothing else goes on."""

FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
"""A symbolic link is not followed: in a folder from a stranger it could have lines added to any file."""


def results_path(session_file: Path) -> Path:
    """Beside the session, and of a symbolic link beside what it points to: two names of one session share them."""
    target = session_file.resolve()
    return target.with_name(target.name.removesuffix(names.SUFFIX) + names.RESULTS)


class Results:
    """One file of results.

    A record is with the system as soon as `append` returns, so that a killed program loses none of them. A power cut
    can take the lines since the last fsync: there is one with the first line, with any that comes 0.2 s after it, and
    with `sync`. What is lost is asked, and paid, again: those lines, and the runs that were still going on.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._synced_at = clock() - SYNC_PACE_S
        self._unsynced = False
        self._held: int | None = None

    @property
    def size(self) -> int:
        """Bytes of the file; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def hold(self) -> None:
        """Keep every other program from sending a sweep into this file, until `release` or the end of this one.

        Two that send the same sweep at once would pay for each cell twice. Raises StoreError where another holds it.
        """
        self.release()
        title = f"{self.path.name} is not written"
        try:
            descriptor = self._open(title)
            try:
                _check_kind(descriptor, title)
                _lock(descriptor, self.path.name)
            except BaseException:
                os.close(descriptor)
                raise
        except OSError as error:
            raise StoreError(files.explain(title, error)) from error
        self._held = descriptor

    def release(self) -> None:
        """Let others send."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def load(self) -> tuple[list[RunRecord], tuple[str, ...]]:
        """The records, oldest first, and what to say about the rest; none where there is no file. Raises StoreError.

        A line that is no record stays in the file and is told once. A last line that a crash cut off is told apart:
        its answer is lost.
        """
        title = f"{self.path.name} can't be read"
        found: list[RunRecord] = []
        foreign: list[int] = []
        torn = False
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return [], ()
        except OSError as error:
            raise StoreError(files.explain(title, error)) from error
        try:
            _check_kind(descriptor, title)
            with os.fdopen(os.dup(descriptor), "rb") as lines:
                for number, line in enumerate(lines, 1):
                    if (read := _read(line)) is not None:
                        found.append(read)
                    elif not line.endswith(b"\n"):
                        torn = True
                    elif line.strip():
                        foreign.append(number)
        except OSError as error:
            raise StoreError(files.explain(title, error)) from error
        finally:
            os.close(descriptor)
        return found, _notes(self.path.name, foreign, torn=torn)

    def _open(self, title: str) -> int:
        """The file to add to; a new one outlasts a power cut as its lines do. Raises OSError, StoreError."""
        files.make_folder(self.path.parent)
        try:
            return os.open(self.path, FLAGS)
        except FileNotFoundError:
            descriptor = os.open(self.path, FLAGS | os.O_CREAT, 0o600)
            files.sync_folder(self.path.parent)
            return descriptor
        except OSError as error:
            if error.errno == errno.ELOOP:
                hint = "Move it away: results go there."
                raise StoreError(Problem(title, "it is a symbolic link", hint)) from error
            raise

    def append(self, result: RunRecord) -> None:
        """Add one line; the file is made where there is none, mode 0600. Raises StoreError."""
        self._add(encodable(result.to_json()).encode() + b"\n")

    def _add(self, lines: bytes) -> None:
        title = f"{self.path.name} is not written"
        try:
            descriptor = self._open(title)
            try:
                _check_kind(descriptor, title)
                size = os.fstat(descriptor).st_size
                # A crash may have cut the last line: it must not take the new one with it.
                torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                files.write_all(descriptor, b"\n" + lines if torn else lines)
                self._unsynced = True
                if self._clock() - self._synced_at >= SYNC_PACE_S:
                    self._sync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise StoreError(files.explain(title, error)) from error

    def take(self, other: Path) -> None:
        """Add the lines of another file that this one doesn't hold, as they stand there. Raises StoreError."""
        try:
            there = set(_lines(self.path))
            fresh = [line for line in _lines(other) if line not in there]
        except OSError as error:
            raise StoreError(files.explain(f"{other.name} can't be read", error)) from error
        if fresh:
            self._add(b"".join(fresh))

    def sync(self) -> None:
        """Have the disk hold every line; for the end of a sweep. Raises StoreError."""
        if not self._unsynced:
            return
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
            try:
                self._sync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise StoreError(files.explain(f"{self.path.name} is not written", error)) from error

    def _sync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        self._synced_at = self._clock()
        self._unsynced = False


def _lines(file: Path) -> list[bytes]:
    """The whole lines of a file; none where there is no file."""
    try:
        return [line for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    except FileNotFoundError:
        return []


def _lock(descriptor: int, name: str) -> None:
    """Take the file's lock; where the file system has none, nobody is kept out."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        hint = "Let it end or stop it: what it answers needn't be asked again."
        raise StoreError(Problem(f"{name} is in use", "another program is sending a sweep into it", hint)) from None
    except OSError:
        return


def _check_kind(descriptor: int, title: str) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise StoreError(Problem(title, "it is no ordinary file", "Move it away: results go there."))


def _read(line: bytes) -> RunRecord | None:
    """The record of a line; None for what is none: it has no end, or asked nothing."""
    try:
        found = strict_json.loads(line.decode())
    except (UnicodeDecodeError, strict_json.BadJsonError):
        return None
    if not isinstance(found, dict):
        return None
    read = record.from_mapping(found)
    return read if read.state is not None and read.request_sha256 else None


def _notes(name: str, foreign: list[int], *, torn: bool) -> tuple[str, ...]:
    told: list[str] = []
    if foreign:
        more = "" if len(foreign) == 1 else f" and {len(foreign) - 1} more"
        told.append(f"{name}: line {foreign[0]}{more} can't be read as a run record; kept, and not used")
    if torn:
        told.append(f"{name}: its last line was cut off; that answer counts as missing")
    return tuple(told)
