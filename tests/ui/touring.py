"""A tour through the program that a stranger's world fills: every command, every screen, every dialog."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from tests.ui import hostile
from tests.ui.acts import Start
from tests.ui.inspecting import Seen
from tests.ui.story import NOON, User
from workbench.core.endpoint import Endpoint
from workbench.core.session import Session
from workbench.engine.endpoints import Chosen
from workbench.engine.keys import Key
from workbench.engine.model_list import Listed
from workbench.ui.commands import COMMANDS

LEAVES: Final = frozenset({"quit", "editor", "new", "undo", "redo", *(f"pick-{at}" for at in range(2, 9))})
"""Commands that give the terminal or the session away; and all lanes but one, which are alike."""
OPENING: Final = (
    *("palette", "help", "recall", "open", "theme", "endpoint", "title", "jump", "find", "copy-as", "links", "save-as"),
    *("models", "attach", "lane-name", "add", "edit", "copy", "answer", "tools"),
)
"""Commands that open a dialog, or say something: what a short tour does."""
PATIENCE_S: Final = 0.5
"""Seconds for what a command began; what is not done then waits for a person."""
ROWS: Final = ("system", "model", "variable:letter")
"""Of the parameters: those whose values are text."""
BOARDS: Final = ("compare", "sweep", "batches", "runs", "wire", "diff")


@asynccontextmanager
async def stranger(start: Start, payload: str, size: str = "large") -> AsyncIterator[User]:
    """A program whose session, configuration, files, wires and notes are a stranger's."""
    folder = Path.cwd().parent / "home"
    theme = Path(hostile.__file__).parent.parent.parent / "themes" / "nord.toml"
    hostile.files(folder, payload, theme.read_text())
    config, mistakes = hostile.configuration(payload)
    chosen = Chosen(
        Endpoint(f"{payload} gateway", "https://gateway.example"), Key("sk-test-of-the-stories-0001", payload)
    )
    async with start(size, config=config, notes=(*mistakes, f"{payload} note"), chosen=chosen) as user:
        settle(user, payload)
        yield user


def settle(user: User, payload: str) -> Session:
    """The stranger's session, as it was before whatever was done."""
    chat = user.chat
    user.app.clear_notifications()
    session = hostile.session(payload)
    chat.document.results[:] = hostile.results(payload)
    chat.change(session)
    for run in session.runs:
        chat.wires.keep(run.id, hostile.wire(payload))
    named = f"{payload} listed"[-150:]
    chat.desk.take_list(Listed(({"id": named, "display_name": payload, "lifecycle": payload},), NOON))
    chat.desk.proxy = f"{payload}:8080"
    chat.tell(f"{payload} told", "warning")
    return chat.session


async def does(user: User, command: str, look: Callable[[str], None], where: str) -> None:
    """Do a command on the screen that is up, look at all that shows, and close whatever it opened."""
    front = user.chat.front
    await front.do(command)
    await waits(user)
    user.chat.view.fold(user.chat.view.current)
    await user.pilot.pause()
    look(f"{where} {command}")
    for _ in range(6):
        if user.app.screen is front or user.app.screen is user.chat.front:
            break
        await user.pilot.press("escape")
        await user.pilot.pause()


async def waits(user: User) -> None:
    """What a command began has come as far as it comes without a person."""
    before = user.app.screen
    late = monotonic() + PATIENCE_S
    while monotonic() < late:
        await user.pilot.pause()
        busy = any(not each.is_finished for each in user.app.workers if each.group in {"commands", "files"})
        if user.app.screen is not before or not busy:
            break
    await user.pilot.pause()


async def tour(user: User, payload: str, seen: Seen, *, whole: bool) -> None:
    """From the chat and from each screen over it; the short tour does what opens something."""

    def look(where: str) -> None:
        seen.look(user.app, payload, where)

    look("start")
    settled = user.chat.session
    panel = user.chat.panel
    for row in [each.id for each in panel.rows] if whole else ROWS:
        panel.focus()
        panel.at = row
        await user.pilot.pause()
        await does(user, "enter", look, f"row {row}")
    told = [each.id for each in COMMANDS if each.id not in LEAVES]
    for board in ("chat", *BOARDS):
        for command in told if whole else OPENING if board == "chat" else ():
            await goes(user, board)
            await does(user, command, look, board)
            if user.chat.session is not settled:
                settled = settle(user, payload)
        await goes(user, board)
        look(board)


async def goes(user: User, board: str) -> None:
    """To that screen, from wherever one is."""
    for _ in range(8):
        if user.app.screen is user.chat:
            break
        await user.pilot.press("escape")
        await user.pilot.pause()
    if user.chat.comparing:
        await user.chat.do("chat")
    user.chat.view.focus()
    await user.pilot.pause()
    if board == "diff":
        await user.chat.do("runs")
        await waits(user)
        for command in ("last", "fold", "first", "fold"):
            await user.chat.front.do(command)
        await user.pilot.pause()
    if board != "chat":
        await user.chat.front.do(board)
        await waits(user)
