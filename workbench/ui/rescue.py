"""What is kept when the program ends and nobody can be asked: what came, what was typed, and where it is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbench.core.state import State
from workbench.ui.chat import on_disk
from workbench.ui.chat.filing import first_path
from workbench.ui.chat.screen import Chat

if TYPE_CHECKING:
    from workbench.ui.app import Workbench


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
    """Have the disk hold every session, and say where, a sentence for each; a second time, nothing.

    A quit leaves nothing to keep here: what it leaves behind was saved, or given up.
    """
    documents, app.documents = app.documents, []
    place = partial(first_path, app.desk)
    kept = (str(on_disk.leave(each, each.session, place, app.desk)) for each in documents)
    farewell, app.farewell = app.farewell, []
    return (*farewell, *(line for line in kept if line))
