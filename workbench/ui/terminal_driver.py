"""The terminal while it is ours: Textual's driver, less what could freeze it or leave something switched on."""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver

from workbench.ui.pasting import KEPT, Pastes

if TYPE_CHECKING:
    from workbench.ui.app import Workbench

SIZE: Final = (80, 24)
"""Columns and rows of a terminal that doesn't say."""
LARGEST: Final = (1200, 400)
"""Of one that says nonsense."""
PIECE: Final = 4096
CHUNK: Final = 1 << 14
MANY: Final = 1000
"""Characters that come at once are no typing, but a paste into a terminal that doesn't mark pastes."""
OFF: Final = (1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2048)
"""Modes that report the mouse, the focus, pastes and sizes."""
CALM: Final = (
    "".join(f"\x1b[?{mode}l" for mode in OFF)
    + "\x1b[?1l\x1b>"  # arrow keys and keypad as usual
    + "\x1b[>4;0m\x1b[<u"  # no extended keys, of xterm's kind or kitty's
    + "\x1b[4l\x1b[?6l\x1b[?7h\x1b[r\x1b(B\x1b[0m"  # writes over, wraps, scrolls as a whole, in plain letters
)
LEAVE: Final = f"\x18{CALM}\x1b[?1049l\x1b[?25h\x1b]22;default\x07"
"""Whatever was half said forgotten, all off, the usual screen, the cursor and the mouse pointer as they were."""


class _Output:
    """Standard error as bytes in UTF-8, whatever the locale; silent once nobody reads it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.waiting = b""
        self.writing = threading.Lock()
        self.silent = False
        """Once the terminal was taken away from the screen: what still waits is dropped."""

    def fileno(self) -> int:
        return self.descriptor

    def write(self, text: str) -> int:
        self.waiting += text.encode("utf-8", "replace")
        if len(self.waiting) > 1 << 16:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Write all; whoever shares the terminal may have told it not to block."""
        rest, self.waiting = memoryview(self.waiting), b""
        while rest:
            try:
                with self.writing:
                    rest = rest[len(rest) if self.silent else os.write(self.descriptor, rest[:CHUNK]) :]
            except BlockingIOError:
                select.select([], [self.descriptor], [], 1.0)
            except OSError:
                return


class TerminalDriver(LinuxDriver):
    """Reads keys until the terminal is gone, and says so; stops and goes on in the loop's own time."""

    _app: Workbench

    def __init__(
        self, app: Workbench, *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert self._file is not None  # else this is no terminal, and the screen was refused
        self._screen = self._file.fileno()
        self._output = _Output(self._screen)
        self._file = cast("Any", self._output)
        self._size = size or self._get_terminal_size()
        self._pointed = False
        self._ours = self._given_back = False
        # Textual's own handlers run in the middle of whatever goes on: in a write they would wait for themselves.
        self._loop.add_signal_handler(signal.SIGTSTP, self._stop)
        self._loop.add_signal_handler(signal.SIGCONT, self._go_on)

    def _get_terminal_size(self) -> tuple[int, int]:
        """As the terminal says: the variables COLUMNS and LINES may be of another one, or nonsense."""
        for descriptor in (self._screen, self.fileno):
            with suppress(OSError):
                given = os.get_terminal_size(descriptor)
                if all(given):
                    return min(given.columns, LARGEST[0]), min(given.lines, LARGEST[1])
        return SIZE

    # What is written

    @property
    def on(self) -> bool:
        """Whether what is written reaches the terminal: not while another program has it, nor at the end."""
        return self._writer_thread is not None and self._writer_thread.is_alive() and not self._given_back

    def write(self, data: str) -> None:
        if self.on:
            self._pointed |= data.startswith("\x1b]22;")
            super().write(data)

    def start_application_mode(self) -> None:
        cast("Any", super()).start_application_mode()
        self._ours = self.on  # not so in the background: then it stopped instead

    def stop_application_mode(self) -> None:
        if not self.on:
            return
        self.write("\x1b[?1016l")
        if self._pointed:
            self.write("\x1b]22;default\x07")
        super().stop_application_mode()
        self._ours = False

    def give_back_at_once(self) -> None:
        """From any thread, when the program's own end has not come in time; nothing that is written later shows."""
        if self._given_back or (self._auto_restart and not self._ours):
            return
        self._given_back = True
        self.exit_event.set()
        self._set_attributes()
        self._output.silent = True
        with self._output.writing, suppress(OSError):
            os.write(self._screen, LEAVE.encode())

    def _set_attributes(self) -> None:
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    # Lent and stopped

    def resume_application_mode(self) -> None:
        """After another program had the terminal: what it left switched on is off, and its replies are not keys."""
        self._set_attributes()
        with suppress(OSError):
            os.write(self._screen, f"{CALM}\x1b[?1049l".encode())
        with suppress(termios.error):
            termios.tcflush(self.fileno, termios.TCIFLUSH)
        super().resume_application_mode()

    def _stop(self) -> None:
        """SIGTSTP: give the terminal back and stop as any program does; where nobody could continue it, go on."""
        if self._auto_restart:
            self.suspend_application_mode()
        for number in (signal.SIGTSTP, signal.SIGCONT):
            self._loop.remove_signal_handler(number)
        signal.raise_signal(signal.SIGTSTP)
        self._loop.add_signal_handler(signal.SIGTSTP, self._stop)
        self._loop.add_signal_handler(signal.SIGCONT, self._go_on)
        self._go_on()

    def _go_on(self) -> None:
        """SIGCONT: the screen anew, also after a stop that nobody was told of and another program's drawing."""
        if not self._auto_restart:
            return
        if self.on:
            self.suspend_application_mode()
        self._must_signal_resume = True
        self.start_application_mode()

    # What is read

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Keys and pastes, until this is to stop or the terminal is gone: reading that would never wait again."""
        parser = Pastes(debug=self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if self._waits(0.1):
                data = self._read()
                if data is None:
                    self._loop.call_soon_threadsafe(self._app.hung_up)
                    return
                text = decode(data)
                if len(text) >= MANY and not parser.pasting and "\x1b" not in text:
                    self.process_message(events.Paste((text + self._gathered(decode)).replace("\x00", "")))
                    continue
                for message in parser.feed(text):
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _gathered(self, decode: Callable[[bytes], str]) -> str:
        """What more of an unmarked paste waits to be read."""
        pieces: list[str] = []
        size = 0
        while not self.exit_event.is_set() and self._waits(0.02) and (data := self._read()):
            piece = decode(data)
            if size < KEPT:
                pieces.append(piece)
            size += len(piece)
        return "".join(pieces)

    def _waits(self, seconds: float) -> bool:
        """Whether there is something to read, or soon is."""
        return bool(select.select([self.fileno], [], [], seconds)[0])

    def _read(self) -> bytes | None:
        """None when nothing will come any more."""
        try:
            data = os.read(self.fileno, PIECE)
            if not data:
                termios.tcgetattr(self.fileno)
                self.exit_event.wait(0.1)  # there it still is: somebody set it to reads that don't wait
        except BlockingIOError:
            return b""
        except (OSError, termios.error):
            return None
        return data
