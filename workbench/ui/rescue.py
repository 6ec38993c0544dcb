"""What is kept when the program ends and nobody can be asked: what came, what was typed, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.state import State
from workbench.ui.chat.screen import Chat

if TYPE_CHECKING:
    from workbench.ui.app import Workbench
    from workbench.ui.chat.document import Document
    from workbench.ui.desk import Desk


def gather(app: Workbench) -> None:
    """Have the sessions hold what their runs brought so far, as cancelled, and what stands in the editor.

    For an end that is near, while the screen is still there; the program can't go on streaming after it.
    """
    from workbench.ui.chat import streaming

    for screen in app.screen_stack:
        if isinstance(screen, Chat) and screen.is_attached:
            for live in screen.lives:
                live.run.end(State.CANCELLED)
                streaming.fold(screen, live)
            screen.document.record(screen.document.drafted(screen.unsent))


def keep(app: Workbench) -> tuple[str, ...]:
    """Have the disk hold what it doesn't yet, and say where, a sentence for each session; a second time, nothing.

    A quit leaves nothing here: what it leaves behind was saved, or given up.
    """
    documents, app.documents = app.documents, []
    return tuple(line for each in documents if (line := _kept(app.desk, each)))


def _kept(desk: Desk, document: Document) -> str:
    """Save where it belongs, else elsewhere; the sentence says what became of it, empty for nothing to keep."""
    from workbench.engine import store
    from workbench.ui.chat.filing import first_path

    session = document.session
    if not document.unsaved(session.prompt) or not (session.messages or session.prompt or document.saved):
        return ""
    folder = desk.places.sessions
    trouble = "The session was not kept: no folder can be written."
    try:
        home = document.path or first_path(desk, session)
        if not document.read_only:
            store.save(home, session, stamp=document.stamp)
            return f"The session was kept in {home}"
    except store.StoreError as error:
        home, trouble = folder / "session.toml", str(error.problem)
    try:
        other = store.elsewhere(home, (folder,))
        if other is not None:
            store.save(other, session)
            return f"The session was kept in {other}"
    except store.StoreError as error:
        trouble = str(error.problem)
    return trouble
