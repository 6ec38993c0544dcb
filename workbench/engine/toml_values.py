"""Single values as TOML writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final

WIDTH: Final = 100
END: Final = "# end of session"
"""The last line of a session file: in no text does a line begin so, or a cut could not be told."""
HIDING: Final = "\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f"
"""What TOML allows and a person who reads the file in a terminal or a diff must not meet raw."""
ESCAPED: Final = re.compile(rf'[\\\x00-\x08\x0b-\x1f\x7f{HIDING}]|"(?="")|"\Z|^#(?={END[1:]})', re.MULTILINE)
"""What a string of many lines can't hold as it is; two quotes in a row it can."""
_HIDING: Final = re.compile(f"[{HIDING}]")
STEP: Final = 1 << 16
"""Characters escaped in one go."""


def scalar(value: object) -> str:
    """The right side, on one line."""
    if type(value) in {int, float}:
        return str(value)
    if isinstance(value, datetime):
        return moment(value)
    return _short(value) if isinstance(value, str) and len(value) < WIDTH else _written(value)


def _written(value: object) -> str:
    return one_a_line({"v": value})[4:-1]


_short = lru_cache(maxsize=4096)(_written)
"""The words of an API come again and again."""


def moment(value: datetime) -> str:
    """A point in time as TOML and people write it; an offset TOML can't say becomes UTC."""
    offset = value.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        value = (value - offset).replace(tzinfo=None)
        return f"{value.isoformat()}Z"
    text = value.isoformat()
    return f"{text[:-6]}Z" if offset == timedelta() else text


def escaped(text: str) -> str:
    """In steps: a text of megabytes in one would keep every other thread from running."""
    if len(text) <= STEP:
        return ESCAPED.sub(_escape, text)
    pieces: list[str] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start + STEP) + 1 or len(text)  # at a line's end no two quotes are parted
        pieces.append(ESCAPED.sub(_escape, text[start:end]))
        start = end
    return "".join(pieces)


def one_a_line(table: Mapping[str, object]) -> str:
    """A table of plain values, a line each."""
    text = str(writer().dumps(table))
    return text if text.isascii() else _HIDING.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in '\\"':
        return f"\\{character}"
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


@lru_cache(maxsize=4096)
def bare_key(key: str) -> str:
    """The left side: bare where that can be, else in quotes."""
    return one_a_line({key: 0})[:-5]


@cache
def writer() -> Any:
    import tomli_w

    return tomli_w
