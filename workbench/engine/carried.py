"""Text files that a session's canned results name from its folder on, taken along where it is saved in another."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.core.session import Session
from workbench.engine import attachments, canned_results, files
from workbench.engine.canned_results import ResultFileError


@dataclass(frozen=True, slots=True)
class Left:
    """What a session in another folder doesn't find there."""

    names: tuple[str, ...] = ()
    """Files that can be copied, as the session names them."""
    mistakes: tuple[str, ...] = ()
    """A sentence for each that a copy doesn't bring back."""


def left(session: Session, before: Path, after: Path) -> Left:
    """Files that its canned results found in the folder `before`, and don't find in `after` as they were."""
    found: list[str] = []
    mistakes: list[str] = []
    for name in dict.fromkeys(row.file for row in session.tool_results if row.file):
        try:
            text = canned_results.read(before, name)
        except ResultFileError:
            continue  # nothing is lost by the move
        try:
            if canned_results.read(after, name) != text:
                mistakes.append(f"{name} is another file there")
        except ResultFileError as error:
            place = after / name
            if os.path.lexists(place) or not attachments.vouches(after, os.path.realpath(place)):
                mistakes.append(str(error))
            else:
                found.append(name)
    return Left(tuple(found), tuple(mistakes))


def copy(names: Iterable[str], before: Path, after: Path) -> tuple[str, ...]:
    """Copy them; a sentence for each that can't be. Nothing that stands there is overwritten."""
    mistakes: list[str] = []
    for name in names:
        try:
            files.write(after / name, canned_results.read(before, name).encode(), follow=False)
        except (ResultFileError, files.StoreError) as error:
            mistakes.append(str(error))
    return tuple(mistakes)
