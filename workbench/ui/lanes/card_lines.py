"""The two lines around a lane's text: which lane it is, and what its answer cost and took."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from textual.content import Content

from workbench.ui.fit import Part, fit, joined, spread
from workbench.ui.gauge import gauge, sparkline
from workbench.ui.lanes.colours import BASELINE, LEAST, number_chip, tone_style, value_chip
from workbench.ui.widgets.rows import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.ui.lanes.values import Card

GAP: Final = Content("  ")
BARS: Final = 8
"""Bars of a sparkline, at most."""
TTFT_BAR: Final = 6


def top(card: Card, width: int, label: str = "") -> Content:
    """` 1  terse  T 0.7  v3      ◆ baseline ⠹`."""
    left = [
        Part(number_chip(card.number, label), 100),
        Part(Content.styled(one_line(card.name), "bold $foreground"), 40),
    ]
    left += [Part(value_chip(chip), 80 - at) for at, chip in enumerate(card.chips)]
    right = [
        Part(Content.styled(one_line(card.older), "$warning"), 78),
        Part(Content.styled(f"{BASELINE} baseline" if card.baseline else "", "$muted"), 30),
        Part(Content.styled(one_line(card.sign), tone_style(card.tone)), 95),
    ]
    return _ends(left, right, width, Content(" "))


def bottom(card: Card, width: int, *, alone: bool = False) -> Content:
    """`112 out  $0.0029  0.78s  46 t/s ▅▅▆▃`; a lane that is alone has room for all its facts."""
    spark = Part(spark_of(card), 20)
    if alone and card.facts:
        facts = [
            Part(Content.styled(one_line(each.text), tone_style(each.tone, "$dim")), each.weight) for each in card.facts
        ]
        line = fit(facts, width, Content.styled(" · ", "$dim"))
        return fit([Part(line, 100), spark], width, GAP)
    parts = [state_of(card), Part(out_of(card), 90), Part(cost_of(card), 80)]
    parts += [Part(ttft_of(card), 50), Part(_ttft_bar(card), 10), Part(rate_of(card), 40), spark]
    return fit(parts, width, GAP)


def state_of(card: Card) -> Part:
    """In words how it stands: it matters most where something is wrong, or nothing has come yet."""
    state = Content.styled(one_line(card.state), tone_style(card.tone, "$muted"))
    return Part(state, 95 if card.tone in {"warning", "problem"} or not card.out else 30)


def out_of(card: Card) -> Content:
    return Content.styled(one_line(card.out), "$soft")


def cost_of(card: Card) -> Content:
    """The cost; the lowest is green, and marked."""
    return _best(card.cost, "$soft", best=card.cheapest)


def ttft_of(card: Card) -> Content:
    """The time to the first token; the shortest is green, and marked."""
    return _best(card.ttft, "$dim", best=card.fastest)


def rate_of(card: Card) -> Content:
    return Content.styled(one_line(card.rate), "$dim")


def spark_of(card: Card) -> Content:
    """Tokens a second from the beginning of the answer to its end."""
    rates = thinned(card.rates, BARS)
    return sparkline(rates, len(rates), "$faint") if any(rates) else Content("")


def thinned(values: Sequence[float], count: int) -> tuple[float, ...]:
    """At most so many values, each the mean of its part of all."""
    if len(values) <= count:
        return tuple(values)
    cuts = [round(at * len(values) / count) for at in range(count + 1)]
    return tuple(sum(values[a:b]) / (b - a) for a, b in pairwise(cuts))


def _best(text: str, style: str, *, best: bool) -> Content:
    mark = LEAST if best and text else ""
    return Content.styled(one_line(text) + mark, "$success" if mark else style)


def _ttft_bar(card: Card) -> Content:
    """How long the first token took against the slowest lane's."""
    if card.ttft_share is None or not card.ttft:
        return Content("")
    return gauge(card.ttft_share, TTFT_BAR, "$muted")


def _ends(left: Sequence[Part], right: Sequence[Part], width: int, gap: Content) -> Content:
    """Parts at both ends of a line; the lightest of all go until the others fit."""
    sides = [(part, side) for side, parts in enumerate((left, right)) for part in parts if part.content.cell_length]
    while len(sides) > 1 and sum(part.content.cell_length + gap.cell_length for part, _ in sides) > width:
        lightest = min(part.weight for part, _ in sides)
        sides.remove(next(each for each in reversed(sides) if each[0].weight == lightest))
    start, end = (joined([part.content for part, side in sides if side == here], gap) for here in (0, 1))
    return spread(start, end, width) if end else start.truncate(max(width, 0), ellipsis=True)
