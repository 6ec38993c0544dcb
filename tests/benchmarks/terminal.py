"""A program on a pseudo-terminal of its own: what it drew, what it took. Needs /proc for the CPU of a live process."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SIZE: Final = (200, 60)
SWITCH: Final = re.compile(rb"\x1b(?:\[([?<>=]?)([\d;]*)([hlu])|\]22;([^\x07]*)\x07)")
"""What switches something on or off: a mode, a keyboard, the shape of the pointer."""
SEALED: Final = ("CONFIG", "DATA", "STATE", "CACHE")
SECOND: Final = os.sysconf("SC_CLK_TCK")


class NothingDrawnError(RuntimeError):
    """The program ended, or took too long, before it drew what was waited for."""


def sealed(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which the machine's own settings, keys and proxies do not count."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH"}}
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in SEALED}
    return {**kept, **homes, "HOME": str(folder), "TERM": "xterm-256color", "COLORTERM": "truecolor", **more}


def _take_terminal() -> None:
    """In the new process: its standard input is the terminal that signals come from, and ^C is for it."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Modes:
    """What a terminal would have switched on, after all that was written to it."""

    ON_AT_FIRST: Final = frozenset({"?7", "?25"})

    def __init__(self) -> None:
        self.on = set(self.ON_AT_FIRST)
        self.keyboards = 0
        """How often kitty's keyboard was asked for and not given back."""
        self.pointer = "default"
        self._rest = b""

    def see(self, piece: bytes) -> None:
        """Take in more of the output; a sequence may lie across two pieces."""
        held = self._rest + piece
        last = held.rfind(b"\x1b")
        end = last if last >= 0 and len(held) - last < 32 else len(held)
        # A sequence at the very end is taken now if it is whole.
        if end < len(held) and SWITCH.fullmatch(held[end:]):
            end = len(held)
        self._rest = held[end:]
        for found in SWITCH.finditer(held[:end]):
            self._switch(found)

    def _switch(self, found: re.Match[bytes]) -> None:
        private, numbers, letter, shape = (part.decode() for part in found.groups(b""))
        if shape:
            self.pointer = shape
        elif letter in "hl" and private in {"?", ""}:
            for number in numbers.split(";"):
                (self.on.add if letter == "h" else self.on.discard)(f"{private}{number}")
        elif letter == "u" and private == ">":
            self.keyboards += 1
        elif letter == "u" and private == "<":
            self.keyboards = max(self.keyboards - int(numbers or 1), 0)

    @property
    def left_on(self) -> set[str]:
        """What differs from a terminal that nobody has written to."""
        odd = {"keyboard"} if self.keyboards else set()
        return (self.on ^ self.ON_AT_FIRST) | odd | ({self.pointer} - {"default"})


class Terminal:
    """Runs `python …`, or another command, on a pty of its own; everything it draws must be read, or it stops."""

    def __init__(
        self,
        arguments: list[str],
        environ: Mapping[str, str],
        folder: Path,
        *,
        size: tuple[int, int] = SIZE,
        command: str = sys.executable,
    ) -> None:
        self._side, other = pty.openpty()
        self.resize(*size)
        self.before = self.attributes
        """How the terminal was set when it was new."""
        self._process = subprocess.Popen(
            [command, *arguments],
            stdin=other,
            stdout=other,
            stderr=other,
            env=dict(environ),
            cwd=folder,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - no thread of ours holds a lock meanwhile
        )
        os.close(other)
        self.drawn = b""
        self.modes = Modes()
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self.kill()
        self.close()

    def close(self) -> None:
        """Close the window."""
        if not self.closed:
            self.closed = True
            os.close(self._side)

    def resize(self, columns: int, rows: int) -> None:
        """The kernel tells the program."""
        fcntl.ioctl(self._side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def attributes(self) -> list[object]:
        """How the terminal is set: what `stty` shows."""
        return termios.tcgetattr(self._side)

    def read(self, seconds: float) -> bytes:
        """What is drawn next, waiting at most so long; empty when nothing was."""
        if not select.select([self._side], [], [], max(seconds, 0))[0]:
            return b""
        try:
            piece = os.read(self._side, 1 << 16)
            self.modes.see(piece)
            return piece
        except OSError as error:
            told = re.sub(rb"\x1b[^a-zA-Z]*[a-zA-Z]", b"", self.drawn).decode(errors="replace")
            raise NothingDrawnError(told[-3000:]) from error

    def wait_for(self, mark: bytes, seconds: float = 20.0) -> float:
        """Read until this is drawn; returns when, in seconds of `perf_counter`."""
        until = time.perf_counter() + seconds
        tail = b""
        while (now := time.perf_counter()) < until:
            piece = self.read(until - now)
            self.drawn = (self.drawn + piece)[-100_000:]
            if mark in tail + piece:
                return time.perf_counter()
            tail = (tail + piece)[-len(mark) :]
        raise NothingDrawnError(f"{mark!r} in {self.drawn[-2000:]!r}")

    def press(self, keys: str) -> float:
        """Type; returns when, in seconds of `perf_counter`, just before the write: the program may be quicker."""
        at = time.perf_counter()
        rest = keys.encode()
        while rest:
            rest = rest[os.write(self._side, rest) :]
        return at

    @property
    def process(self) -> int:
        """Its id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def keyboard(self) -> int:
        """The descriptor that keys are written to."""
        return self._side

    @property
    def foreground(self) -> int:
        """The group of processes that has the terminal."""
        return os.tcgetpgrp(self._side)

    def ended(self, seconds: float) -> int:
        """Its exit status, once it has ended by itself; what it drew until then is read."""
        until = time.perf_counter() + seconds
        while self._process.poll() is None and time.perf_counter() < until:
            self._take(0.05)
        while not self.closed and self._take(0.0):
            pass
        return self._process.wait(0)

    def _take(self, seconds: float) -> bool:
        if self.closed:
            time.sleep(seconds / 10)
            return False
        try:
            piece = self.read(seconds)
        except NothingDrawnError:  # the other side is closed
            return False
        self.drawn += piece
        return bool(piece)

    @property
    def cpu(self) -> float:
        """Seconds that the live process has used so far, in steps of a clock tick."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii", "replace").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / SECOND

    @property
    def megabytes(self) -> float:
        """Resident now."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def kill(self) -> float:
        """End it at once; returns the seconds of CPU it used, user and system."""
        self._process.kill()
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime
