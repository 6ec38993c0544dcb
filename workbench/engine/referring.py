"""Where the paths of a session's attachments begin: at the folder of its file."""

from __future__ import annotations

from pathlib import Path

from workbench.core import references
from workbench.core.session import Session


def absolute(session: Session, path: Path) -> Session:
    """The session out of that file, with whole paths, so that it can be saved elsewhere."""
    return references.absolute(session, str(folder_of(path)), str(Path.home()))


def folder_of(path: Path) -> Path:
    """The folder of the file itself, where links led to it; of one that can't be, the folder it is named in."""
    try:
        return path.resolve().parent
    except (OSError, RuntimeError, ValueError):
        return path.parent
