"""The lanes as a list of one line each, of which only those in sight are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Offset

from workbench.ui.lanes.columns import Table
from workbench.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.content import Content

    from workbench.ui.lanes.values import Card


class LaneList(Rows):
    """Draws a card a row; the highlighted row is the focused lane."""

    DEFAULT_CSS: ClassVar[str] = "LaneList { height: 1; }"

    def __init__(self) -> None:
        super().__init__(self._row)
        self._cards: tuple[Card, ...] = ()
        self._table: Table | None = None
        self._labels: Mapping[str, str] = {}

    def put(self, cards: tuple[Card, ...], focused: str) -> None:
        """Show these cards: where one has scrolled to stays as long as there are as many."""
        at = next((at for at, card in enumerate(cards) if card.id == focused), -1)
        if (cards, at) == (self._cards, self.highlighted):
            return
        more = len(cards) != len(self._cards)
        self._cards, self._table = cards, None
        if more:
            self.fill([True] * len(cards), at)
        else:
            self.highlighted = at
            self.refresh()

    def label(self, labels: Mapping[str, str]) -> None:
        """Show these labels in the place of the numbers, by lane."""
        self._labels = labels
        self.refresh()

    def targets(self) -> list[tuple[str, Offset]]:
        """The lanes in sight, with the place on the screen where the number of each stands."""
        region, first = self.scrollable_content_region, self.scroll_offset.y
        seen = self._cards[first : first + region.height]
        return [(card.id, self.region.offset + Offset(1, y)) for y, card in enumerate(seen)]

    def _row(self, at: int, width: int) -> Content:
        if self._table is None or self._table.width != width:
            self._table = Table(self._cards, width)
        card = self._cards[at]
        return self._table.row(at, focused=at == self.highlighted, label=self._labels.get(card.id, ""))
