"""Frames of AWS's event stream → server-sent events, whatever pieces the network cuts them into.

A frame is a prelude (its length, that of its headers, their CRC-32), headers, a payload and the CRC-32 of all before.
Bedrock puts one event of the Messages API into each; as a server-sent event it is what the API itself would have sent,
so that everything behind this file knows one kind of stream.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from struct import Struct, unpack_from
from typing import Final, NamedTuple
from zlib import crc32

from workbench.core import strict_json

CONTENT_TYPE: Final = "application/vnd.amazon.eventstream"
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of one frame: what AWS itself allows is the same."""
PRELUDE: Final = Struct(">III")
TAIL: Final = 4
LEAST: Final = PRELUDE.size + TAIL
SIZES: Final = {2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header's value by its type; types 0 and 1 are true and false by themselves."""
TEXT: Final = 7
BYTES: Final = 6
_USUAL: Final = re.compile(r'\{"type": ?"([a-z_]{1,40})"')
"""How the API begins an event: its type is known without reading the rest."""


class Frame(NamedTuple):
    """One frame whose checksums were right."""

    headers: Mapping[str, str]
    """Those that are text: all that AWS puts into streams like these."""
    payload: bytes


class BrokenFrameError(ValueError):
    """Bytes that are no frame; the text says what is wrong with them, and `before` is what was complete."""

    def __init__(self, why: str, before: bytes = b"") -> None:
        super().__init__(why)
        self.before = before


class Unframer:
    """Feed it whatever the network gave you; it returns the events completed by it, as server-sent events."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._wanted = 0
        """Bytes of the frame that has begun; 0 before its prelude was read."""

    def feed(self, data: bytes) -> bytes:
        """Raises BrokenFrameError; nothing can be read after it, because nothing says where the next frame begins."""
        self._held += data
        made: list[bytes] = []
        try:
            while (frame := self._next()) is not None:
                made.append(as_event(frame))
        except BrokenFrameError as error:
            raise BrokenFrameError(str(error), b"".join(made)) from None
        return b"".join(made)

    def rest(self) -> bytes:
        """What is left of a frame that never came whole: a comment, so that a cut is known from an end."""
        held = len(self._held)
        if not held:
            return b""
        whole = f" of {self._wanted:,}" if self._wanted else ""
        return f": the stream stopped {held:,} bytes into a frame{whole}\n".encode()

    def _next(self) -> Frame | None:
        held = self._held
        if not self._wanted:
            if len(held) < PRELUDE.size:
                return None
            self._wanted = _length(bytes(held[: PRELUDE.size]))
        if len(held) < self._wanted:
            return None
        whole = bytes(held[: self._wanted])
        del held[: self._wanted]
        self._wanted = 0
        return read(whole)


def _length(prelude: bytes) -> int:
    """Raises BrokenFrameError before anything is waited for that a wrong length would ask for."""
    total, headers, checksum = PRELUDE.unpack(prelude)
    if crc32(prelude[:8]) != checksum:
        raise BrokenFrameError("the checksum of a frame's prelude is wrong")
    if not LEAST + headers <= total <= LARGEST:
        raise BrokenFrameError(f"a frame says that it has {total:,} bytes, {headers:,} of them headers")
    return int(total)


def read(whole: bytes) -> Frame:
    """One frame. Raises BrokenFrameError."""
    total = _length(whole[: PRELUDE.size])
    if total != len(whole):
        raise BrokenFrameError(f"a frame of {total:,} bytes came with {len(whole):,}")
    (checksum,) = unpack_from(">I", whole, total - TAIL)
    if crc32(whole[: total - TAIL]) != checksum:
        raise BrokenFrameError("the checksum of a frame is wrong")
    end = PRELUDE.size + unpack_from(">I", whole, 4)[0]
    return Frame(_headers(whole[PRELUDE.size : end]), whole[end : total - TAIL])


def write(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One frame with headers of text, as AWS makes it."""
    packed = b"".join(
        bytes([len(name)]) + name + bytes([TEXT]) + len(text).to_bytes(2) + text
        for name, text in ((name.encode(), text.encode()) for name, text in headers.items())
    )
    lengths = (LEAST + len(packed) + len(payload)).to_bytes(4) + len(packed).to_bytes(4)
    front = lengths + crc32(lengths).to_bytes(4) + packed + payload
    return front + crc32(front).to_bytes(4)


def _headers(packed: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(packed):
        try:
            name_ends = at + 1 + packed[at]
            name, kind = packed[at + 1 : name_ends].decode(), packed[name_ends]
            at = name_ends + 1
            if kind in (BYTES, TEXT):
                size = int.from_bytes(packed[at : at + 2])
                at += 2
            elif kind in (0, 1):
                size = 0
            else:
                size = SIZES[kind]
            value = packed[at : at + size]
            at += size
            if len(value) != size:
                raise BrokenFrameError("a header of a frame is cut off")
            if kind == TEXT:
                found[name] = value.decode()
        except (IndexError, KeyError, UnicodeDecodeError):
            raise BrokenFrameError("the headers of a frame can't be read") from None
    return found


def as_event(frame: Frame) -> bytes:
    """The frame as the API itself would have sent it; a failure becomes the API's `error` event."""
    kind = frame.headers.get(":message-type", "event")
    if kind == "exception":
        return _sse(_error(frame.headers.get(":exception-type", "exception"), _message(frame.payload)), "error")
    if kind == "error":
        code, words = frame.headers.get(":error-code", "error"), frame.headers.get(":error-message", "")
        return _sse(_error(code, words or _message(frame.payload)), "error")
    event = _chunk(frame.payload) if frame.headers.get(":event-type") == "chunk" else None
    if event is None:  # kept, so that it shows: whoever reads events takes one of an unknown kind for what it is
        text = frame.payload.decode(errors="replace")
        return _sse(text, frame.headers.get(":event-type") or kind)
    return _sse(event)


def _chunk(payload: bytes) -> str | None:
    """The event in a chunk's base64, or None where there is none."""
    try:
        packed = strict_json.loads(payload.decode())
        text = packed.get("bytes") if isinstance(packed, dict) else None
        return b64decode(text, validate=True).decode() if isinstance(text, str) else None
    except (strict_json.BadJsonError, binascii.Error, UnicodeDecodeError):
        return None


def _error(kind: str, message: str) -> str:
    return json.dumps({"type": "error", "error": {"type": kind, "message": message}}, ensure_ascii=False)


def _message(payload: bytes) -> str:
    """What an exception says: `message`, in either case, or else the payload itself."""
    text = payload.decode(errors="replace")
    try:
        told = strict_json.loads(text)
    except strict_json.BadJsonError:
        return text
    words = (told.get("message") or told.get("Message")) if isinstance(told, dict) else None
    return words if isinstance(words, str) else text


def _sse(data: str, name: str = "") -> bytes:
    """Whatever line ends a server puts into its JSON, every line of the data stays data."""
    lines = data.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\ndata: ")
    name = name or _type(data)
    head = f"event: {name}\n" if name.isprintable() and name else ""
    return f"{head}data: {lines}\n\n".encode("utf-8", "surrogatepass")


def _type(data: str) -> str:
    if usual := _USUAL.match(data):
        return usual[1]
    try:
        told = strict_json.loads(data)
    except strict_json.BadJsonError:
        return ""
    kind = told.get("type") if isinstance(told, dict) else None
    return kind if isinstance(kind, str) and len(kind) < 100 else ""
