"""What stories of saving look at: the file of a session, its journal, and what a kill would leave of both."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.ui.story import User
from workbench.core.session import Session
from workbench.engine import names
from workbench.engine.open_session import OpenSession


def journal(path: Path) -> Path:
    return names.beside(path, names.JOURNAL)


def file_of(user: User) -> Path:
    path = user.chat.document.path
    assert path is not None
    return path


def after_a_kill(path: Path, folder: Path) -> Session:
    """What a program finds that opens the session when this one was killed now."""
    folder.mkdir()
    for each in (path, journal(path)):
        if each.exists():
            shutil.copy(each, folder / each.name)
    opened = OpenSession.open(folder / path.name)
    assert opened.held is not None
    opened.held.close()
    return opened.session
