"""The rows of a diff as lines of cells: side by side or in one column, wrapped, with a sign for what each line is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple, TypeAlias

from rich.cells import cell_len

from workbench.core.diff import SAME, Diff, Row
from workbench.core.safe import display
from workbench.ui.text.lines import Run, merged
from workbench.ui.text.wrap import TAB, wrap

GUTTER: Final = 3
"""Columns before a text: the bar of the current change, the sign, a space."""
MARGIN: Final = 2
"""Columns at the right end: a gap and the thumb."""
LEAST: Final = 16
"""A column of text is never narrower; the sides stand in one column before that."""
REMOVED, ADDED, BOTH = "−", "+", "~"
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_SPACES: Final = str.maketrans({" ": "·", "\t": "→", "\n": "↵\n"})
"""How changed space is drawn where nothing else changed: it would be seen by its colour only."""
FOLDED: Final = "folded"
"""The face of the line in place of rows that are alike."""


class Cell(NamedTuple):
    """One side of a line."""

    sign: str = ""
    runs: tuple[Run, ...] = ()
    """The face of a run is `-3` or `+3` for what the third change removed or added, else nothing."""
    changes: frozenset[int] = frozenset()
    code: bool = False


Line: TypeAlias = tuple[Cell, ...]
"""Left and right, or the one column."""


class Item(NamedTuple):
    """A row of the diff, or several that are folded."""

    first: int
    end: int
    folded: bool = False


class Shape(NamedTuple):
    """What the layout depends on besides the diff."""

    width: int
    split: bool
    signs: bool = False
    """Whether words are put in `[-…-]` and `{+…+}`: there are no colours."""

    @property
    def columns(self) -> tuple[int, ...]:
        """The cells that each text has."""
        room = self.width - MARGIN
        if not self.split:
            return (max(room - GUTTER, 1),)
        left = (room - 1) // 2
        return max(left - GUTTER - 1, 1), max(room - 1 - left - GUTTER, 1)


def splits(width: int) -> bool:
    """Whether two columns have room at all."""
    return min(Shape(width, split=True).columns) >= LEAST


def items(diff: Diff, *, only_changes: bool) -> list[Item]:
    """All rows, or the changed ones with a fold for those between."""
    if not only_changes:
        return [Item(at, at + 1) for at in range(len(diff.rows))]
    found: list[Item] = []
    for at, row in enumerate(diff.rows):
        if not row.same:
            found.append(Item(at, at + 1))
        elif found and found[-1].folded:
            found[-1] = Item(found[-1].first, at + 1, folded=True)
        else:
            found.append(Item(at, at + 1, folded=True))
    return found


def item_of(every: Sequence[Item], row: int) -> int:
    """The number of the item that holds a row."""
    return max(bisect_right(every, row, key=lambda item: item.first) - 1, 0)


def lines(diff: Diff, item: Item, shape: Shape) -> list[Line]:
    """The lines of an item, with the gap behind it."""
    last = item.end == len(diff.rows)
    if item.folded:
        fold = Cell(runs=((_folded(diff.rows[item.first : item.end]), FOLDED),))
        return [(fold,)] if last or not _parted(diff.rows[item.end - 1], diff.rows[item.end]) else [(fold,), ()]
    row = diff.rows[item.first]
    sides = (_side(row, 0, shape), _side(row, 1, shape)) if shape.split else (_inline(row, diff, shape),)
    columns = [
        [_cell(runs, code=row.code) for runs, _ in wrap(side, width, literal=row.code)] if side else []
        for side, width in zip(sides, shape.columns, strict=True)
    ]
    made: list[Line] = [tuple(cell or Cell() for cell in cells) for cells in zip_longest(*columns)]
    if not last and _parted(row, diff.rows[item.end]):
        made.append(())
    return made


def _parted(row: Row, after: Row) -> bool:
    """Whether a blank line stands between two rows: either text has one there, or they are of different texts."""
    if after.within:
        return False
    apart = not any(here and there for here, there in zip(row.texts, after.texts, strict=True))
    return _spaced(row) or (apart and _spaced(after))


def _spaced(row: Row) -> bool:
    """Whether a blank line stands behind a row."""
    return any(len(_BREAK.findall(text[len(text.rstrip()) :])) > 1 for text in row.texts)


def _folded(rows: Sequence[Row]) -> str:
    paragraphs = sum(not row.within for row in rows)
    if paragraphs:
        return f"··· {paragraphs} paragraph{'s' * (paragraphs > 1)} alike ···"
    count = sum(len(_BREAK.findall(row.texts[1])) for row in rows)
    return f"··· {count} line{'s' * (count != 1)} alike ···"


def _side(row: Row, side: int, shape: Shape) -> list[Run]:
    marked = shape.signs and _partly(row)
    spans = row.right if side else row.left
    mark = "+" if side else "-"
    return _trimmed([_run(text, "" if at == SAME else f"{mark}{at}", signs=marked) for text, _, at in spans])


def _inline(row: Row, diff: Diff, shape: Shape) -> list[Run]:
    marked = shape.signs and _partly(row)
    by_line = row.code or diff.unit == "line"
    made: list[Run] = []
    for part in row.parts:
        if part.same:
            made.append(_run(max(part.left, part.right, key=len), ""))
            continue
        apart = by_line and part.left and part.right and not part.left.endswith(("\n", "\r")) and not _partly(row)
        left = f"{part.left}\n" if apart else part.left
        made += [_run(left, f"-{part.change}", signs=marked), _run(part.right, f"+{part.change}", signs=marked)]
    return _trimmed(made)


def _partly(row: Row) -> bool:
    """Whether some of its text is on both sides."""
    return any(part.same and part.left.strip() for part in row.parts)


def _run(text: str, face: str, *, signs: bool = False) -> Run:
    """A stretch of text as it may be shown."""
    text = display(text.replace("\r\n", "\n"))
    if face and text and not text.strip():
        text = text.translate(_SPACES)
    if signs and face and text:
        bare = text.rstrip() or text
        text = f"{'[-' if face[0] == '-' else '{+'}{bare}{'-]' if face[0] == '-' else '+}'}{text[len(bare) :]}"
    return text, face


def _trimmed(runs: list[Run]) -> list[Run]:
    """The runs without the blank lines around them, tabs as spaces."""
    text = "".join(run for run, _ in runs)
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    ended = len(text.rstrip())
    end = text.find("\n", ended)
    out: list[Run] = []
    at = 0
    for run, face in runs:
        kept = run[max(start - at, 0) : max((len(text) if end < 0 else end) - at, 0)]
        at += len(run)
        if kept:
            out.append((kept, face))
    return merged(_untabbed(out) if "\t" in text else out)


def _untabbed(runs: Sequence[Run]) -> Iterator[Run]:
    column = 0
    for text, face in runs:
        out = ""
        for piece in re.split(r"([\t\n])", text):
            spaces = " " * (TAB - column % TAB) if piece == "\t" else piece
            out += spaces
            column = 0 if piece == "\n" else column + cell_len(spaces)
        yield out, face


def _cell(runs: Sequence[Run], *, code: bool) -> Cell:
    faces = {face for text, face in runs if face or text.strip()}
    changes = frozenset(int(face[1:]) for face in faces if face)
    signs = {face[0] if face else "" for face in faces}
    sign = "" if not changes else REMOVED if signs == {"-"} else ADDED if signs == {"+"} else BOTH
    return Cell(sign, tuple(runs), changes, code)


def change_at(line: Line, shape: Shape, x: int) -> int:
    """The change under a column of the screen, or `SAME`."""
    return next((change for change, start, end in changes_in(line, shape) if start <= x < end), SAME)


def changes_in(line: Line, shape: Shape) -> Iterator[tuple[int, int, int]]:
    """The changes of a line, each with the columns of the screen where it begins and ends."""
    left = 0
    for cell, width in zip(line, shape.columns, strict=False):
        at = left + GUTTER
        for text, face in cell.runs:
            end = at + cell_len(text)
            if face not in {"", FOLDED}:
                yield int(face[1:]), at, end
            at = end
        left += GUTTER + width + 2
