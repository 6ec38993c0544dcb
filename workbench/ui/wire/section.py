"""One part of the wire view: laid out for a width, drawn row by row, searched, and copied exactly."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import NamedTuple, Protocol

from textual.content import Content

from workbench.ui.text import wrap
from workbench.ui.wire.signs import Span, no_spans, sign_spans

INDENT = 2
"""Cells before each row of a section."""


class Match(NamedTuple):
    """A place where the text that is looked for stands."""

    line: int
    """Of a section that is made of lines, such as events; else 0."""
    start: int
    end: int


class Section(Protocol):
    """What the pages need of a part."""

    @property
    def title(self) -> str: ...

    @property
    def note(self) -> str:
        """Beside the title: sizes, counts, what is not known."""

    @property
    def exact(self) -> str:
        """What is copied."""

    def layout(self, width: int) -> int:
        """Make the rows for a width; returns how many."""

    def draw(self, row: int, width: int) -> Content: ...

    def find(self, pattern: re.Pattern[str]) -> Iterator[Match]:
        """In the order in which they stand."""

    def reveal(self, match: Match) -> int:
        """The row that shows it, opened where that is needed; `layout` is called afterwards."""

    def mark(self, pattern: re.Pattern[str] | None, current: Match | None) -> None:
        """Point out the matches from now on."""

    def toggle(self, row: int) -> bool:
        """Open or close what the row stands for; False where there is nothing to open."""


def marked(content: Content, pattern: re.Pattern[str] | None, shift: int = 0, current: Span | None = None) -> Content:
    """The row with every match in it pointed out, and the current one more so; `shift` is where its text begins."""
    if pattern is not None:
        for match in pattern.finditer(content.plain, shift):
            content = content.stylize("underline on $match", match.start(), match.end())
    if current is not None:
        content = content.stylize(f"bold underline {current[2]}", current[0], current[1])
    return content


class TextSection:
    """A text, cut at the last cell of each row so that nothing in it moves."""

    def __init__(
        self,
        title: str,
        note: str,
        text: str,
        exact: str,
        spans: Callable[[str], Iterator[Span]] = no_spans,
    ) -> None:
        self.title = title
        self.note = note
        self.text = text
        self.exact = exact
        self._spans_of = spans
        self._spans: list[Span] | None = None
        self._rows: list[wrap.Row] = []
        self._width = 0
        self._pattern: re.Pattern[str] | None = None
        self._current: Match | None = None

    def layout(self, width: int) -> int:
        if width != self._width:
            self._width = width
            self._rows = wrap.rows(self.text, max(width - INDENT, 1), literal=True) if self.text else []
        return len(self._rows)

    def draw(self, row: int, width: int) -> Content:
        start, end, _ = self._rows[row]
        text = self.text[start:end]
        bare = text.rstrip(" ")
        text = bare + "·" * (len(text) - len(bare))  # where a row ends, a space would not be seen
        content = Content.styled(" " * INDENT + text, "$foreground")
        for first, last, style in chain(self._within(start, end), sign_spans(text)):
            content = content.stylize(style, first + INDENT, last + INDENT)
        now = self._current
        current = None
        if now is not None and now.start < end and now.end > start:
            current = (
                max(now.start - start, 0) + INDENT,
                min(now.end - start, len(text)) + INDENT,
                "$on-accent on $accent",
            )
        return marked(content, self._pattern, INDENT, current)

    def _within(self, start: int, end: int) -> Iterator[Span]:
        """The colours of a row, counted from its beginning; they are worked out once for the whole text."""
        if self._spans is None:
            self._spans = list(self._spans_of(self.text))
        at = max(bisect_right(self._spans, start, key=lambda span: span[0]) - 1, 0)
        for first, last, style in islice(self._spans, at, None):
            if first >= end:
                return
            if last > start:
                yield max(first - start, 0), min(last, end) - start, style

    def find(self, pattern: re.Pattern[str]) -> Iterator[Match]:
        return (Match(0, found.start(), found.end()) for found in pattern.finditer(self.text))

    def reveal(self, match: Match) -> int:
        return max(bisect_right(self._rows, match.start, key=lambda row: row.start) - 1, 0)

    def mark(self, pattern: re.Pattern[str] | None, current: Match | None) -> None:
        self._pattern, self._current = pattern, current

    def toggle(self, row: int) -> bool:
        del row
        return False
