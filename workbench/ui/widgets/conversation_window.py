"""Which rows are in view: the place one has scrolled to, or the end, which then is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from workbench.ui.widgets.conversation_flow import Flow, Position, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.ui.widgets.conversation_turn import Turn


class Window:
    """Some rows of the turns; `top` is the first of them, or None while the end is followed."""

    def __init__(self, align: Literal["top", "bottom"] = "bottom") -> None:
        self.align = align
        self.turns: list[Turn] = []
        self.top: Position | None = None
        self.shown: list[Row | None] = []
        self.height = 0
        self.width = 1
        self._heights: list[int] = []

    @property
    def following(self) -> bool:
        return self.top is None

    @property
    def flow(self) -> Flow:
        return Flow(self.turns, self.width)

    def resize(self, width: int, height: int) -> None:
        """Another size: the first row in view stays about where it is."""
        if self.width != width and self.top:
            self.top = self.top._replace(line=self.top.line * self.width // max(width, 1))
        if self.width != width:
            self._heights = []
        self.width, self.height = max(width, 1), height

    def replace(self, turns: Sequence[Turn], same: int = 0) -> None:
        """Other turns, of which the first may be as they were: what is in view stays, if it still exists."""
        if self.top:
            key = self.turns[self.top.turn].key if self.top.turn < len(self.turns) else ""
            at = next((at for at, turn in enumerate(turns) if turn.key == key), None)
            self.top = None if at is None else Position(at, self.top.piece, self.top.line)
        self.turns = list(turns)
        self._heights = self._heights[:same]

    def compose(self) -> list[Row | None]:
        """Find the rows that are in view now."""
        rows = self.flow.take(self._settled(self.top), self.height) if self.top else []
        if len(rows) < self.height:
            self.top = None
            rows = self.flow.before(None, self.height)
        elif self.top:
            self.top = rows[0].at
        padding: list[Row | None] = [None] * (self.height - len(rows))
        self.shown = [*padding, *rows] if self.align == "bottom" else [*rows, *padding]
        return self.shown

    def scroll(self, by: int) -> None:
        """Move by rows; at the end it is followed again."""
        first = next((row for row in self.shown if row), None)
        if first is None or (by > 0 and self.top is None) or (None in self.shown):
            return
        self.show(self.flow.moved(first.at, by))

    def at_end(self, top: Position) -> bool:
        """Whether the last row is in view when this one is the first."""
        return len(self.flow.take(top, self.height + 1)) <= self.height

    def show(self, at: Position) -> None:
        """Make this row the first in view, as far as the end allows."""
        self.top = None if self.at_end(at) else at

    def reveal(self, at: Position, *, margin: int = 0) -> None:
        """Scroll just so far that the row is in view."""
        visible = [row.at for row in self.shown if row]
        if visible and visible[0] <= at <= visible[-1]:
            return
        if visible and at < visible[0]:
            self.top = self.flow.moved(at, -margin) if margin else at
        else:
            rows = self.flow.before(at, max(self.height - 1 - margin, 0))
            self.show(rows[0].at if rows else at)

    def reveal_turn(self, turn: int) -> None:
        """Scroll so that the whole turn is in view or, if it is too long, its beginning."""
        head = Position(turn, 0, 0)
        visible = {row.at for row in self.shown if row}
        rows = self.flow.take(head, self.height)
        head = rows[0].at if rows else head
        last = max((row.at for row in rows if row.at.turn == turn), default=head)
        fits = last.piece == len(self.turns[turn].pieces) - 1
        if head in visible and (last in visible or not fits):
            return
        if fits and visible and last > max(visible):
            self.reveal(last)
        else:
            self.show(head)

    def thumb(self) -> tuple[int, int] | None:
        """First and last row of the scrollbar's thumb; None when everything is in view."""
        total, above = self._measure()
        if total <= self.height or not self.height or None in self.shown:
            return None
        size = max(1, self.height * self.height // total)
        room = self.height - size
        hidden = max(total - self.height, 1)
        first = room if self.top is None else min(round(room * above / hidden), max(room - 1, 0))
        return first, first + size - 1

    def jump(self, fraction: float) -> None:
        """Go to a place between the first row, 0, and the last, 1."""
        total, _ = self._measure()
        rows = int(max(0.0, min(fraction, 1.0)) * total)
        for turn, height in enumerate(self._heights):
            if rows < height or turn == len(self._heights) - 1:
                self._jump_inside(turn, rows)
                return
            rows -= height

    def _jump_inside(self, turn: int, rows: int) -> None:
        for piece, each in enumerate(self.turns[turn].pieces):
            height = each.guess(self.width)
            if rows < height:
                self.show(Position(turn, piece, min(rows, max(len(self.flow.lines(turn, piece)) - 1, 0))))
                return
            rows -= height
        self.top = None

    def _measure(self) -> tuple[int, int]:
        """About how many rows there are, and how many above the view."""
        self._heights += [turn.height(self.width) for turn in self.turns[len(self._heights) :]]
        seen = {row.at.turn for row in self.shown if row}
        for turn in seen | {len(self.turns) - 1} if self.turns else set():
            self._heights[turn] = self.turns[turn].height(self.width)
        above = 0
        if self.top:
            pieces = self.turns[self.top.turn].pieces[: self.top.piece]
            above = (
                sum(self._heights[: self.top.turn]) + sum(piece.guess(self.width) for piece in pieces) + self.top.line
            )
        return sum(self._heights), above

    def _settled(self, at: Position) -> Position:
        """The position moved back into what exists."""
        if at.turn >= len(self.turns):
            return Position(max(len(self.turns) - 1, 0), 0, 0)
        piece = min(at.piece, len(self.turns[at.turn].pieces) - 1)
        line = min(at.line, max(len(self.flow.lines(at.turn, piece)) - 1, 0))
        return Position(at.turn, piece, line)
