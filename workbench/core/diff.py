"""Two texts side by side: paragraphs aligned by similarity, what differs inside them by word, line or character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workbench.core.diff_inside import (
    CHANGED,
    SAME,
    UNITS,
    Allowance,
    Part,
    Unit,
    by_character,
    by_line,
    by_word,
)
from workbench.core.diff_pairs import pairs
from workbench.core.diff_text import LINE, Paragraph, characters, count_words, paragraphs

__all__ = ["SAME", "UNITS", "Diff", "Part", "Row", "Span", "Unit", "compare", "plain"]


class Span(NamedTuple):
    """A stretch of one side's text."""

    text: str
    kind: Literal["same", "removed", "added"]
    change: int
    """The number of the change it belongs to, or `SAME`."""


@dataclass(frozen=True, slots=True)
class Row:
    """Two paragraphs that belong together, one that stands alone, or some lines of a code block."""

    parts: tuple[Part, ...]
    code: bool = False
    within: bool = False
    """Whether it is lines of a paragraph that another row began."""

    @property
    def left(self) -> tuple[Span, ...]:
        return tuple(
            Span(part.left, "same" if part.same else "removed", part.change) for part in self.parts if part.left
        )

    @property
    def right(self) -> tuple[Span, ...]:
        return tuple(
            Span(part.right, "same" if part.same else "added", part.change) for part in self.parts if part.right
        )

    @property
    def texts(self) -> tuple[str, str]:
        """What stands on each side, whole."""
        return "".join(part.left for part in self.parts), "".join(part.right for part in self.parts)

    @property
    def same(self) -> bool:
        return all(part.same for part in self.parts)


@dataclass(frozen=True, slots=True)
class Diff:
    """What two texts share and where they differ."""

    unit: Unit
    rows: tuple[Row, ...]
    changes: tuple[int, ...]
    """The row in which each change stands, in order; a change never spans rows."""
    removed: int
    """Words, lines or characters that only the left has."""
    added: int
    alike: float
    """The share of both texts that is the same, 0 to 1, in words, lines or characters."""
    equal: bool
    """Whether the texts are the same to the last byte; without it and without changes, only space differs."""
    coarse: bool = False
    """Whether changes too long for it were not compared by character."""


def compare(left: str, right: str, unit: Unit = "word") -> Diff:
    """The diff of two texts.

    The left spans of all rows, joined, are exactly the left text, the right ones the right text; the other order of
    the texts gives the mirror image.
    """
    allowance = Allowance()
    rows: list[Row] = []
    changes: list[int] = []
    for row in _rows(paragraphs(left), paragraphs(right), unit, allowance):
        parts = []
        for part in row.parts:
            if part.same:
                parts.append(part)
            else:
                parts.append(part._replace(change=len(changes)))
                changes.append(len(rows))
        rows.append(Row(tuple(parts), row.code, row.within))
    every = [part for row in rows for part in row.parts]
    shared = sum(count(side, unit) for part in every if part.same for side in part[:2])
    removed = sum(count(part.left, unit) for part in every if not part.same)
    added = sum(count(part.right, unit) for part in every if not part.same)
    both = shared + removed + added
    alike = shared / both if both else 1.0
    return Diff(unit, tuple(rows), tuple(changes), removed, added, alike, left == right, allowance.refused)


def plain(diff: Diff) -> str:
    """The diff as text: each line behind two spaces where both have it, `- ` left only, `+ ` right only."""
    lines: list[str] = []
    for row in diff.rows:
        left, right = row.texts
        if row.same:
            lines += _marked("  ", right)
        else:
            lines += _marked("- ", left) + _marked("+ ", right)
    return "".join(lines)


def count(text: str, unit: Unit) -> int:
    """How many words, lines that say something, or characters other than line breaks a text has."""
    if unit == "word":
        return count_words(text)
    if unit == "line":
        return sum(1 for line in LINE.findall(text) if line.strip())
    if text.isascii():
        return len(text) - text.count("\r") - text.count("\n")
    return sum(character not in {"\r", "\n", "\r\n"} for character in characters(text))


def _rows(left: list[Paragraph], right: list[Paragraph], unit: Unit, allowance: Allowance) -> Iterator[Row]:
    at = to = 0
    for i, j in (*pairs(left, right), (len(left), len(right))):
        for paragraph in left[at:i]:
            parts = Part(paragraph.lead, ""), Part(paragraph.body, "", CHANGED), Part(paragraph.end, "")
            yield Row(_said(parts), paragraph.code)
        for paragraph in right[to:j]:
            parts = Part("", paragraph.lead), Part("", paragraph.body, CHANGED), Part("", paragraph.end)
            yield Row(_said(parts), paragraph.code)
        if i < len(left):
            yield from _together(left[i], right[j], unit, allowance)
        at, to = i + 1, j + 1


def _together(left: Paragraph, right: Paragraph, unit: Unit, allowance: Allowance) -> Iterator[Row]:
    """One row; of lines one for each stretch, so that what follows stands side by side again."""
    if not left.code and unit != "line":
        found = by_word(left, right)
        yield Row(tuple(by_character(found, allowance) if unit == "character" else found))
        return
    for number, part in enumerate(by_line(left, right)):
        inside = by_character([part], allowance) if unit == "character" else [part]
        yield Row(tuple(inside), left.code, within=number > 0)


def _said(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.left or part.right)


def _marked(mark: str, text: str) -> list[str]:
    return [mark + line.rstrip("\r\n") + "\n" if line.strip() else "\n" for line in LINE.findall(text)]
