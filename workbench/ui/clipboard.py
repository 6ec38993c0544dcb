"""Copying, in the first way that works; the sentence that comes back claims no more than is known."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from textual.app import App

from workbench.core.safe import encodable
from workbench.engine import files
from workbench.ui import clipboard_tool

LIMIT: Final = 2.0
"""Seconds that a clipboard tool has."""
FILE: Final = "clipboard.txt"
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def inert(text: str) -> tuple[str, int]:
    """The text without control characters other than newline and tab, and how many were left out."""
    return _CONTROL.subn("", text)


async def copy(app: App[object], text: str, *, fallback: Path, exact: bool = False) -> str:
    """Copy the text; returns a sentence that says which way it went.

    Control characters other than newline and tab are left out, because a paste into a shell would obey them:
    `exact` keeps them. Where nothing else can be done, the text goes to a file in the folder `fallback`.
    """
    text = encodable(text)
    plain, dropped = (text, 0) if exact else inert(text)
    app._clipboard = plain  # what a paste inside the program takes; the public way would write to the terminal too
    said = await _send(app, plain, fallback)
    if not dropped:
        return said
    return f"{said} {dropped} control character{'s were' if dropped > 1 else ' was'} left out."


async def _send(app: App[object], text: str, fallback: Path) -> str:
    data = text.encode()
    # -P: a pyperclip.py in the current folder is nobody's clipboard.
    if sys.executable and await _taken(data, sys.executable, "-P", "-m", clipboard_tool.__name__):
        return "Copied to the clipboard."
    if os.environ.get("TMUX") and await _taken(data, "tmux", "load-buffer", "-w", "-"):
        return "Copied to tmux's buffer, and by tmux to the terminal's clipboard where that is allowed."
    if app._driver is not None and not app.is_headless:
        App.copy_to_clipboard(app, text)  # past the app's own, which leaves out what an exact copy has
        return "Sent to the terminal (OSC 52); not every terminal takes it."
    return await asyncio.to_thread(_write, fallback / FILE, data)


async def _taken(data: bytes, *command: str) -> bool:
    """Whether the command read the data and ended well within the limit.

    Its output goes nowhere: it would be written across the screen. It is alone in its process group, so that what it
    started ends with it when it is too slow; a tool that goes on in the background to serve the clipboard does so.
    """
    nowhere = subprocess.DEVNULL
    try:
        tool = await asyncio.create_subprocess_exec(
            *command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(LIMIT):
            await tool.communicate(data)
    except TimeoutError:
        return False
    finally:
        if tool.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(tool.pid, signal.SIGKILL)
            await tool.wait()
    return tool.returncode == 0


def _write(path: Path, data: bytes) -> str:
    try:
        with suppress(FileNotFoundError):
            path.unlink()  # an old one may be readable to others, or lead elsewhere
        files.write(path, data, follow=False)
    except (OSError, files.StoreError) as error:
        return f"Not copied: no clipboard was found, and {path} can't be written ({error})."
    return f"No clipboard was found: the text is in {path}."
