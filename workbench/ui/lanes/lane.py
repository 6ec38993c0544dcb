"""One lane: its number and values, its text, its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive
from textual.widget import Widget

from workbench.core.theme import LANES
from workbench.ui.lanes import card_lines
from workbench.ui.lanes.body import Body
from workbench.ui.lanes.colours import lane_colour
from workbench.ui.widgets.line import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from workbench.ui.lanes.values import Card
    from workbench.ui.text.palette import Palette

TALL: Final = 15
"""Rows from which a lane has one to spare under its first line."""
BARS: Final = "\n".join(
    f"Lane.-lane-{number} {{ border-left: outer $lane-{number}-dim; }}"
    f" Lane.-lane-{number}.-focused {{ border-left: thick $lane-{number}; }}"
    for number in range(1, LANES + 1)
)


class Top(Line):
    """Which lane it is, what is different about it, how it stands."""

    card: reactive[Card | None] = reactive(None)
    label: reactive[str] = reactive("")

    def draw(self, width: int) -> Content:
        assert self.card
        return card_lines.top(self.card, width, self.label)


class Bottom(Line):
    """What came of it."""

    card: reactive[Card | None] = reactive(None)
    alone: reactive[bool] = reactive(default=False)

    def draw(self, width: int) -> Content:
        assert self.card
        return card_lines.bottom(self.card, width, alone=self.alone)


class Lane(Widget):
    """Shows a card; its text is fed to `body`, which also remembers where one has scrolled to."""

    DEFAULT_CSS: ClassVar[str] = f"""
    Lane {{ layout: vertical; }}
    Lane.-focused {{ background: $surface; }}
    Lane.-listed Top {{ display: none; }}
    Lane.-tall Top {{ margin-bottom: 1; }}
    Lane Top {{ padding: 0 1; }}
    Lane Bottom {{ padding: 0 1; }}
    {BARS}
    """

    def __init__(self, card: Card) -> None:
        super().__init__(classes=f"-lane-{lane_colour(card.number)}")
        self._card = card
        self.top = Top()
        self.body = Body()
        self.bottom = Bottom()
        self.top.card = self.bottom.card = card
        self.body.entries = card.entries

    def compose(self) -> ComposeResult:
        yield self.top
        yield self.body
        yield self.bottom

    @property
    def card(self) -> Card:
        return self._card

    def put(self, card: Card) -> bool:
        """Another value of the card: what is the same in it stays as it was drawn; whether the text is another."""
        before, self._card = self._card, card
        if card == before:
            return False
        if card.number != before.number:
            self.remove_class(f"-lane-{lane_colour(before.number)}")
            self.add_class(f"-lane-{lane_colour(card.number)}")
        self.top.card = self.bottom.card = card
        if card.entries == (before.entries if self.body.live else self.body.entries):
            return False
        self.body.entries = card.entries
        return True

    def on_resize(self) -> None:
        self.set_class(self.size.height >= TALL, "-tall")

    def paint(self, palette: Palette) -> None:
        """Draw the text in these colours, if it isn't yet."""
        if not self.body.is_attached or self.body.palette != palette:
            self.body.palette = palette
