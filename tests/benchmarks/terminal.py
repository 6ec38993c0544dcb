"""A program on a pseudo-terminal of its own: what it drew, what it took. Needs /proc for the CPU of a live process."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
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
SEALED: Final = ("CONFIG", "DATA", "STATE", "CACHE")
SECOND: Final = os.sysconf("SC_CLK_TCK")


class NothingDrawnError(RuntimeError):
    """The program ended, or took too long, before it drew what was waited for."""


def sealed(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which the machine's own settings, keys and proxies do not count."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH"}}
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in SEALED}
    return {**kept, **homes, "HOME": str(folder), "TERM": "xterm-256color", "COLORTERM": "truecolor", **more}


class Terminal:
    """Runs `python …` on a pty; everything it draws must be read, or it stops."""

    def __init__(self, arguments: list[str], environ: Mapping[str, str], folder: Path) -> None:
        self._side, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, *arguments], stdin=other, stdout=other, stderr=other, env=dict(environ), cwd=folder
        )
        os.close(other)
        self.drawn = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self.kill()
        os.close(self._side)

    def read(self, seconds: float) -> bytes:
        """What is drawn next, waiting at most so long; empty when nothing was."""
        if not select.select([self._side], [], [], max(seconds, 0))[0]:
            return b""
        try:
            return os.read(self._side, 1 << 16)
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
        os.write(self._side, keys.encode())
        return at

    @property
    def process(self) -> int:
        """Its id."""
        return self._process.pid

    def ended(self, seconds: float) -> int:
        """Its exit status, once it has ended by itself; what it drew until then is read."""
        until = time.perf_counter() + seconds
        while self._process.poll() is None and time.perf_counter() < until:
            self._take(0.05)
        while self._take(0.0):
            pass
        return self._process.wait(0)

    def _take(self, seconds: float) -> bool:
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
