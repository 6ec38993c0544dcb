"""A copy of the program and its tests, in which something can be taken out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from tests.faults.protection import Protection

FOLDERS: Final = ("workbench", "tests", "themes", "screenshots")
TICKS: Final = count(1)


def copied(source: Path, target: Path) -> Path:
    """What the tests need of a checkout, in a new folder."""
    target.mkdir(parents=True)
    for folder in FOLDERS:
        shutil.copytree(
            source / folder, target / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "*.new.svg")
        )
    for each in source.iterdir():
        if each.is_file():
            shutil.copy2(each, target)
    return target


def without(text: str, protection: Protection) -> str:
    """The text with the protection taken out. Raises ValueError unless it is there exactly once."""
    if (times := text.count(protection.code)) != 1:
        first = protection.code.strip().partition("\n")[0]
        raise ValueError(f"workbench/{protection.file} has {first!r} {times} times, not once")
    return text.replace(protection.code, protection.without)


@contextmanager
def taken_out(tree: Path, protection: Protection) -> Iterator[None]:
    """The tree without a protection for a while. Raises ValueError, OSError."""
    path = tree / "workbench" / protection.file
    before = path.read_text("utf-8")
    _write(path, without(before, protection))
    try:
        yield
    finally:
        _write(path, before)


def _write(path: Path, text: str) -> None:
    """A time of its own for each version, because compiled code is taken for current by time and size."""
    path.write_text(text, "utf-8")
    at = path.stat().st_mtime + 2 * next(TICKS)
    os.utime(path, (at, at))
