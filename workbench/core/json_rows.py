"""JSON while it comes in, as rows of a tree: every number as it was sent, and what is still missing simply missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from workbench.core.safe import encodable

DEEPEST: Final = 64
SPACE: Final = re.compile(r"[ \t\r\n]*")
PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
SCALAR: Final = re.compile(r"[-+.0-9A-Za-z]*")
NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
ESCAPE: Final = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9A-Fa-f]{4})")
SIMPLE: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
LITERALS: Final = frozenset({"true", "false", "null"})
ENDS: Final = {"object": "}", "array": "]"}


@dataclass(slots=True)
class Row:
    """One value, under its parent."""

    depth: int
    parent: int | None
    """The row of the container that it is in."""
    key: str | None
    """Its name in an object."""
    place: int | None
    """Its number in an array, from 0."""
    kind: str = ""
    """`object`, `array`, `string`, `number`, `literal`."""
    parts: list[str] = field(default_factory=list)
    """Of a string its text as it is meant, of other plain values their source."""
    size: int = 0
    """Values in a container."""
    closed: bool = False

    @property
    def text(self) -> str:
        if len(self.parts) > 1:
            self.parts[:] = ["".join(self.parts)]
        return encodable(self.parts[0]) if self.parts else ""

    @property
    def holds(self) -> bool:
        return self.kind in ENDS


class JsonRows:
    """Feed it text, look at its rows; those before the last change only in that a container closes.

    What is no JSON ends it: `broken` says so, and nothing further is read.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.broken = False
        self.changed: set[int] = set()
        """Rows that are new or other than they were; whoever looks at them empties it."""
        self._held = ""
        self._open: list[int] = []
        self._wants = "value"
        """`value`, `first` (a value or the end), `key`, `name` (a key or the end), `colon`, `more` or `end`."""
        self._string: list[str] | None = None
        self._plain: list[str] | None = None
        """Of a number or a word that may go on: a model can write digits for ever."""
        self._key: str | None = None

    def feed(self, text: str) -> None:
        """Take in more of it."""
        if self.broken or not text:
            return
        held, self._held = self._held + text, ""
        at = 0
        while at < len(held) and not self.broken:
            if self._plain is not None:
                after: int | None = self._in_plain(held, at)
            else:
                after = self._in_string(held, at) if self._string is not None else self._between(held, at)
            if after is None:
                self._held = held[at:]
                return
            at = after

    def finish(self) -> None:
        """No more will come: a number at the very end is one."""
        if self._plain is not None and not self.broken:
            self._scalar("".join(self._plain))
        self._held, self._plain = "", None

    def _between(self, text: str, at: int) -> int:
        at = _end(SPACE, text, at)
        if at == len(text):
            return at
        sign, wants = text[at], self._wants
        inside = self.rows[self._open[-1]] if self._open else None
        if inside is not None and sign == ENDS[inside.kind] and wants in {"first", "name", "more"}:
            self._close()
        elif sign == '"' and wants in {"key", "name"}:
            self._string = []
        elif sign == ":" and wants == "colon":
            self._wants = "value"
        elif sign == "," and wants == "more" and inside is not None:
            self._wants = "key" if inside.kind == "object" else "value"
        elif wants in {"value", "first"}:
            return self._value(text, at)
        else:
            self.broken = True
        return at + 1

    def _value(self, text: str, at: int) -> int:
        sign = text[at]
        if sign in "{[":
            if len(self._open) >= DEEPEST:
                self.broken = True
                return at
            self._begin("object" if sign == "{" else "array")
            self._open.append(len(self.rows) - 1)
            self._wants = "name" if sign == "{" else "first"
            return at + 1
        if sign == '"':
            self._string = self._begin("string").parts
            return at + 1
        self._plain = []
        return at

    def _in_plain(self, text: str, at: int) -> int:
        """More of a number or a word, and its end where something else follows."""
        parts = self._plain if self._plain is not None else []
        end = _end(SCALAR, text, at)
        parts.append(text[at:end])
        if end < len(text):
            self._plain = None
            self._scalar("".join(parts))
        return end

    def _scalar(self, source: str) -> None:
        if source not in LITERALS and not NUMBER.fullmatch(source):
            self.broken = True
        elif self._wants in {"value", "first"}:
            row = self._begin("literal" if source in LITERALS else "number")
            row.parts.append(source)
            self._ended(row)

    def _in_string(self, text: str, at: int) -> int | None:
        parts = self._string if self._string is not None else []
        end = _end(PLAIN, text, at)
        if end > at:
            parts.append(text[at:end])
            self._touch()
        elif text[at] == '"':
            self._string = None
            self._string_ended(parts)
            return at + 1
        elif found := ESCAPE.match(text, at):
            code = found[0][1:]
            parts.append(chr(int(code[1:], 16)) if code[0] == "u" else SIMPLE.get(code, code))
            self._touch()
            end = found.end()
        elif text[at] == "\\" and len(text) - at < 6 and re.fullmatch(r"\\(?:u[0-9A-Fa-f]{0,3})?", text[at:]):
            return None
        else:
            self.broken = True
        return end

    def _string_ended(self, parts: list[str]) -> None:
        if self._wants in {"key", "name"}:
            self._key, self._wants = encodable("".join(parts)), "colon"
        else:
            self._ended(self.rows[-1])

    def _touch(self) -> None:
        if self._wants not in {"key", "name"}:
            self.changed.add(len(self.rows) - 1)

    def _begin(self, kind: str) -> Row:
        parent = self._open[-1] if self._open else None
        place = None
        if parent is not None:
            inside = self.rows[parent]
            place = inside.size if inside.kind == "array" else None
            inside.size += 1
        row = Row(len(self._open), parent, self._key, place, kind)
        self._key = None
        self.changed.add(len(self.rows))
        self.rows.append(row)
        return row

    def _close(self) -> None:
        at = self._open.pop()
        self.changed.add(at)
        self._ended(self.rows[at])

    def _ended(self, row: Row) -> None:
        row.closed = True
        self._wants = "more" if self._open else "end"


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
