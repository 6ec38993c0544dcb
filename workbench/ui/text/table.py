"""Tables: cells as runs, columns as wide as they need or as the view allows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from rich.cells import cell_len

from workbench.ui.text.inline import SPECIAL, inline, plain, runs
from workbench.ui.text.lines import Line, Run, faced
from workbench.ui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

Cells: TypeAlias = list[list[Run]]
"""One row of a table."""

SEPARATOR: Final = " │ "
CROSSING: Final = "─┼─"
LEAST: Final = 3
"""No column is squeezed below so many cells."""
MARKUP: Final = 16_384
"""So many characters of a table's rows may have markup; what follows them is shown as it is."""
BRACKET: Final = 16
"""A bracket counts as so many: each could begin a link."""
PIPE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\|")
BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)


@dataclass(slots=True)
class Table:
    """A header, rows, and how each column is aligned."""

    head: Cells
    aligns: list[str]
    rows: list[Cells] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    """The cells each column would like to have, over all rows so far."""
    _marked: int = 0
    """What its rows cost so far that were looked through for markup."""

    def __post_init__(self) -> None:
        self.widths = [0] * len(self.aligns)
        for row in (self.head, *self.rows):
            self._measure(row)

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Table:
        """The table of markdown-it's tokens."""
        rows: list[Cells] = []
        aligns: list[str] = []
        for at, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                if token.type == "th_open":
                    aligns.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
                rows[-1].append(_broken(runs(tokens[at + 1].children or (), "head" if len(rows) == 1 else "")))
        return cls(rows[0], aligns, rows[1:])

    @classmethod
    def begun(cls, head: str, delimiters: str) -> Table:
        """A table without rows, from the two lines that begin it."""
        marks = cells(delimiters)
        aligns = [_align(mark) for mark in marks]
        return cls([_broken(inline(cell, "head")) for cell in cells(head)], aligns)

    def parsed(self, line: str) -> Cells:
        """The cells of one line, as many as there are columns."""
        found = cells(line)[: len(self.aligns)]
        read = inline if self._marked + _cost(line) <= MARKUP else plain
        return [_broken(read(cell)) for cell in found] + [[] for _ in range(len(self.aligns) - len(found))]

    def add(self, line: str) -> None:
        """Add one line of the source as a row."""
        self.rows.append(self.parsed(line))
        self._marked += _cost(line)
        self._measure(self.rows[-1])

    def columns(self, width: int, extra: Cells | None = None) -> list[int]:
        """How wide each column is drawn; what doesn't fit is shared evenly among the wide ones."""
        wanted = [max(each, LEAST) for each in self.widths]
        if extra:
            wanted = [max(each, natural(cell)) for each, cell in zip(wanted, extra, strict=True)]
        room = max(width - len(SEPARATOR) * (len(wanted) - 1), LEAST * len(wanted))
        if sum(wanted) <= room:
            return wanted
        given = [0] * len(wanted)
        left = sorted(range(len(wanted)), key=lambda column: wanted[column])
        for place, column in enumerate(left):
            given[column] = max(min(wanted[column], room // (len(left) - place)), LEAST)
            room -= given[column]
        return given

    def lines(self, columns: Sequence[int], rows: Sequence[Cells], *, head: bool) -> Iterator[Line]:
        """The header, if asked for, and these rows, with columns of the given widths."""
        if head:
            yield from self._row(self.head, columns)
            yield Line([(CROSSING.join("─" * width for width in columns), "rule")], lead="")
        for row in rows:
            yield from self._row(row, columns)

    def _row(self, row: Cells, columns: Sequence[int]) -> Iterator[Line]:
        wrapped = [[cell for cell, _ in wrap(runs, width)] for runs, width in zip(row, columns, strict=True)]
        for at in range(max(map(len, wrapped), default=1)):
            out: list[Run] = []
            for column, (width, align) in enumerate(zip(columns, self.aligns, strict=True)):
                cell = wrapped[column][at] if at < len(wrapped[column]) else []
                room = width - sum(cell_len(text) for text, _ in cell)
                before = room if align == "right" else room // 2 if align == "center" else 0
                if column:
                    out.append((SEPARATOR, "rule"))
                out += [(" " * before, ""), *cell]
                if column < len(columns) - 1:
                    out.append((" " * (room - before), ""))
            yield Line([run for run in out if run[0]])

    def _measure(self, row: Cells) -> None:
        self.widths = [max(width, natural(cell)) for width, cell in zip(self.widths, row, strict=True)]


def cells(line: str) -> list[str]:
    """The cells of a line: cut at each `|` that isn't escaped."""
    parts = PIPE.sub("\\1\n", line.strip()).split("\n")
    if parts and not parts[0].strip():
        parts = parts[1:]
    if parts and not parts[-1].strip():
        parts = parts[:-1]
    return [part.strip().replace("\\|", "|") for part in parts]


def natural(cell: Sequence[Run]) -> int:
    """The cells of the longest line in a table's cell."""
    return max(map(cell_len, "".join(text for text, _ in cell).split("\n")))


def _cost(line: str) -> int:
    return len(line) + BRACKET * line.count("[") if SPECIAL.search(line) else 0


def _align(mark: str) -> str:
    left, right = mark.startswith(":"), mark.endswith(":")
    return "center" if left and right else "right" if right else "left" if left else ""


def _broken(runs: Sequence[Run]) -> list[Run]:
    return [(BREAK.sub("\n", text), faced(face, "")) for text, face in runs]
