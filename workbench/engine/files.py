"""Whole files: read within limits, replaced in one step, and never overwritten unseen."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from workbench.core.problem import Problem

MAX_BYTES: Final = 64 * 1024 * 1024
STALE_SECONDS: Final = 60
TEMPORARY: Final = ".tmp"

CAUSES: Final = {
    errno.ENOSPC: ("the disk is full", "Free some space, or save elsewhere."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, or save elsewhere."),
    errno.EFBIG: ("it would be larger than a file may be here", "Save elsewhere."),
    errno.EROFS: ("the disk is read-only", "Save elsewhere."),
    errno.EACCES: ("permission is denied", "Change the permissions, or choose another place."),
    errno.EPERM: ("it is not permitted", "Change the permissions, or choose another place."),
    errno.EIO: ("the disk reported an error", "Save elsewhere, and look at the disk."),
    errno.ENOENT: ("there is no such file or folder", "Look at the path."),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", "Choose another place."),
    errno.EISDIR: ("it is a folder", "Name a file."),
    errno.ELOOP: ("its symbolic links lead round in a circle", "Name the file itself."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name."),
    errno.EBUSY: ("it can't be replaced: it is a mount of its own", "Save elsewhere."),
    errno.EXDEV: ("it can't be replaced: it lies on another disk", "Save elsewhere."),
    errno.EMFILE: ("too many files are open", "Close something, then try again."),
}


class StoreError(Exception):
    """A file that can't be read or written; its problem is a sentence with the file, the reason and the remedy."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class MissingFile(StoreError):  # noqa: N818 - named for what happened
    """There is no file of that name yet."""


class ChangedOnDisk(StoreError):  # noqa: N818 - named for what happened
    """Another program wrote the file since it was read: ask before overwriting it."""


class Stamp(NamedTuple):
    """What tells one version of a file from the next."""

    mtime_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        return cls(found.st_mtime_ns, found.st_size, found.st_ino)


def expanded(path: str) -> Path:
    """The path with the home that its `~` stands for; of somebody who has none, as it is written."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def explain(title: str, error: OSError) -> Problem:
    reason, hint = CAUSES.get(error.errno or 0, (error.strerror or str(error), "Choose another place."))
    return Problem(title, reason, hint)


def read(path: Path, most: int | None = None) -> tuple[bytes, Stamp]:
    """The bytes of a regular file, or the first `most`. Raises StoreError, MissingFile where there is none."""
    title = f"{path.name} can't be read"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise _unreadable(title, error) from error
    try:
        found = os.fstat(descriptor)
        check_kind(found, title)
        if most is None and found.st_size > MAX_BYTES:
            size = f"it has {found.st_size / 2**20:.0f} MB, and 64 MB is the most that is read"
            raise StoreError(Problem(title, size, "Split it, or take away what is not needed."))
        # Stamped before the read: a write in between then counts as a change.
        return _read_all(descriptor, MAX_BYTES if most is None else most), Stamp.of(found)
    except OSError as error:
        raise StoreError(explain(title, error)) from error
    finally:
        os.close(descriptor)


def check_kind(found: os.stat_result, title: str) -> None:
    """Raises StoreError for what is no regular file."""
    if not stat.S_ISREG(found.st_mode):
        kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISLNK, "a symbolic link"))
        what = next((name for kind, name in kinds if kind(found.st_mode)), "no ordinary file")
        raise StoreError(Problem(title, f"it is {what}", "Name a file."))


def _unreadable(title: str, error: OSError | ValueError) -> StoreError:
    if isinstance(error, FileNotFoundError):
        return MissingFile(explain(title, error))
    if isinstance(error, OSError):
        return StoreError(explain(title, error))
    return StoreError(Problem(title, "its name holds a NUL character", "Name a file."))


def _read_all(descriptor: int, room: int) -> bytes:
    chunks: list[bytes] = []
    while room > 0 and (chunk := os.read(descriptor, min(room, 1 << 20))):
        chunks.append(chunk)
        room -= len(chunk)
    return b"".join(chunks)


def write(
    path: Path,
    data: bytes,
    *,
    stamp: Stamp | None = None,
    overwrite: bool = False,
    follow: bool = True,
    ready: Callable[[], None] = lambda: None,
) -> Stamp:
    """Put `data` in place of the file in one step, so that a crash leaves the old or the new, never a part.

    A symbolic link stays, its target is replaced; unless `follow` it is refused: a stranger may have put it there. The
    mode is kept, 0600 for a new file. Raises ChangedOnDisk when the file isn't the one of `stamp` (None: no file was
    there) unless `overwrite`, and StoreError when it fails, with the old file as it was. `ready` is called when all
    but the last step is done.
    """
    title = f"{path.name} is not saved"
    try:
        target = path.resolve() if follow else path.parent.resolve() / path.name
        found = _look(target, title)
        _compare(path, found, stamp, overwrite=overwrite)
        if found is not None and not os.access(target, os.W_OK):
            raise StoreError(Problem(title, "it is write-protected", "Save under another name."))
        make_folder(target.parent)
        sweep(target)
        return _replace(path, target, data, stamp, overwrite=overwrite, ready=ready)
    except (OSError, RuntimeError) as error:
        cause = error if isinstance(error, OSError) else OSError(errno.ELOOP, str(error))
        raise StoreError(explain(title, cause)) from error
    except ValueError as error:
        raise _unreadable(title, error) from error


def _look(target: Path, title: str) -> os.stat_result | None:
    try:
        found = target.lstat()
    except FileNotFoundError:
        return None
    check_kind(found, title)
    return found


def _compare(path: Path, found: os.stat_result | None, stamp: Stamp | None, *, overwrite: bool) -> None:
    if overwrite or found is None or Stamp.of(found) == stamp:
        return
    reason = "another program changed it since it was opened" if stamp else "a file of that name is there already"
    raise ChangedOnDisk(Problem(f"{path.name} is not saved", reason, "Overwrite it, or save under another name."))


def put(path: Path, data: bytes, named_after: Path) -> None:
    """Put `data` in place of a file that goes with another, in one step. Raises OSError, StoreError."""
    _replace(path, path, data, None, overwrite=True, named_after=named_after)


def _replace(
    path: Path,
    target: Path,
    data: bytes,
    stamp: Stamp | None,
    *,
    overwrite: bool,
    ready: Callable[[], None] = lambda: None,
    named_after: Path | None = None,
) -> Stamp:
    temporary = target.with_name(f"{_prefix(named_after or target)}{os.getpid()}-{os.urandom(4).hex()}{TEMPORARY}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600)
    try:
        try:
            write_all(descriptor, data)
            found = _look(target, f"{path.name} is not saved")
            if found is not None:
                _keep_owner(descriptor, found)
            os.fsync(descriptor)
            made = Stamp.of(os.fstat(descriptor))
        finally:
            os.close(descriptor)
        ready()
        # Looked at again as late as can be: writing took its time.
        _compare(path, _look(target, f"{path.name} is not saved"), stamp, overwrite=overwrite)
        temporary.replace(target)
    except BaseException:  # an interrupt too must leave no temporary file
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)
    return made


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _keep_owner(descriptor: int, found: os.stat_result) -> None:
    own_like(descriptor, found)
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & 0o777)


def own_like(descriptor: int, found: os.stat_result) -> None:
    """The same owner, where that is allowed: root that edits a user's file leaves it the user's."""
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (found.st_uid, found.st_gid):
        with suppress(OSError):
            os.fchown(descriptor, found.st_uid, found.st_gid)


def sync_folder(folder: Path) -> None:
    """Make the new name outlast a power cut; the file is already in place, so a refusal is no failure to save."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        os.sync()


def _prefix(target: Path) -> str:
    return f".{target.name[:40]}."


def sweep(target: Path, older_s: float = STALE_SECONDS) -> None:
    """Remove what saves of this file left behind that were killed: older than a minute, their process gone."""
    prefix = _prefix(target)
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.name.endswith(TEMPORARY):
                process = entry.name.removeprefix(prefix).partition("-")[0]
                age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                if age >= older_s and process.isdecimal() and not alive(int(process)):
                    Path(entry.path).unlink(missing_ok=True)


def alive(process: int) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def takes(folder: Path, size: int) -> bool:
    """Whether so many bytes can be written there: tried, because a quota shows nowhere else."""
    try:
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            write_all(file.fileno(), bytes(size))
            os.fsync(file.fileno())
    except (OSError, ValueError):
        return False
    return True


def make_folder(folder: Path) -> None:
    """The folder and every one above it that is missing, each mode 0700. Raises OSError."""
    missing: list[Path] = []
    at = folder
    while not at.exists() and at != at.parent:
        missing.append(at)
        at = at.parent
    for each in reversed(missing):
        with suppress(FileExistsError):
            each.mkdir(mode=0o700)
