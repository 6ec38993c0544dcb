"""The program with a mistake in it, for tests on a real terminal: `broken.py KIND [FILE]`; SIGUSR1 lets it happen.

Each mistake has a key and a prompt among its values and in its message, which nobody may see.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from workbench.__main__ import main
from workbench.ui import ending
from workbench.ui.app import Workbench
from workbench.ui.chat.screen import Chat

KEY: Final = "-".join(("sk", "canary", "9876543210"))
SECONDS: Final = 30
"""For which something blocks; nobody may wait so long."""


def boom() -> None:
    """A bug."""
    headers = {"x-api-key": KEY}
    raise ValueError(f"{headers} {KEY}")


async def boom_later() -> None:
    boom()


class Boom(Message):
    """Whoever gets it fails."""


class Uncomposed(Screen[None]):
    def compose(self) -> ComposeResult:
        boom()
        yield Static()


class Undrawn(Static):
    def render(self) -> str:
        boom()
        return ""


def block() -> None:
    """A thread that blocks, and one that fails."""
    threading.Thread(target=boom).start()
    threading.Event().wait(SECONDS)


def hang() -> None:
    """The screen answers nothing any more."""
    while True:
        pass


def leave() -> None:
    raise SystemExit(7)


KINDS: Final[dict[str, Callable[[Workbench], object]]] = {
    "handler": lambda app: app.screen.post_message(Boom()),
    "app's handler": lambda app: app.post_message(Boom()),
    "worker": lambda app: app.run_worker(boom_later()),
    "thread": lambda app: app.run_worker(boom, thread=True),
    "timer": lambda app: app.screen.set_timer(0.01, boom),
    "callback": lambda app: app.screen.call_after_refresh(boom),
    "compose": lambda app: app.push_screen(Uncomposed()),
    "render": lambda app: app.screen.mount(Undrawn()),
    "loop": lambda _: boom(),
    "exit": lambda _: leave(),
    "blocked": lambda app: app.run_worker(block, thread=True),
    "stuck": lambda _: hang(),
}
AT_START: Final = ("start", "end")


def armed(app: Workbench) -> int:
    """Run it with the mistake in it."""
    kind = sys.argv[1]

    def strike(*_: object) -> None:
        assert app._loop is not None
        app._loop.call_soon_threadsafe(happen, app, kind)

    if kind not in AT_START:
        signal.signal(signal.SIGUSR1, strike)
    return run(app)


def happen(app: Workbench, kind: str) -> None:
    with app._context():
        KINDS[kind](app)


def fail(*_: object) -> None:
    boom()


run = ending.run
if __name__ == "__main__":
    ending.run = armed
    for each in (Screen, Workbench):
        setattr(each, "on_boom", fail)  # noqa: B010 - a handler like any other
    if sys.argv[1] == "start":
        Chat.compose = fail  # type: ignore[assignment,method-assign]
    if sys.argv[1] == "end":
        Workbench.on_unmount = fail  # type: ignore[assignment,method-assign]
    sys.exit(main(sys.argv[2:]))
