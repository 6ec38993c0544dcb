"""A note about a mistake of the program itself: where it happened and in what surroundings, but nothing that was typed.

Values of variables are left out, and so are the lines of the code and most messages: any of them may hold a key or a
text.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Final

from textual.worker import WorkerFailed

import workbench
from workbench.core.masking import masked
from workbench.core.safe import display
from workbench.engine import files

if TYPE_CHECKING:
    from workbench.ui.app import Workbench

KEPT: Final = 20
"""Notes; older ones are removed."""
FRAMES: Final = 30
"""Of each end of a very deep stack."""
CAUSES: Final = 8
"""Of a chain of errors."""
LONGEST: Final = 300
PLAIN: Final = frozenset(
    {
        *("AssertionError", "AttributeError", "ImportError", "IndexError", "ModuleNotFoundError", "NameError"),
        *("RecursionError", "TypeError", "UnboundLocalError", "ZeroDivisionError", "NoMatches", "MissingStyle"),
    }
)
"""Errors whose message Python or Textual makes of names in the code."""
VARIABLES: Final = ("TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL")


def write(folder: Path, text: str, now: datetime) -> Path:
    """Keep a note, readable to its user alone, among the newest. Raises StoreError."""
    stem = f"crash-{now:%Y-%m-%dT%H-%M-%S}"
    path = folder / f"{stem}.txt"
    number = 2
    while path.exists() and number < 100:
        path = folder / f"{stem}-{number}.txt"
        number += 1
    files.write(path, text.encode("utf-8", "replace"), follow=False)
    for old in sorted(folder.glob("crash-*.txt"), key=_age)[:-KEPT]:
        with suppress(OSError):
            old.unlink()
    return path


def _age(path: Path) -> tuple[int, str]:
    with suppress(OSError):
        return path.lstat().st_mtime_ns, path.name
    return 0, path.name


def note(error: BaseException, surroundings: Iterable[str], secrets: Iterable[str]) -> str:
    """The text of the note."""
    lines = [f"Workbench {workbench.__version__} ended because of a mistake in itself.", "", *surroundings, ""]
    for each in chain(error):
        lines += [*_frames(each), _named(each), ""]
    return masked(display("\n".join(lines)), secrets)


def place(error: BaseException) -> str:
    """The error in a few words: its kind, and where it came up."""
    *_, last = [*chain(error)][:1]
    frames = [*walk_tb(last.__traceback__)]
    if not frames:
        return type(last).__name__
    ours = [each for each in frames if _shortened(each[0].f_code.co_filename).startswith("workbench/")]
    frame, line = (ours or frames)[-1]
    return f"{type(last).__name__} in {_shortened(frame.f_code.co_filename)}, line {line}"


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error that a person looks for first: what a worker failed with; then what led to it."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting and len(found) < CAUSES:
        first = waiting.pop(0)
        each = first.error if isinstance(first, WorkerFailed) else first
        if any(each is other for other in found):
            continue
        found.append(each)
        waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        before = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        waiting += [before] if before is not None else []
    yield from found


def surroundings(app: Workbench) -> Iterator[str]:
    """What ran where; each line by itself, because what went wrong may be among it."""
    yield f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    for name in ("textual", "httpx"):
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"
    with suppress(Exception):
        yield f"terminal {app.size.width}×{app.size.height}, {app.console.color_system} colours"
    for name in VARIABLES:
        if name in os.environ:
            yield f"{name}={os.environ[name][:80]}"
    with suppress(Exception):
        yield f"screens: {', '.join(type(screen).__name__ for screen in app.screen_stack)}"
    with suppress(Exception):
        yield f"workers: {', '.join(sorted(worker.group for worker in app.workers)) or 'none'}"


def _frames(error: BaseException) -> Iterator[str]:
    frames = [*walk_tb(error.__traceback__)]
    for at, (frame, line) in enumerate(frames):
        if len(frames) > 2 * FRAMES and FRAMES <= at < len(frames) - FRAMES:
            if at == FRAMES:
                yield f"  … {len(frames) - 2 * FRAMES} more"
            continue
        yield f"  {_shortened(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}"


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, OSError):
        return f"{name}: {os.strerror(error.errno)}" if error.errno else name
    if kind.__name__ not in PLAIN:
        return f"{name} (its message is left out: it may quote a text)"
    return f"{name}: {str(error)[:LONGEST]}"


def _shortened(filename: str) -> str:
    """Within the program or a library, without the folders of this machine."""
    for folder in sorted(sys.path, key=len, reverse=True):
        if folder and filename.startswith(f"{folder.rstrip('/')}/"):
            return filename[len(folder.rstrip("/")) + 1 :]
    home = Path(workbench.__file__).parent.parent
    return filename.removeprefix(f"{home}/") if filename.startswith(f"{home}/") else Path(filename).name
