"""A JSON answer as a tree: keys, values in their colours, and containers that fold; it grows while it streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from workbench.core.json_rows import JsonRows, Row
from workbench.core.safe import display
from workbench.ui.text.document import Document
from workbench.ui.text.lines import Line, Run
from workbench.ui.text.pieces import Piece
from workbench.ui.text.wrap import expanded, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROWS: Final = 48
"""Rows in one piece: what changes is laid out again with those around it."""
INDENT: Final = 2
LEAST: Final = 16
"""Columns that a value keeps, however deep it stands."""
FACES: Final = {"string": "str", "number": "num", "literal": "kw"}
COUNTED: Final = {"object": ("field", "fields"), "array": ("item", "items")}


class TreePiece(Piece):
    """Some rows of a tree, those in folded containers left out."""

    def __init__(self, tree: TreeDocument, first: int) -> None:
        super().__init__()
        self.tree: Final = tree
        self._first: Final = first
        self._line_rows: list[int] = []

    @property
    def source(self) -> str:
        return "\n".join("".join(text for text, _ in self._runs(row)) for _, row in self._shown())

    def folds_at(self, line: int) -> bool:
        """Whether a container begins in that line."""
        rows = self._line_rows
        first = 0 <= line < len(rows) and (not line or rows[line - 1] != rows[line])
        return first and self.tree.reader.rows[rows[line]].size > 0

    def toggle(self, line: int) -> bool:
        """Fold or unfold what stands in that line; whether it holds anything."""
        return 0 <= line < len(self._line_rows) and self.tree.toggle(self._line_rows[line])

    def _shown(self) -> Iterator[tuple[int, Row]]:
        rows = self.tree.reader.rows
        for at in range(self._first, min(self._first + ROWS, len(rows))):
            if not self.tree.hidden(rows[at]):
                yield at, rows[at]

    def _guess(self, width: int) -> int:
        return sum(1 + len(row.text) // width for _, row in self._shown())

    def _rows(self, width: int) -> Iterable[Line]:
        self._line_rows = []
        made: list[Line] = []
        for at, row in self._shown():
            indent = min(row.depth * INDENT, max(width - LEAST, 0))
            prefix: tuple[Run, ...] = ((" " * indent, ""),) if indent else ()
            sign = self._sign(at, row)
            room = max(width - indent - cell_len(sign), 1)
            for number, (runs, joint) in enumerate(wrap(self._runs(row), room)):
                head = (*prefix, (sign if number == 0 else " " * cell_len(sign), "faint"))
                made.append(
                    Line(runs, prefix=head, joint=joint if number else "\n", lead=" " * indent if number == 0 else "")
                )
                self._line_rows.append(at)
        return made

    def _sign(self, at: int, row: Row) -> str:
        if not row.holds or not row.size:
            return "  "
        return "▸ " if at in self.tree.folded else "▾ "

    def _runs(self, row: Row) -> list[Run]:
        """`name: value`, a number in an array, or what a container holds."""
        runs: list[Run] = []
        if row.key is not None:
            runs += [(_flat(row.key), ""), (": ", "faint")]
        elif row.place is not None:
            runs += [(str(row.place), "dim"), ("  ", "")]
        if row.holds:
            one, more = COUNTED[row.kind]
            empty = "{}" if row.kind == "object" else "[]"
            going = "" if row.closed else " …"
            runs.append((f"{row.size} {one if row.size == 1 else more}{going}" if row.size else empty + going, "dim"))
        else:
            quote = '"' if row.kind == "string" else ""
            runs += [(quote, "faint"), (_flat(row.text), FACES[row.kind])]
            runs += [(quote, "faint")] if row.closed else []
        return [(text, face) for text, face in runs if text]


class TreeDocument(Document):
    """As `Document`, of JSON; what turns out to be none is shown as it came."""

    def __init__(self) -> None:
        super().__init__(markdown=False, raw=True)
        self.reader: Final = JsonRows()
        self.folded: set[int] = set()
        self._trees: list[TreePiece] = []

    @property
    def is_tree(self) -> bool:
        return bool(self.reader.rows) and not self.reader.broken

    def feed(self, parts: Iterable[str]) -> None:
        new = "".join(parts)
        super().feed((new,))
        self.reader.feed(new)

    def finish(self) -> None:
        self.reader.finish()
        super().finish()

    def update(self) -> None:
        if not self.is_tree:
            if self._trees:
                self._trees, self.pieces, self._done, self._base = [], [], 0, 0
                self._tail.clear()
            super().update()
            return
        for first in range(len(self._trees) * ROWS, len(self.reader.rows), ROWS):
            self._trees.append(TreePiece(self, first))
        for at in self.reader.changed:
            self._trees[at // ROWS].stale = True
        self.reader.changed.clear()
        self.pieces = [*self._trees]

    def height(self, width: int) -> int:
        return sum(piece.guess(width) for piece in self.pieces) if self.is_tree else super().height(width)

    def colour(self) -> bool:
        return not self.is_tree and super().colour()

    def folds_at(self, piece: Piece, line: int) -> bool:
        """Whether a container begins in that line of a piece of this tree."""
        return isinstance(piece, TreePiece) and piece.tree is self and piece.folds_at(line)

    def toggle_at(self, piece: Piece, line: int) -> bool:
        """Fold or unfold what stands there; whether it holds anything."""
        return isinstance(piece, TreePiece) and piece.tree is self and piece.toggle(line)

    def hidden(self, row: Row) -> bool:
        """Whether one of the containers that it is in is folded."""
        at = row.parent if self.folded else None
        while at is not None:
            if at in self.folded:
                return True
            at = self.reader.rows[at].parent
        return False

    def toggle(self, at: int) -> bool:
        """Fold or unfold one container; whether the row is one."""
        row = self.reader.rows[at]
        if not row.holds or not row.size:
            return False
        self.folded ^= {at}
        self._draw_anew()
        return True

    @property
    def is_open(self) -> bool:
        """Whether anything below the top level shows."""
        return self.is_tree and bool(self._inner() - self.folded)

    def fold(self, *, opening: bool) -> None:
        """Show everything, or only what the outermost container holds."""
        self.folded = set() if opening else self._inner()
        self._draw_anew()

    def _inner(self) -> set[int]:
        return {at for at, row in enumerate(self.reader.rows) if row.holds and row.size and row.depth}

    def _draw_anew(self) -> None:
        for piece in self._trees:
            piece.stale = True


def _flat(text: str) -> str:
    """One row's text: what would steer the terminal is shown, and a line end is `↵`."""
    return expanded(display(text).replace("\n", "↵"))
