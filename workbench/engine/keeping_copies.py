"""A damaged file is kept as it was found, beside what took its place."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.engine import files, names
from workbench.engine.files import StoreError

DAMAGED: Final = ".damaged"


def keep(path: Path) -> Path | None:
    """A copy as `NAME.damaged`, or `NAME.damaged-2` …; one that says the same serves. Raises StoreError."""
    target = path.resolve()
    try:
        data, _ = files.read(target)
    except files.MissingFile:
        return None
    name = target.name.removeprefix(".") if target.name.endswith(names.JOURNAL) else target.name
    number = 1
    while True:
        place = target.with_name(names.fitting(name, DAMAGED if number == 1 else f"{DAMAGED}-{number}"))
        if not (place.is_symlink() or place.exists()):
            break
        with suppress(StoreError):
            if files.read(place)[0] == data:
                return place
        number += 1
    with suppress(OSError):
        os.link(target, place, follow_symlinks=False)
        return place
    files.write(place, data)
    return place
