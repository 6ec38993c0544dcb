"""The file that remembers which sessions have a copy elsewhere: read as far as it is sound, written whole."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from workbench.engine import files

LARGEST: Final = 1024 * 1024
MOST: Final = 200
"""Copies that are remembered, the newest."""
OTHERS_WRITE: Final = 0o022


class Row(NamedTuple):
    """One copy."""

    of: str
    """The session's own file, a full path."""
    copy: str


def read(place: Path) -> list[Row]:
    """The rows that are whole, out of a file that nobody else can have written."""
    try:
        found = place.lstat()
        own = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        if not (stat.S_ISREG(found.st_mode) and own and not found.st_mode & OTHERS_WRITE):
            return []
        tables = json.loads(files.read(place, LARGEST)[0])
    except (OSError, files.StoreError, ValueError, RecursionError):
        return []
    rows = tables.get("copies") if isinstance(tables, dict) else None
    return [*_rows(row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))]


def _rows(tables: Iterator[Mapping[str, object]]) -> Iterator[Row]:
    for table in tables:
        of, copy = table.get("of"), table.get("copy")
        if isinstance(of, str) and isinstance(copy, str) and "\0" not in of + copy:
            yield Row(of, copy)


def write(place: Path, rows: Sequence[Row]) -> None:
    """In place of what stands there. Raises StoreError."""
    text = json.dumps({"copies": [row._asdict() for row in rows[-MOST:]]}, indent=1)
    files.write(place, f"{text}\n".encode(), overwrite=True, follow=False)
