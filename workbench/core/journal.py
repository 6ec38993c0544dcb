"""The lines of a journal: one record each, with its length and a checksum in front, so that a torn one is known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zlib import crc32

VERSION: Final = 1
HEAD: Final = 18
"""Bytes before the payload: eight digits of its length, eight of its checksum, each with a space behind."""
LONGEST: Final = 1 << 27
"""Bytes of one payload; no session that can be saved makes a longer one."""
MOST: Final = 4_000_000
"""Tables and lists in one payload: somebody else's could fill the memory with empty ones."""
_HEAD: Final = re.compile(rb"([0-9a-f]{8}) ([0-9a-f]{8}) ")
_TIMES: Final[Mapping[str, Callable[[str], object]]] = {
    "$time": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$clock": time.fromisoformat,
}
Record = dict[str, Any]


def line(record: Mapping[str, object]) -> bytes:
    """The record as it is appended; half of a surrogate pair is kept as it is."""
    payload = text(record).encode("utf-8", "surrogatepass")
    return b"%08x %08x %b\n" % (len(payload), crc32(payload), payload)


def text(value: object) -> str:
    """A value of the file's tables as JSON: equal texts are equal values, in the same order and of the same kinds."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def records(read: Callable[[int], bytes]) -> Iterator[tuple[Record, int]]:
    """Each record with the place where it ends, up to the first that is torn or damaged.

    `read` gives the next bytes, as a file's does.
    """
    end = 0
    while head := _HEAD.fullmatch(read(HEAD)):
        length = int(head[1], 16)
        if length > LONGEST:
            return
        payload = read(length + 1)
        if len(payload) != length + 1 or payload[-1:] != b"\n" or crc32(payload[:-1]) != int(head[2], 16):
            return
        record = _record(payload[:-1])
        if record is None:
            return
        end += HEAD + length + 1
        yield record, end


def _record(payload: bytes) -> Record | None:
    if payload.count(b"[") + payload.count(b"{") > MOST:
        return None
    try:
        found = json.loads(payload.decode("utf-8", "surrogatepass"), object_hook=_special)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(value: object) -> object:
    """The same in what JSON can say; a key that looks like one of ours gets another `$`."""
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {f"${key}" if key[:1] == "$" else key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return {"$time": _moment(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$clock": value.isoformat()}
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"a journal can't say {type(value).__name__}")


def _moment(value: datetime) -> str:
    written = value.isoformat()
    return f"{written[:-6]}Z" if value.tzinfo is UTC else written


def _special(found: Record) -> object:
    if len(found) == 1:
        (key, value), *_ = found.items()
        if key in _TIMES and isinstance(value, str):
            return _TIMES[key](value)
    if any(key[:2] == "$$" for key in found):
        return {key[1:] if key[:2] == "$$" else key: value for key, value in found.items()}
    return found
