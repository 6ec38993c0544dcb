"""Lanes as the rows of a list: the same things beneath each other, the least important gone where it is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from workbench.ui.lanes import card_lines
from workbench.ui.lanes.colours import BASELINE, LEAST, lane_style, number_chip, tone_style
from workbench.ui.widgets.rows import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.ui.lanes.values import Card

GAP: Final = 2
TAIL: Final = 20
"""Cells that the end of the text has at least, while anything else can go."""
LEAST_END: Final = 6
"""Cells below which the end of the text says nothing."""
LONGEST: Final = 20
"""Cells of a name or a value."""
LONGEST_TAIL: Final = 300
"""Characters of the end of the text that are looked at."""
BAR, FOCUSED_BAR = "▌", "█"


class Column(NamedTuple):
    """One thing about every lane."""

    cells: tuple[Content, ...]
    weight: int
    right: bool = False
    """Whether it stands at the right of its column, as figures do."""

    @property
    def width(self) -> int:
        return max((cell.cell_length for cell in self.cells), default=0)

    def cell(self, at: int) -> Content:
        """The cell of one lane, as wide as the column."""
        cell = self.cells[at]
        missing = self.width - cell.cell_length
        return cell.pad_left(missing) if self.right else cell.pad_right(missing)


class Table:
    """All lanes at one width."""

    def __init__(self, cards: Sequence[Card], width: int) -> None:
        self.cards: Final = cards
        self.width: Final = width
        self._columns: Final = kept(columns(cards), width - 4)

    def row(self, at: int, *, focused: bool = False, label: str = "") -> Content:
        """One lane: its number, what differs, what it cost and took, and the end of its text."""
        card = self.cards[at]
        colour = lane_style(card.number)
        number = Content.styled(f"{card.number:^3}", f"bold {colour}")
        chip = number_chip(card.number, label) if label or focused else number
        line = Content.assemble((FOCUSED_BAR if focused else BAR, colour), chip)
        for column in self._columns:
            line += Content(" ") + column.cell(at) + Content(" " * (GAP - 1))
        return line + _end(card, self.width - line.cell_length - 1)


def columns(cards: Sequence[Card]) -> list[Column]:
    """Everything that may stand before the end of the text, in order."""
    made = [
        Column(tuple(Content.styled(one_line(card.sign), tone_style(card.tone)) for card in cards), 95),
        Column(tuple(Content.styled(BASELINE if card.baseline else "", "$muted") for card in cards), 65),
        Column(tuple(_short(card.name, "bold $foreground") for card in cards), 55),
    ]
    for at in range(max((len(card.chips) for card in cards), default=0)):
        chips = (card.chips[at] if at < len(card.chips) else "" for card in cards)
        made.append(Column(tuple(_short(chip, "$accent") for chip in chips), 90 - at))
    made.append(Column(tuple(card_lines.out_of(card) for card in cards), 60, right=True))
    made.append(Column(_aligned([card_lines.cost_of(card) for card in cards]), 58, right=True))
    made.append(Column(_aligned([card_lines.ttft_of(card) for card in cards]), 40, right=True))
    made.append(Column(tuple(card_lines.rate_of(card) for card in cards), 20, right=True))
    made.append(Column(tuple(card_lines.spark_of(card) for card in cards), 30))
    return made


def kept(given: Sequence[Column], width: int) -> list[Column]:
    """The columns that fit beside the end of the text; the lightest go first."""
    left = [column for column in given if column.width]
    while left and sum(column.width + GAP for column in left) > width - TAIL:
        lightest = min(column.weight for column in left)
        if lightest >= 90 and sum(column.width + GAP for column in left) <= width:
            break
        left.remove(next(column for column in reversed(left) if column.weight == lightest))
    return left


def _end(card: Card, room: int) -> Content:
    """How it stands, where that is more than its sign; else the last words of the text, at the right."""
    if room < LEAST_END:
        return Content("")
    if card.older:
        return Content(" ") + Content.styled(one_line(card.older), "$warning").truncate(room, ellipsis=True)
    if card.state and (card.tone in {"warning", "problem"} or not card.tail):
        state = Content.styled(one_line(card.state), tone_style(card.tone, "$muted"))
        return Content(" ") + state.truncate(room, ellipsis=True)
    end = one_line(card.tail[-LONGEST_TAIL:])
    if cell_len(end) > room:
        end = end[1 - room :]
        while cell_len(end) > room - 1:
            end = end[1:]
        end = f"…{end}"
    return Content.styled(end, "$dim").pad_left(room + 1 - cell_len(end))


def _aligned(figures: Sequence[Content]) -> tuple[Content, ...]:
    """The figures with room behind them for the mark that one of them has."""
    if not any(each.plain.endswith(LEAST) for each in figures):
        return tuple(figures)
    return tuple(each if each.plain.endswith(LEAST) else each.pad_right(1) for each in figures)


def _short(text: str, style: str) -> Content:
    return Content.styled(one_line(text), style).truncate(LONGEST, ellipsis=True)
