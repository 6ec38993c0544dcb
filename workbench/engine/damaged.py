"""A damaged file is kept as it was found, beside what takes its place."""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.engine import files, names
from workbench.engine.files import StoreError

SUFFIX: Final = ".damaged"


def keep(path: Path) -> Path | None:
    """A copy as `NAME.damaged`, or `NAME.damaged-2` …; one that says the same serves. Raises StoreError.

    It is a second name for the same file where that can be: on a full disk too.
    """
    target = path.resolve()
    try:
        place = _place(target)
        if not place.exists():
            _copy(target, place)
            files.sync_folder(place.parent)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(files.explain(f"{path.name} is damaged, and can't be kept", error)) from error
    return place


def _place(target: Path) -> Path:
    """The first free name, or that of the same content."""
    hidden = target.name.endswith(names.JOURNAL)
    name = target.name.removeprefix(".") if hidden else target.name
    number = 1
    while True:
        place = target.with_name(names.fitting(name, SUFFIX if number == 1 else f"{SUFFIX}-{number}"))
        if not place.is_symlink() and (not place.exists() or _same(place, target)):
            return place
        number += 1


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and filecmp.cmp(one, other, shallow=False)


def _copy(target: Path, place: Path) -> None:
    with suppress(OSError):
        os.link(target, place, follow_symlinks=False)
        return
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as copy, target.open("rb") as source:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        with suppress(OSError):
            place.unlink()
        raise
