"""Pieces: the units that are laid out by themselves, and only when somebody looks at them."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from workbench.core.safe import display
from workbench.ui.text import layout
from workbench.ui.text.blocks import BAR, Block, blocks
from workbench.ui.text.inline import variables
from workbench.ui.text.lines import Line, Run, keep
from workbench.ui.text.wrap import expanded, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbench.ui.text.split import Chunk

SLOW: Final = 0.03
PATIENCE: Final = 5
"""A chunk that takes longer than so many seconds to parse, which only an attack does, is parsed again
not before so many times as long have passed."""


class Piece:
    """Some rows that belong together, and the source they were made from."""

    def __init__(self, *, gap: bool = False, left: tuple[Run, ...] = ()) -> None:
        self.gap: Final = gap
        self.left: Final = left
        self.stale = False
        """Whether the rows must be made again although the width is the same."""
        self._width = 0
        self._lines: list[Line] = []

    @property
    def source(self) -> str:
        raise NotImplementedError

    def lines(self, width: int) -> list[Line]:
        """The rows for a width; what did not change stays the same object."""
        if self._width != width or self.stale:
            self.stale = False
            new = [Line(prefix=self.left)] if self.gap else []
            new.extend(self._rows(width))
            self._lines = keep(self._lines, new) if self._width == width else new
            self._width = width
        return self._lines

    def guess(self, width: int) -> int:
        """How many rows it has or, not yet laid out, may have."""
        if self._width == width:
            return len(self._lines)
        return self._guess(width) + self.gap

    def _guess(self, width: int) -> int:
        return 1 + len(self.source) // width

    def _rows(self, width: int) -> Iterable[Line]:
        raise NotImplementedError


class MarkdownPiece(Piece):
    """One chunk of Markdown; its blocks are parsed once when it is closed, and at each change before."""

    def __init__(self, chunk: Chunk, *, left: tuple[Run, ...] = ()) -> None:
        indent = ((" " * chunk.indent, ""),) if chunk.indent else ()
        super().__init__(gap=chunk.gap, left=(*left, *indent))
        self._source = ""
        self._final = False
        self._joined = chunk.joined
        self._blocks: list[Block] | None = None
        self._parsed = self._cost = 0.0

    @property
    def source(self) -> str:
        return self._source

    def put(self, source: str, *, final: bool) -> None:
        """What the chunk holds now."""
        if source == self._source and final == self._final:
            return
        if not final and self._cost > SLOW and perf_counter() < self._parsed + PATIENCE * self._cost:
            return
        if source != self._source or "```" in source or "~~~" in source:
            self.stale, self._blocks = True, None
        self._source, self._final = source, final

    def _rows(self, width: int) -> Iterable[Line]:
        if self._blocks is None:
            self._parsed = perf_counter()
            self._blocks = blocks(self._source, final=self._final)
            self._cost = perf_counter() - self._parsed
        rows = list(layout.lines(self._blocks, width, self.left))
        if self._joined and rows:
            first = rows[0]
            rows[0] = Line(first.runs, prefix=first.prefix, joint="", fill=first.fill)
        return rows


class PlainPiece(Piece):
    """Lines of text as they are: no markup but `{{variables}}`, and a bar where a line is quoted."""

    def __init__(self, chunk: Chunk, *, face: str = "", left: tuple[Run, ...] = (), raw: bool = False) -> None:
        super().__init__(gap=chunk.gap, left=left)
        self._face = face
        self._raw = raw
        self._joined = chunk.joined
        self._text: list[str] = []

    @property
    def source(self) -> str:
        return "\n".join(self._text)

    def put(self, lines: Sequence[str]) -> None:
        if list(lines) != self._text:
            self._text = list(lines)
            self.stale = True

    def _guess(self, width: int) -> int:
        return sum(1 + len(line) // width for line in self._text)

    def _rows(self, width: int) -> Iterable[Line]:
        room = max(width - sum(cell_len(text) for text, _ in self.left), 1)
        joint_first = "" if self._joined else "\n"
        for line in self._text:
            shown = expanded(display(line))
            prefix, lead, space = self.left, "", room
            if not self._raw and shown.startswith(">"):
                lead = shown[: len(shown) - len(shown.lstrip("> "))]
                shown = shown[len(lead) :]
                prefix, space = (*self.left, *[BAR] * lead.count(">")), room - 2 * lead.count(">")
            runs = [(shown, self._face)] if self._raw else variables(shown, self._face)
            for row, joint in wrap(runs, space):
                yield Line(row, prefix=prefix, joint=joint_first if joint == "\n" else joint, lead=lead)
                joint_first = "\n"
