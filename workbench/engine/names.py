"""Names for files that are safe on every system and never lead out of their folder."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Final

from workbench.core.digest import sha256
from workbench.core.errors import Problem
from workbench.engine.files import StoreError

SUFFIX: Final = ".toml"
RESULTS: Final = ".runs.jsonl"
"""Of the file beside a session that holds what its sweeps gave."""
JOURNAL: Final = ".journal"
MOST_BYTES: Final = 255
"""Of a file's name."""
LONGEST: Final = 50
"""Characters: at four bytes each the name still fits 255 bytes with what its companions add to it."""
DEVICES: Final = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        "conin",
        "conout",
        "clock",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789"),
    )
)
"""What Windows takes for a device, whatever the suffix."""


def slug(title: str) -> str:
    """A title as a file's name without suffix: letters, digits, dashes, underscores; `session` where none is left."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", plain))
    name = words[:LONGEST].strip("-_") or "session"
    return f"{name}-session" if name in DEVICES else name


def free(folder: Path, name: str) -> Path:
    """`name.toml` in the folder, or `name-2.toml` … when that is taken. Raises StoreError when it leads outside."""
    path = inside(folder, f"{name}{SUFFIX}")
    number = 2
    while _taken(path):
        path = inside(folder, f"{name}-{number}{SUFFIX}")
        number += 1
    return path


def untitled(folder: Path, today: date) -> Path:
    """The first free `untitled-YYYY-MM-DD-N.toml` of the day."""
    number = 1
    while _taken(path := folder / f"untitled-{today.isoformat()}-{number}{SUFFIX}"):
        number += 1
    return path


def inside(folder: Path, name: str) -> Path:
    """The path of a name in the folder, links followed. Raises StoreError when it leads out of it."""
    try:
        target = (folder / name).resolve()
        within = target.parent == folder.resolve() and "\0" not in name
    except (OSError, RuntimeError, ValueError):
        within = False
    if not within:
        raise StoreError(Problem(f"{name!r:.80} can't be a name here", "it leads out of the folder", "Choose another."))
    return folder / name


def beside(path: Path, suffix: str) -> Path:
    """The hidden file that goes with a session's, of a symbolic link beside its target. Raises StoreError."""
    try:
        target = path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreError(
            Problem(f"{path.name!r:.80} can't be used", str(error)[:80], "Name the file itself.")
        ) from error
    return target.with_name(fitting(f".{target.name}", suffix))


def fitting(name: str, suffix: str) -> str:
    """The name with the suffix behind it; one that is too long for a folder is cut, and told apart by a hash."""
    if len(os.fsencode(f"{name}{suffix}")) <= MOST_BYTES:
        return f"{name}{suffix}"
    digest = sha256(os.fsencode(name)).hexdigest()[:16]
    return f"{name[:40]}-{digest}{suffix}"


def _taken(path: Path) -> bool:
    """Whether something stands there, or beside it of a session that did: it must not join another's."""
    near = (path, path.with_name(f"{path.stem}{RESULTS}"), path.with_name(fitting(f".{path.name}", JOURNAL)))
    return any(each.is_symlink() or each.exists() for each in near)
