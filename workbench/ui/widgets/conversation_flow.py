"""Where one is in a conversation: rows found from any place forwards or backwards, laying out only those."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.ui.text.lines import Line
    from workbench.ui.widgets.conversation_turn import Turn


class Position(NamedTuple):
    """One row, by the turn, the piece in it and the line in that."""

    turn: int = 0
    piece: int = 0
    line: int = 0

    @property
    def code(self) -> int:
        """The position as one number of the same order."""
        return (self.turn << 48) | (self.piece << 24) | self.line

    @classmethod
    def decoded(cls, code: int) -> Position:
        """The position of a number made by `code`."""
        return cls(code >> 48, (code >> 24) & 0xFFFFFF, code & 0xFFFFFF)


class Row(NamedTuple):
    """One row with what stands in it."""

    at: Position
    line: Line


class Flow:
    """All rows of the turns at one width."""

    def __init__(self, turns: Sequence[Turn], width: int) -> None:
        self.turns = turns
        self.width = width

    def lines(self, turn: int, piece: int) -> list[Line]:
        """The rows of one piece."""
        return self.turns[turn].pieces[piece].lines(self.width)

    def forwards(self, at: Position) -> Iterator[Row]:
        """The rows from a position to the end."""
        first_piece, first_line = at.piece, at.line
        for turn in range(at.turn, len(self.turns)):
            for piece in range(first_piece, len(self.turns[turn].pieces)):
                lines = self.lines(turn, piece)
                for line in range(first_line, len(lines)):
                    yield Row(Position(turn, piece, line), lines[line])
                first_line = 0
            first_piece = first_line = 0

    def backwards(self, before: Position | None = None) -> Iterator[Row]:
        """The rows before a position, or all, last first."""
        last = before or Position(len(self.turns))
        for turn in range(min(last.turn, len(self.turns) - 1), -1, -1):
            pieces = self.turns[turn].pieces
            stop = min(last.piece, len(pieces) - 1) if turn == last.turn else len(pieces) - 1
            for piece in range(stop, -1, -1):
                lines = self.lines(turn, piece)
                here = turn == last.turn and piece == last.piece
                for line in range((min(last.line, len(lines)) if here else len(lines)) - 1, -1, -1):
                    yield Row(Position(turn, piece, line), lines[line])

    def take(self, at: Position, count: int) -> list[Row]:
        """So many rows from a position on, or as many as there are."""
        return [row for row, _ in zip(self.forwards(at), range(count), strict=False)]

    def before(self, at: Position | None, count: int) -> list[Row]:
        """So many rows before a position, or before the end, in their order."""
        rows = [row for _, row in zip(range(count), self.backwards(at), strict=False)]
        return rows[::-1]

    def moved(self, at: Position, by: int) -> Position:
        """The position so many rows further down, or up; the first or last at most."""
        if by < 0:
            rows = self.before(at, -by)
            return rows[0].at if rows else at
        rows = self.take(at, by + 1)
        return rows[-1].at if rows else at
