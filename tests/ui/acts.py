"""What several stories do: reach a real endpoint, hold a wait, answer a dialog."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest
from textual.screen import Screen
from textual.widgets import Static

from tests.engine.fault_server import CHUNKED, ENDED, EVENTS, WORDS, Talk
from tests.ui.story import NOON, User
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.core.params import Params
from workbench.engine import files
from workbench.engine.endpoints import Chosen
from workbench.engine.keys import Key
from workbench.simulator import Simulator
from workbench.ui.chat.keeping import BEAT_S
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm
from workbench.ui.screens.write import Write

Start: TypeAlias = Callable[..., AbstractAsyncContextManager[User]]
Dialog = TypeVar("Dialog", bound=Screen[Any])


class Gate:
    """In place of sleep: everyone waits until it is opened; remembers for how long each wanted to."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.opened = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.opened.wait()


class Held:
    """A server's answer that stops after some words until it may go on."""

    def __init__(self, words: int = 6) -> None:
        self.words = words
        self.go_on = asyncio.Event()

    async def __call__(self, talk: Talk) -> None:
        begun = len(EVENTS) - len(WORDS) - 3 + self.words
        await talk.send(CHUNKED)
        await talk.chunks(*EVENTS[:begun])
        await self.go_on.wait()
        await talk.chunks(*EVENTS[begun:])
        await talk.send(ENDED)


def reaching(base_url: str, key: str = "sk-test-of-the-stories-0001", name: str = "mine") -> Chosen:
    """An endpoint like those of a configuration: not marked as simulated, whoever answers there."""
    return Chosen(Endpoint(name, base_url), Key(key, "the test"))


def simulator() -> Simulator:
    """A server of its own, as quick as it can be, whose clock stands still."""

    async def at_once(seconds: float) -> None:
        del seconds

    return Simulator(speed=0.0, clock=lambda: 0.0, now=lambda: NOON, sleep=at_once)


async def opened(user: User, dialog: type[Dialog]) -> Dialog:
    """The dialog, once it is up and laid out."""
    await user.until(
        lambda: isinstance(user.app.screen, dialog) and any(each.size for each in user.app.screen.children)
    )
    await user.pilot.pause()
    screen = user.app.screen
    assert isinstance(screen, dialog)
    return screen


async def asks(user: User, *texts: str) -> None:
    """A question is up, and each text stands in it, however its lines are wrapped."""
    dialog = await opened(user, Confirm)
    said = f"{dialog.heading.title}\n{dialog.query_one('.words Static', Static).content}"
    for text in texts:
        assert text in said, f"{text!r} is not in:\n{said}"


async def closed(user: User) -> None:
    """No dialog lies over the Chat screen any more, and what it was for is done."""
    await user.until(lambda: user.app.screen is user.chat)
    await user.until(lambda: not _busy(user))
    await user.pilot.pause()


def asked(user: User) -> list[str]:
    """What the person said in the conversation that shows, in order."""
    session = user.chat.session
    return [message.text for message in session.path(user.chat.lane.tip) if message.role == "user"]


def notes(user: User) -> str:
    """The sentences in the corner, whole."""
    return "\n".join(note.message for note in user.app._notifications)


def hushed(user: User, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences that would stand in the corner from now on: to draw many takes longer than what is told."""
    told: list[str] = []
    monkeypatch.setattr(user.app, "notify", lambda text, **_: told.append(text))
    return told


async def tries(user: User, command: str) -> None:
    """Do a command on the screen that is up, and close whatever dialog it opens."""
    await user.chat.front.do(command)
    await user.pilot.pause()  # a pane may ask its screen to go on
    await user.until(lambda: user.app.screen is not user.chat.front or not _busy(user))
    await user.until(lambda: getattr(user.chat.front, "up", True))
    for _ in range(6):
        if user.app.screen is user.chat.front:
            break
        await user.pilot.press("escape")
        await user.pilot.pause()
    assert user.app.screen is user.chat.front, command
    if user.chat.lives:
        await user.settles()


def _busy(user: User) -> bool:
    return any(not each.is_finished for each in user.app.workers if each.group in {"commands", "default"})


async def streams(user: User) -> None:
    """The answer has begun, and what came is drawn."""
    await user.until(lambda: any(live.run.text for live in user.chat.lives))
    user.draws()
    await user.pilot.pause()


PRESETS = Config(
    defaults=Params(model="claude-sonnet-4-6", max_tokens=1024),
    presets={"strict": Params(temperature=0.0), "warm": Params(temperature=1.0, top_k=40)},
)


def on(user: User, row: str) -> None:
    """Stand on a row of the panel."""
    user.chat.panel.focus()
    user.chat.panel.at = row


def params(user: User) -> Params:
    return user.chat.session.params_of(user.chat.lane)


async def types_into(user: User, row: str, text: str) -> None:
    """Open a row's line or editor, and accept this text."""
    on(user, row)
    await user.does("enter")
    await user.until(lambda: isinstance(user.app.screen, Ask | Write))
    await user.pilot.pause()
    screen = user.app.screen
    if isinstance(screen, Ask):
        screen.field.value = text
    else:
        assert isinstance(screen, Write)
        screen.editor.text = text
    await user.pilot.pause()
    await user.presses("ctrl+j")


async def saves(user: User) -> Path:
    await user.does("save")
    await user.until(lambda: user.chat.document.saved is not None and "Saved as" in notes(user))
    assert user.chat.document.path is not None
    return user.chat.document.path


def full_disk(monkeypatch: pytest.MonkeyPatch, but: Path | None = None) -> None:
    """No file takes a byte any more, but for those in a folder."""
    write_all = files.write_all

    def refuse(descriptor: int, data: bytes) -> None:
        if but is None or but not in Path(f"/proc/self/fd/{descriptor}").readlink().parents:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_all(descriptor, data)

    monkeypatch.setattr(files, "write_all", refuse)


async def beats(user: User, seconds: float = 1.0) -> None:
    """So long the program looks after what is on the disk, and is done with it."""
    keeping = user.chat.keeping
    for _ in range(round(seconds / BEAT_S) + 1):
        user.time += BEAT_S
        keeping.beat(user.time)
        if workers := [each for each in user.app.workers if each.group == "keeping"]:
            await user.app.workers.wait_for_complete(workers)
    await user.pilot.pause()
