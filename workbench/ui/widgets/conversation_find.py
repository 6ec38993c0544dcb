"""Finding in a conversation: matches counted in the source, shown in the rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.ui.widgets.conversation_paint import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbench.ui.text.lines import Line
    from workbench.ui.widgets.conversation_turn import Turn

MARKS: Final = r"[*_`~\\]*"
MOST: Final = 10_000
"""Matches are not counted further."""


class Match(NamedTuple):
    """The n-th occurrence in one piece."""

    key: str
    piece: int
    nth: int


class Finder:
    """A query, its matches and which of them is the current one.

    A query with a capital letter minds the case.
    """

    def __init__(self, query: str) -> None:
        self.query: Final = query
        flags = re.NOFLAG if any(letter.isupper() for letter in query) else re.IGNORECASE
        self._pattern: Final = re.compile(re.escape(query), flags)
        self._source: Final = re.compile(MARKS.join(map(re.escape, query)), flags)
        """The same for the source, where emphasis may stand between the letters."""
        self.matches: list[Match] = []
        self.index = -1

    @property
    def current(self) -> Match | None:
        return self.matches[self.index] if 0 <= self.index < len(self.matches) else None

    def search(self, turns: Iterable[Turn]) -> None:
        """Look through the turns again; the current match stays current if it is still there."""
        current = self.current
        self.matches = []
        for turn in turns:
            if not (turn.live or turn.entry.folds) and not self._source.search(turn.entry.text):
                continue
            for at, piece in enumerate(turn.pieces[1:-1], 1):
                count = sum(1 for _ in self._source.finditer(piece.source))
                self.matches += [Match(turn.key, at, nth) for nth in range(count)]
            if len(self.matches) >= MOST:
                del self.matches[MOST:]
                break
        self.index = self.matches.index(current) if current in self.matches else -1

    def step(self, by: int) -> Match | None:
        """The next match, or the one before; after the last comes the first."""
        if self.matches:
            self.index = (
                (self.index + by) % len(self.matches) if self.index >= 0 else (0 if by > 0 else -1) % len(self.matches)
            )
        return self.current

    def overlays(self, key: str, piece: int, lines: Sequence[Line]) -> dict[int, list[Overlay]]:
        """What lies over the lines of a piece, by the line's index."""
        spans = [match.span() for match in self._pattern.finditer(joined(lines))]
        current = self.current
        chosen = -1
        if current and (current.key, current.piece) == (key, piece):
            chosen = min(current.nth, len(spans) - 1)
        out: dict[int, list[Overlay]] = {}
        for nth, (start, end) in enumerate(spans):
            face = "match-current" if nth == chosen else "match"
            for line, first, last in _placed(lines, start, end):
                out.setdefault(line, []).append(Overlay(first, last, face))
        return out


def joined(lines: Sequence[Line]) -> str:
    """The text of the lines as if they had not been wrapped."""
    return "".join((line.joint if at else "") + line.text for at, line in enumerate(lines))


def _placed(lines: Sequence[Line], start: int, end: int) -> Iterable[tuple[int, int, int]]:
    """Where a span of the joined text lies: line, first and last character."""
    at = 0
    for index, line in enumerate(lines):
        at += len(line.joint) if index else 0
        length = len(line.text)
        first, last = max(start - at, 0), min(end - at, length)
        if first < last:
            yield index, first, last
        at += length
        if at >= end:
            return
