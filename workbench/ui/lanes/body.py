"""The text of a lane: a conversation that says where it is by paragraph, so that others can go there too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.conversation_canvas import WHEEL
from workbench.ui.widgets.conversation_flow import Position
from workbench.ui.widgets.conversation_pieces import FoldPiece
from workbench.ui.widgets.conversation_turn import FOLD_BAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from workbench.ui.text.palette import Palette
    from workbench.ui.text.pieces import Piece


class Place(NamedTuple):
    """Where one is in a conversation, in a way that other conversations have as well."""

    turn: int
    """From the last one, 0, backwards: answers are compared, however long the way to each was."""
    paragraph: int
    """From the first one of the turn, 0."""


class Body(Conversation, can_focus=False):
    """The answer without header and facts, from the top; what has the keys is the view of all lanes."""

    class Scrolled(Message):
        """The mouse scrolled this lane."""

        def __init__(self, body: Body) -> None:
            super().__init__()
            self.body = body

    def __init__(self, palette: Palette | None = None) -> None:
        super().__init__(align="top", palette=palette, bare=True)

    @property
    def place(self) -> Place | None:
        """The paragraph of the first row in view; None while everything is."""
        first = next((row.at for row in self._window.shown if row), None)
        if first is None or None in self._window.shown:
            return None
        starts = paragraphs(self._window.turns[first.turn].pieces)
        begun = sum(start <= first.piece for start in starts)
        return Place(len(self._window.turns) - 1 - first.turn, max(begun - 1, 0))

    def go_to(self, place: Place) -> None:
        """Scroll to the paragraph of that number, or to the last where there are fewer."""
        turns = self._window.turns
        if not turns:
            return
        turn = max(len(turns) - 1 - place.turn, 0)
        pieces = turns[turn].pieces
        starts = paragraphs(pieces)
        if not starts or place.paragraph == 0:
            self._window.top = Position(turn)
        else:
            at = starts[min(place.paragraph, len(starts) - 1)]
            self._window.top = Position(turn, at, int(pieces[at].gap))
        self._draw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -WHEEL)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.prevent_default()
        event.stop()
        self.scroll_rows(rows)
        self.post_message(self.Scrolled(self))

    def _drag(self, y: int) -> None:
        super()._drag(y)
        self.post_message(self.Scrolled(self))


def paragraphs(pieces: Sequence[Piece]) -> list[int]:
    """The pieces with which a paragraph of the answer begins; what is folded away is none."""
    starts: list[int] = []
    after = True
    for at, piece in enumerate(pieces[1:-1], 1):
        if isinstance(piece, FoldPiece) or FOLD_BAR in piece.left:
            after = True
            continue
        if piece.gap or after:
            starts.append(at)
        after = False
    return starts
