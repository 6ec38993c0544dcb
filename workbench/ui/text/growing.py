"""Chunks that may grow without end, code and tables, as pieces of a bounded number of rows."""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING, Final

from workbench.core.safe import display
from workbench.ui.text import layout
from workbench.ui.text.code import AT_ONCE, bare, coloured
from workbench.ui.text.lines import Line, Run
from workbench.ui.text.pieces import MarkdownPiece, Piece, PlainPiece
from workbench.ui.text.table import Cells, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.ui.text.split import Chunk

CODE_LINES: Final = 64
TABLE_ROWS: Final = 32
LIVE_PACE: Final = 8
"""Open code is coloured at every so many updates."""
STEP_S: Final = 0.04
"""Seconds of this thread that colour takes at a time."""


class TextView:
    """A chunk that is one piece."""

    def __init__(self, chunk: Chunk, *, left: tuple[Run, ...] = (), face: str = "", raw: bool = False) -> None:
        self._piece: Final = (
            PlainPiece(chunk, left=left, face=face, raw=raw)
            if chunk.kind == "plain"
            else MarkdownPiece(chunk, left=left)
        )
        self.pieces: list[Piece] = [self._piece]

    def show(self, chunk: Chunk, partial: str, *, final: bool) -> None:
        del partial
        if isinstance(self._piece, PlainPiece):
            self._piece.put(chunk.lines)
        else:
            self._piece.put(chunk.source, final=final)


class CodeView:
    """A fenced block: its lines are finished when they end; their colour follows."""

    def __init__(self, chunk: Chunk, *, left: tuple[Run, ...] = ()) -> None:
        self.chunk = chunk
        self.pieces: list[Piece] = []
        self.partial: str | None = None
        self._left = left
        self._final = False
        self._updates = 0
        self._coloured: dict[int, tuple[Run, ...]] = {}
        self._job: Iterator[tuple[Run, ...]] | None = None
        self._next = 0  # the line that the job colours next
        self._quick = True  # whether colour, while it is open, kept within its time
        self.wanted = False
        """Whether somebody has looked at it."""

    def show(self, chunk: Chunk, partial: str, *, final: bool) -> None:
        self.chunk = chunk
        self.partial = None if final else partial or None
        count = len(self)
        old = max(len(self.pieces) - 1, 0)
        while len(self.pieces) * CODE_LINES < count or not self.pieces:
            self.pieces.append(CodePiece(self, len(self.pieces) * CODE_LINES, left=self._left))
        for piece in self.pieces[old:]:
            piece.stale = True
        del self.pieces[max(-(-count // CODE_LINES), 1) :]
        if final and not self._final:
            self._final = True
            self._job = coloured([display(line) for line in chunk.lines], chunk.info)
        elif not final:
            self._updates += 1
            if self._updates % LIVE_PACE == 1 and self._quick:
                self._colour_live(chunk)

    def __len__(self) -> int:
        return len(self.chunk.lines) + (self.partial is not None)

    @property
    def waiting(self) -> bool:
        """Whether there is colour to come."""
        return self._job is not None

    def work(self, lines: int) -> None:
        """Colour so many lines more, or as many as there is time for."""
        if self._job is None:
            return
        until = thread_time() + STEP_S
        for _ in range(lines):
            if thread_time() > until:
                return
            row = next(self._job, None)
            if row is None:
                self._job = None
                return
            self._colour(self._next, row)
            self._next += 1

    def look(self) -> None:
        """Somebody looks: short code is coloured at once, longer code by and by."""
        self.wanted = True
        if self.chunk.size <= AT_ONCE:
            self.work(len(self.chunk.lines) + 1)

    def row(self, at: int) -> tuple[Run, ...]:
        """The runs of one line."""
        if at >= len(self.chunk.lines):
            return bare(display(self.partial or ""))
        return self._coloured.get(at) or bare(display(self.chunk.lines[at]))

    def _colour(self, at: int, row: tuple[Run, ...]) -> None:
        if self._coloured.get(at) != row:
            self._coloured[at] = row
            if at // CODE_LINES < len(self.pieces):
                self.pieces[at // CODE_LINES].stale = True

    def _colour_live(self, chunk: Chunk) -> None:
        """Colour what is there of the last piece, or of all while it is short, as well as one can yet."""
        first = 0 if chunk.size <= AT_ONCE else max(len(self.pieces) - 1, 0) * CODE_LINES
        until = thread_time() + STEP_S
        for at, row in enumerate(coloured([display(line) for line in chunk.lines[first:]], chunk.info), first):
            self._colour(at, row)
            if thread_time() > until:
                break
        self._quick = thread_time() <= until


class CodePiece(Piece):
    """Some lines of a code block."""

    def __init__(self, view: CodeView, start: int, *, left: tuple[Run, ...]) -> None:
        super().__init__(gap=view.chunk.gap and start == 0, left=_indented(left, view.chunk))
        self._view = view
        self._start = start

    @property
    def source(self) -> str:
        chunk = self._view.chunk
        lines = chunk.lines[self._start : self._start + CODE_LINES]
        if self._start == 0:
            lines = [f"```{chunk.info}", *lines]
        if self._view.pieces[-1] is self and chunk.closed:
            lines = [*lines, "```"]
        return "\n".join(lines)

    def _guess(self, width: int) -> int:
        del width
        return min(CODE_LINES, len(self._view) - self._start)

    def _rows(self, width: int) -> Iterable[Line]:
        room = width - sum(len(text) for text, _ in self.left)
        stop = min(self._start + CODE_LINES, len(self._view))
        self._view.look()
        for at in range(self._start, stop):
            yield from layout.code(self._view.row(at), room, self.left)
        if stop == 0:
            yield from layout.code((), room, self.left)


class TableView:
    """A table: rows are parsed once; all are drawn again only when a column becomes wider."""

    def __init__(self, chunk: Chunk, *, left: tuple[Run, ...] = ()) -> None:
        self.chunk = chunk
        self.pieces: list[Piece] = []
        self.extra: Cells | None = None
        """The last row, as far as it has arrived."""
        self.table = Table.begun("", "")
        self._begun: list[str] = []
        self._left = left

    def show(self, chunk: Chunk, partial: str, *, final: bool) -> None:
        del partial
        self.chunk = chunk
        lines = [display(line) for line in chunk.lines[:2]]
        if lines != self._begun:
            self._begun = lines
            self.table = Table.begun(*lines)
            self.pieces = []
        before = (self.table.widths, self.extra)
        whole = len(chunk.lines) if final else max(len(chunk.lines) - 1, 2)
        for line in chunk.lines[2 + len(self.table.rows) : whole]:
            self.table.add(display(line))
        self.extra = self.table.parsed(display(chunk.lines[-1])) if whole < len(chunk.lines) else None
        old = max(len(self.pieces) - 1, 0)
        count = len(self.table.rows) + (self.extra is not None)
        while len(self.pieces) * TABLE_ROWS < count or not self.pieces:
            self.pieces.append(TablePiece(self, len(self.pieces) * TABLE_ROWS, left=self._left))
        del self.pieces[max(-(-count // TABLE_ROWS), 1) :]
        wider = self.table.columns(10_000, before[1]) != self.table.columns(10_000, self.extra)
        if before[0] != self.table.widths or wider:
            old = 0
        for piece in self.pieces[old:]:
            piece.stale = True


class TablePiece(Piece):
    """Some rows of a table, the first with its header."""

    def __init__(self, view: TableView, start: int, *, left: tuple[Run, ...]) -> None:
        super().__init__(gap=view.chunk.gap and start == 0, left=_indented(left, view.chunk))
        self._view = view
        self._start = start

    @property
    def source(self) -> str:
        first = self._start + 2 if self._start else 0
        return "\n".join(self._view.chunk.lines[first : self._start + TABLE_ROWS + 2])

    def _rows(self, width: int) -> Iterable[Line]:
        view = self._view
        room = max(width - sum(len(text) for text, _ in self.left), 1)
        rows = view.table.rows[self._start : self._start + TABLE_ROWS]
        if view.extra is not None and view.pieces[-1] is self:
            rows = [*rows, view.extra]
        for line in view.table.lines(view.table.columns(room, view.extra), rows, head=self._start == 0):
            yield Line(line.runs, prefix=self.left) if self.left else line


def _indented(left: tuple[Run, ...], chunk: Chunk) -> tuple[Run, ...]:
    return (*left, (" " * chunk.indent, "")) if chunk.indent else left
