"""JSON that comes in pieces, laid out while it grows: what was given out never changes."""

from __future__ import annotations

from typing import Final

INDENT: Final = "  "
OPENING: Final = "{["
CLOSING: Final = "}]"


class GrowingJson:
    """Feed it pieces of JSON; together it gives out what `json.dumps(…, indent=2)` would.

    What is no JSON passes through as text of which only the white space may differ.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._opened = False
        """Whether a bracket was opened and nothing came in it yet: an empty one stays on its line."""

    def feed(self, piece: str) -> str:
        out: list[str] = []
        for character in piece:
            if self._in_string:
                out.append(character)
                if self._escaped:
                    self._escaped = False
                elif character == "\\":
                    self._escaped = True
                elif character == '"':
                    self._in_string = False
            elif not character.isspace():
                out.append(self._laid_out(character))
        return "".join(out)

    def _laid_out(self, character: str) -> str:
        before = ""
        if character in CLOSING:
            self._depth = max(self._depth - 1, 0)
            before = "" if self._opened else self._line()
            self._opened = False
            return before + character
        if self._opened:
            before, self._opened = self._line(), False
        if character in OPENING:
            self._depth += 1
            self._opened = True
        elif character == '"':
            self._in_string = True
        elif character == ",":
            return f"{before},{self._line()}"
        elif character == ":":
            return f"{before}: "
        return before + character

    def _line(self) -> str:
        return f"\n{INDENT * self._depth}"
