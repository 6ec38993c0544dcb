"""A folder's files as a list to choose from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.core import media, references

if TYPE_CHECKING:
    from workbench.ui.screens.choose import Item

MOST: Final = 5_000
"""Names of a folder that are listed."""
KNOWN: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WebP", ".pdf": "PDF"}


def of(folder: Path, typed: str = "") -> tuple[list[Item], str]:
    """Folders and files by name, hidden ones last, and the way up; and why not all of them.

    `typed` is how the folder was called, up to its slash, where it isn't the one that is shown.
    """
    from workbench.ui.screens.choose import Item

    found: list[tuple[bool, bool, str, Item]] = []
    trouble = ""
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST:
                    trouble = f"only {MOST} names are listed: type the path"
                    break
                hidden, deeper = entry.name.startswith("."), entry.is_dir()
                found.append((hidden, not deeper, entry.name.lower(), _item(entry, typed, deeper=deeper)))
    except (OSError, ValueError) as error:
        trouble = (getattr(error, "strerror", None) or str(error)).lower()
    up = Item(f"{typed}..", "..", trouble or "the folder above")
    return [*(item for *_, item in sorted(found, key=lambda each: each[:3])), up], trouble


def _item(entry: os.DirEntry[str], typed: str, *, deeper: bool) -> Item:
    from workbench.ui.screens.choose import Item

    # a file that is called like a file's id is still that file
    named = f"{typed}{entry.name}" if typed else references.from_folder(f"/{entry.name}", "/")
    if deeper:
        return Item(named, f"{entry.name}/", "folder")
    try:
        about = entry.stat()
    except OSError as error:
        return Item(named, entry.name, disabled=(error.strerror or str(error)).lower())
    if not entry.is_file():
        return Item(named, entry.name, disabled="no ordinary file")
    form = KNOWN.get(os.path.splitext(entry.name)[1].lower(), "")  # noqa: PTH122  # names, thousands of them
    return Item(named, entry.name, form, media.in_bytes(about.st_size))
