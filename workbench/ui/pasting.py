"""Pastes: gathered whole from what the terminal sends, and refused where a text field would freeze."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

LIMIT: Final = 1_000_000
"""Characters; a text field of this length freezes for seconds."""
LINE_LIMIT: Final = 200_000
"""Characters of one line, which a field must wrap anew for every letter."""
LARGE: Final = 10_000
"""Characters of a paste that is no part of a prompt any more, but a document beside it …"""
LARGE_LINES: Final = 200
"""… and lines."""
KEPT: Final = 16 * LIMIT
"""Characters of a paste that are held at all: one that is refused anyway needs no more."""


def refusal(text: str, *, held: int = 0, beside: int = 0) -> str:
    """Why this can't be put into a text field, after "the paste"; empty where it can.

    The field holds so many characters already, `beside` of them in the line where it would go.
    """
    size = f"over {KEPT:,}" if len(text) >= KEPT else f"{len(text):,}"
    if held + len(text) > LIMIT:
        what = f"has {size} characters"
    elif (longest := longest_line(text)) > LINE_LIMIT:
        what = f"has a line of {longest:,} characters"
    elif beside + longest > LINE_LIMIT:
        what = f"would make a line of {beside + longest:,} characters"
    else:
        return ""
    return f"{what}, and a text field would freeze: put it in a file and use --prompt-file, or a variable."


def is_large(text: str) -> bool:
    """Whether it had better go along with a prompt than stand in it."""
    return len(text) > LARGE or text.count("\n") >= LARGE_LINES


def longest_line(text: str) -> int:
    """Characters of the longest line, whichever end its lines have."""
    return max(map(len, text.replace("\r", "\n").split("\n")))


def _begun(text: str) -> str:
    """The end of the text that may be the beginning of a paste's mark."""
    lengths = range(min(len(text), len(BRACKETED_PASTE_START) - 1), 0, -1)
    return next((text[-each:] for each in lengths if BRACKETED_PASTE_START.startswith(text[-each:])), "")


class Pastes(XTermParser):
    """Textual's parser looks at each character of a paste; of this one, a paste is what lies between its two marks."""

    def __init__(self, *, debug: bool = False) -> None:
        super().__init__(debug)
        self._pieces: list[str] | None = None
        """Of the paste that is arriving."""
        self._held = 0
        self._tail = ""
        """What may be the beginning of the next mark."""

    @property
    def pasting(self) -> bool:
        return self._pieces is not None

    def feed(self, data: str) -> Iterable[Message]:
        """The messages that this completes."""
        while data:
            if self._pieces is None:
                before, mark, after = (self._tail + data).partition(BRACKETED_PASTE_START)
                if not mark:
                    self._tail = _begun(before)
                    yield from super().feed(data)
                    return
                yield from self._before(before)
                self._pieces, self._held, self._tail, data = [], 0, "", after
                continue
            text, mark, data = (self._tail + data).partition(BRACKETED_PASTE_END)
            if mark:
                self._take(text)
                yield events.Paste("".join(self._pieces).replace("\x00", ""))
                self._pieces, self._tail = None, ""
            else:
                self._tail = text[1 - len(BRACKETED_PASTE_END) :]
                self._take(text[: len(text) - len(self._tail)])

    def _before(self, before: str) -> Iterable[Message]:
        """What came before the mark that begins a paste; Textual's has a part of the mark where it came in two.

        An escape that waits to be more than a key is one, and comes before the paste. To Textual's, nothing is the end.
        """
        if not before:
            if self._tail:
                for _ in super().feed(BRACKETED_PASTE_START[len(self._tail) :] + BRACKETED_PASTE_END):
                    pass
            return
        if text := before[len(self._tail) :]:
            yield from super().feed(text)
        if self._timeout_time is not None:
            self._timeout_time = 0.0
            yield from self.tick()

    def _take(self, text: str) -> None:
        assert self._pieces is not None
        kept = text[: KEPT - self._held]
        self._held += len(kept)
        self._pieces.append(kept)
