"""Bytes → server-sent events, whatever pieces the network cuts them into (the WHATWG parsing rules)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MAX_EVENT: Final = 16 * 1024 * 1024
"""Bytes; no real event comes near it, and a stream without blank lines must not fill the memory."""
_BOM: Final = "\ufeff"
_CR: Final = 0x0D
_LF: Final = 0x0A
_COMMON: Final = re.compile(r"event: ([^\n]*)\ndata: ([^\n]*)")


class Frame(NamedTuple):
    """One event as it was framed: nothing of its data has been read yet."""

    event: str
    """The `event:` line, or empty where a server sends none."""
    data: str
    """The `data:` lines, joined by line feeds."""


class TooLargeError(ValueError):
    """An event passed the cap; `frames` holds what was complete before it."""

    def __init__(self, cap: int, frames: list[Frame]) -> None:
        super().__init__(f"an event is larger than {cap:,} bytes")
        self.frames = frames


class Decoder:
    """Feed it whatever the network gave you; it returns the frames completed by it.

    Lines end at CR, LF or CRLF and nowhere else: `str.splitlines` also breaks at U+2028, which a model may
    write inside a JSON string. A CR ends its line at once, and an LF that follows later is swallowed: a
    decoder that waits for it never delivers the last event of a stream that ends its lines with CR.
    """

    def __init__(self, max_event: int = MAX_EVENT) -> None:
        self.invalid = 0
        """Places where the bytes were not UTF-8 and became U+FFFD."""
        self._max_event = max_event
        self._pieces: list[bytes] = []
        self._held = 0
        self._swallow_lf = False
        self._line_ended = True
        self._at_start = True

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete; raises `TooLargeError` for an event beyond the cap."""
        if self._swallow_lf or _CR in data:
            data = self._with_lf(data)
        if self._held + len(data) > self._max_event:
            return self._feed_large(data)
        return self._feed(data)

    def flush(self) -> str:
        """What is left of an event that no blank line ended: by the standard it is not an event."""
        return self._take()

    def _with_lf(self, data: bytes) -> bytes:
        """The same lines, each ended by LF alone."""
        if self._swallow_lf and data:
            data = data.removeprefix(b"\n")
            self._swallow_lf = False
        if _CR in data:
            self._swallow_lf = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def _feed(self, data: bytes) -> list[Frame]:
        if not self._held and data.endswith(b"\n\n"):
            return _frames(self._text(data))
        end = data.rfind(b"\n\n") + 2
        if end < 2:
            end = 1 if self._line_ended and data.startswith(b"\n") else 0
        if end:
            self._pieces.append(data[:end])
        frames = _frames(self._take()) if end else []
        if end < len(data):
            self._pieces.append(data[end:])
            self._held += len(data) - end
            self._line_ended = data.endswith(b"\n")
        return frames

    def _feed_large(self, data: bytes) -> list[Frame]:
        """Feed one event at a time, so that the one beyond the cap is found before it is copied."""
        frames: list[Frame] = []
        start = 0
        while start < len(data):
            blank = data.find(b"\n\n", start)
            end = blank + 2 if blank >= 0 else len(data)
            if self._line_ended and self._held and data[start] == _LF:
                end = start + 1
            if self._held + end - start > self._max_event:
                self._take()
                raise TooLargeError(self._max_event, frames)
            frames += self._feed(data[start:end])
            start = end
        return frames

    def _take(self) -> str:
        data = b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        self._line_ended = True
        return self._text(data)

    def _text(self, data: bytes) -> str:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode(errors="replace")
            self.invalid += text.count("\ufffd") - data.count("\ufffd".encode())
        if self._at_start and text:
            self._at_start = False
            return text.removeprefix(_BOM)
        return text


def _frames(text: str) -> list[Frame]:
    """Read whole events; the common form, one `event:` and one `data:` line, is read at once."""
    frames: list[Frame] = []
    for block in text[:-2].split("\n\n"):
        if common := _COMMON.fullmatch(block):
            frames.append(tuple.__new__(Frame, common.groups()))
        elif frame := _read(block):
            frames.append(frame)
    return frames


def _read(block: str) -> Frame | None:
    """Read one event line by line: comments, several data lines, fields without a value."""
    event = ""
    data: list[str] = []
    for line in block.split("\n"):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            event = value
    return Frame(event, "\n".join(data)) if data else None
