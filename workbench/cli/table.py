"""Rows of text in columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """The rows under their heads, each column as wide as its widest cell; those in `right` end flush."""
    every = [head, *rows]
    widths = [max(width(row[at]) for row in every) for at in range(len(head))]
    lines = ("  ".join(_cell(text, widths[at], at in right) for at, text in enumerate(row)) for row in every)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def width(text: str) -> int:
    """Columns of a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _cell(text: str, wanted: int, right: bool) -> str:  # noqa: FBT001 - private, and always by place
    room = " " * (wanted - width(text))
    return room + text if right else text + room
