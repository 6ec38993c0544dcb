"""Programs that stand in for the machine's own, and an app whose driver tells what it was given."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from tests.ui.resting import LOOK_S


class Tools:
    """A folder that is all of PATH."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        folder.mkdir()
        monkeypatch.setenv("PATH", str(folder))

    def add(self, name: str, script: str) -> Path:
        """A shell script under that name; `$HERE` in it is the folder."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\nHERE={self.folder}\nPATH=/usr/bin:/bin\n{script}\n")
        path.chmod(0o700)
        return path

    def kept(self, name: str) -> bytes | None:
        """What a script left in the folder."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else None


class Terminal(HeadlessDriver):
    """Keeps what is written; can be lent to another program."""

    lendable = True
    written: list[str]
    lent: list[str]

    @property
    def is_headless(self) -> bool:
        return False

    @property
    def can_suspend(self) -> bool:
        return self.lendable

    def write(self, data: str) -> None:
        self.written.append(data)

    def suspend_application_mode(self) -> None:
        self.lent.append("lent")

    def resume_application_mode(self) -> None:
        self.lent.append("back")


def with_terminal(app: App[object]) -> Terminal:
    """Give the app, running or not, a terminal to write to."""
    terminal = Terminal(app)
    terminal.written, terminal.lent = [], []
    app._driver = terminal
    return terminal


def runs(process: int) -> bool:
    """Whether a process lives (a zombie doesn't)."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def reaped() -> bool:
    """Whether the loop was told the end of every process that it started."""
    return not any("waitpid" in thread.name for thread in threading.enumerate())


async def until(condition: Callable[[], object]) -> None:
    """Let the loop turn until another process has done its part; it gets the core that a quicker look would take."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - nothing here could set an event
            await asyncio.sleep(LOOK_S)
