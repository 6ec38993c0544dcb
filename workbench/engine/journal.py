"""The journal beside a session's file: what changed since the file was written, appended record by record."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.core import journal as lines
from workbench.core.journal import Record
from workbench.core.problem import Problem
from workbench.engine import files
from workbench.engine.files import StoreError

MOST_BYTES: Final = 1 << 28
"""Eight answers of the longest, with what frames them."""
READING: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
MAKING: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
GOING_ON: Final = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class Read:
    """A journal as it was found."""

    head: Record
    """Its first record, empty where even that can't be read."""
    records: tuple[Record, ...] = ()
    """Those after it."""
    ends: tuple[int, ...] = ()
    """Where each of them ends."""
    good: int = 0
    """Bytes up to the first that is damaged."""
    size: int = 0

    @property
    def damaged(self) -> bool:
        return self.good < self.size

    @property
    def base(self) -> object:
        return self.head.get("base")


def read(path: Path) -> Read | None:
    """What can be read of a journal, None where there is none. Raises StoreError."""
    title = f"{path.name} can't be read"
    try:
        descriptor = os.open(path, READING)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(files.explain(title, error)) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(Problem(title, "it is no ordinary file", "Move it away."))
        if found.st_size > MOST_BYTES:
            raise StoreError(Problem(title, "it has more than 256 MB", "Move it away."))
        with os.fdopen(os.dup(descriptor), "rb") as file:
            each = list(lines.records(file.read))
        if not each or "journal" not in each[0][0]:
            return Read({}, size=found.st_size)
        # What was appended since it was opened is read with the rest.
        good = each[-1][1]
        records, ends = tuple(record for record, _ in each[1:]), tuple(end for _, end in each[1:])
        return Read(each[0][0], records, ends, good, max(found.st_size, good))
    except OSError as error:
        raise StoreError(files.explain(title, error)) from error
    finally:
        os.close(descriptor)


class Journal:
    """The journal that this program writes; the file is made with its first record. Raises OSError."""

    def __init__(self, path: Path, of: Path, base: str, *, size: int = 0) -> None:
        self.path = path
        self._of = of
        self.base = base
        """Of the file that it goes on from."""
        self.size = size
        """Bytes of whole records, 0 where there is no file."""
        self.broken = False
        """Whether the disk may hold something else than was written: nothing more is added then."""
        self._descriptor: int | None = None
        self._unsynced = False
        self._unnamed = False
        """Whether a power cut could still take the file's name."""

    def append(self, records: Iterable[Mapping[str, object]]) -> None:
        """Add records, all or none."""
        self._write(b"".join(map(lines.line, records)))

    def _write(self, data: bytes) -> None:
        if self.broken:
            raise OSError("the journal can't be written")
        descriptor = self._opened()
        if not self.size:
            data = lines.line({"journal": lines.VERSION, "base": self.base}) + data
        if self.size + len(data) > MOST_BYTES:
            raise OSError(errno.EFBIG, "the journal is full")
        try:
            if not os.fstat(descriptor).st_nlink:
                self.broken = True
                raise OSError("the journal was taken away")
            self._unsynced = True
            files.write_all(descriptor, data)
        except BaseException:
            self._cut(descriptor)
            raise
        self.size += len(data)

    def _opened(self) -> int:
        if self._descriptor is None:
            if self.size:
                self._descriptor = os.open(self.path, GOING_ON)
                os.lseek(self._descriptor, self.size, os.SEEK_SET)
            else:
                self._descriptor = os.open(self.path, MAKING, 0o600)
                with suppress(OSError):
                    files.own_like(self._descriptor, self._of.stat())
                self._unnamed = True
        return self._descriptor

    def _cut(self, descriptor: int) -> None:
        """Take off what was written of a record, so that those after it can be read."""
        try:
            os.ftruncate(descriptor, self.size)
            os.lseek(descriptor, self.size, os.SEEK_SET)
        except OSError:
            self.broken = True

    def sync(self) -> None:
        """Have the disk hold every record; after a failure nobody knows what it holds."""
        if not self._unsynced or self._descriptor is None:
            return
        try:
            os.fsync(self._descriptor)
        except OSError:
            self.broken = True
            raise
        if self._unnamed:
            files.sync_folder(self.path.parent)
        self._unsynced = self._unnamed = False

    def restart(self, base: str, records: Iterable[Mapping[str, object]] = ()) -> None:
        """Begin anew from another file, with what goes on; where that fails the old journal stays as it is."""
        kept = b"".join(map(lines.line, records))
        if kept:
            kept = lines.line({"journal": lines.VERSION, "base": base}) + kept
            files.put(self.path, kept, self._of)
        elif self.size or self.broken:
            self.path.unlink(missing_ok=True)
        self.close()
        self.base, self.size, self.broken = base, len(kept), False
        self._unsynced = self._unnamed = False

    def close(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
