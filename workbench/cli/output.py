"""Standard output is data, standard error is talk: both in UTF-8, neither able to steer a terminal."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Final, TextIO

from workbench.cli.arguments import PROGRAM
from workbench.core.safe import Displayed, display, encodable

CLEAR_LINE: Final = "\r\x1b[K"
USUAL_COLUMNS: Final = 80


class Output:
    """Where a command's data and talk go.

    Text goes to a pipe exactly, and to a terminal as `display` shows it. A reader that leaves (`| head`)
    is no error: what follows is dropped.
    """

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        self._out = _utf8(out)
        self._err = _utf8(err)
        self.out_is_terminal = _is_terminal(out)
        self.draws = _is_terminal(err) and os.environ.get("TERM") != "dumb"
        """Whether a line of progress may be drawn, and drawn over, on standard error."""
        self.reader_left = False
        self.failed = False
        """Whether standard output could not be written, as on a full disk."""
        self._drawn = False
        self._shown = Displayed()

    def write(self, text: str) -> None:
        """Data, at once."""
        if self._out is None or self.reader_left or self.failed or not text:
            return
        self.clear()
        try:
            self._out.write(self._shown.feed(text) if self.out_is_terminal else encodable(text))
            self._out.flush()
        except BrokenPipeError:
            self.reader_left = True
            _silence(self._out)
        except OSError as error:
            self.failed = True
            _silence(self._out)
            self.note(f"standard output can't be written: {(error.strerror or str(error)).lower()}")

    def line(self, text: str = "") -> None:
        self.write(f"{text}\n")

    def say(self, text: str) -> None:
        """A line of talk."""
        self._talk(f"{display(text)}\n")

    def note(self, text: str) -> None:
        """A line of talk that has to say who talks."""
        self.say(f"{PROGRAM}: {text}")

    def draw(self, text: str) -> None:
        """The line of progress, over the one before."""
        if self.draws:
            self._talk(CLEAR_LINE + display(text)[: self.room], keep_line=True)
            self._drawn = True

    @property
    def room(self) -> int:
        """Columns that a line of progress has."""
        return max(_columns() - 1, 10)

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._drawn:
            self._drawn = False
            self._talk(CLEAR_LINE, keep_line=True)

    def _talk(self, text: str, *, keep_line: bool = False) -> None:
        if self._err is None:
            return
        if not keep_line:
            self.clear()
        try:
            self._err.write(text)
            self._err.flush()
        except OSError:
            self._err = None


def _utf8(stream: TextIO | None) -> TextIO | None:
    """The stream, made to write UTF-8 and bare line feeds whatever the locale says."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    return stream


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or USUAL_COLUMNS
    except (OSError, ValueError, AttributeError):
        return USUAL_COLUMNS


def _silence(stream: TextIO) -> None:
    """Point a stream whose reader has left at nothing, so that the interpreter's last flush can't fail."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
    except (OSError, ValueError):
        return
