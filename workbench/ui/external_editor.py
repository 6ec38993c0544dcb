"""A text in the user's own editor, while what streams goes on."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import tempfile
import threading
from asyncio.subprocess import Process
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import App, SuspendNotSupported

from workbench.core.safe import encodable
from workbench.engine import files
from workbench.ui import pasting

if TYPE_CHECKING:
    from workbench.ui.ending import Ending

FALLBACKS: Final = ("editor", "nano", "vim", "vi")
UNCHANGED: Final = "the text is unchanged"


class EditorFailed(Exception):  # noqa: N818 - named for what happened
    """The text could not be edited; the message is a sentence for the user."""


async def edit(
    app: App[object], text: str, *, suffix: str = ".md", environ: Mapping[str, str] = os.environ
) -> str | None:
    """The text as the editor of $VISUAL or $EDITOR left it, to the byte; None where it was left as it was.

    A newline at the very end that the text didn't have is the editor's, and dropped. Raises EditorFailed.
    """
    command = find(environ)
    # A folder of its own: what editors put beside the file (backups, swap files) goes with it.
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as folder:
        before = encodable(text).encode()
        path = _file(Path(folder), before, suffix)
        try:
            await _run(app, (*command, str(path)))
        except asyncio.CancelledError:
            _keep(app, path, before)
            raise
        return _result(path, text, before, command[0])


def _keep(app: App[object], path: Path, before: bytes) -> None:
    """The program ends while the editor is open: what was saved there outlives the folder, and is named at the end."""
    with suppress(OSError):
        after = path.read_bytes()
        if after != before:
            descriptor, name = tempfile.mkstemp(suffix=path.suffix, prefix="workbench-")
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor is no path
                file.write(after)
            ending: Ending | None = getattr(app, "ending", None)
            if ending is not None:
                ending.lines.append(f"What was saved in the editor is in {name}")


def _file(folder: Path, data: bytes, suffix: str) -> Path:
    try:
        descriptor, name = tempfile.mkstemp(suffix=suffix, prefix="text-", dir=folder)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor is no path
            file.write(data)
    except OSError as error:
        raise EditorFailed(f"The text can't be handed to the editor: {files.explain('', error).detail}.") from error
    return Path(name)


def find(environ: Mapping[str, str]) -> list[str]:
    """The editor's command line. Raises EditorFailed where there is none."""
    for variable in ("VISUAL", "EDITOR"):
        given = environ.get(variable, "").strip()
        if not given:
            continue
        try:
            return shlex.split(given)
        except ValueError as error:
            raise EditorFailed(f"${variable} can't be read: {str(error).lower()} in {given}") from error
    for name in FALLBACKS:
        if shutil.which(name, path=environ.get("PATH")):
            return [name]
    raise EditorFailed("No editor was found: set EDITOR to the command that starts yours.")


async def _run(app: App[object], command: Sequence[str]) -> None:
    """Start the editor on the terminal and wait for its end. Raises EditorFailed."""
    failure: BaseException | None = None
    status = 0
    try:
        # Without the batch, a repaint fills the suspended driver's queue, and nothing goes on.
        with app.batch_update(), app.suspend(), _interrupts_ignored():
            try:
                status = await _ended(command)
            except BaseException as error:  # `suspend` gives the terminal back only when left calmly
                failure = error
    except SuspendNotSupported as error:
        raise EditorFailed("This terminal can't be lent to an editor.") from error
    name = command[0]
    if isinstance(failure, FileNotFoundError):
        raise EditorFailed(f"{name} was not found: set EDITOR to the command that starts your editor.") from failure
    if isinstance(failure, OSError):
        raise EditorFailed(f"{name} can't be started: {files.explain('', failure).detail}.") from failure
    if failure is not None:
        raise failure
    if status < 0:
        raise EditorFailed(f"{name} was ended by {_signal_name(-status)}: {UNCHANGED}.")
    if status:
        raise EditorFailed(f"{name} ended with status {status}: {UNCHANGED}.")


async def _ended(command: Sequence[str]) -> int:
    """The exit status; an editor that is not waited for any longer is asked to leave."""
    process: Process | None = None
    try:
        process = await asyncio.create_subprocess_exec(*command)
        return await process.wait()
    finally:
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """^C and ^\\ are the editor's while it has the terminal; it starts with its own handlers, not with these."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def _result(path: Path, text: str, before: bytes, name: str) -> str | None:
    try:
        after, _ = files.read(path)
    except files.MissingFile as error:
        raise EditorFailed(f"{name} left no file: {UNCHANGED}.") from error
    except files.StoreError as error:
        raise EditorFailed(f"What {name} wrote can't be read: {error.problem.detail}; {UNCHANGED}.") from error
    if after == before:
        return None
    try:
        written = after.decode()
    except UnicodeDecodeError as error:
        raise EditorFailed(f"What {name} wrote is no UTF-8 text: {UNCHANGED}.") from error
    if why := pasting.refusal(written):
        raise EditorFailed(f"What {name} wrote {why} Here {UNCHANGED}.")
    if text.endswith("\n") or not written.endswith("\n"):
        return written
    return written.removesuffix("\r\n" if "\r\n" in text and written.endswith("\r\n") else "\n")
