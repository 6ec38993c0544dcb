"""The lines above a diff: how much is alike, which change is current; and what stands on each side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.content import Content
from textual.reactive import reactive

from workbench.core.diff import SAME, Diff
from workbench.core.figures import grouped
from workbench.ui.diff.layout import GUTTER, Shape
from workbench.ui.diff.values import Side
from workbench.ui.fit import Part, fit
from workbench.ui.gauge import gauge
from workbench.ui.lanes.colours import number_chip, value_chip
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import one_line

GAUGE: Final = 10
GAP: Final = Content("   ")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the first line says."""

    diff: Diff
    empty: tuple[bool, bool] = (False, False)
    """Whether nothing but space stands on the left, on the right."""
    change: int = SAME
    only_changes: bool = False


class Summary(Line):
    """`alike ━━━━━─ 71%  −22 +27 words  change 2/9`."""

    standing: reactive[Standing | None] = reactive(None)

    def draw(self, width: int) -> Content:
        shown = self.standing
        if shown is None:
            return Content()
        diff = shown.diff
        alike = percent(diff)
        share = Content.assemble(("alike ", "$muted"), gauge(alike / 100, GAUGE, "$primary"), (f" {alike}%", "bold"))
        unit = diff.unit if diff.removed == 0 and diff.added == 1 else f"{diff.unit}s"
        counts = Content.assemble(
            (f"−{grouped(diff.removed)}", "$diff-removed"),
            (f" +{grouped(diff.added)}", "$diff-added"),
            (f" {unit}", "$muted"),
        )
        said = verdict(shown)
        parts = [
            Part(share, 90),
            Part(counts if diff.changes else Content(), 80),
            Part(Content.styled(said, "$success") if said else _place(shown), 95 if said else 85),
            Part(Content.styled("only changes" if shown.only_changes else "", "$accent"), 60),
            Part(Content.styled("long changes by word" if diff.coarse else "", "$warning"), 70),
        ]
        return fit(parts, width, GAP)


class Sides(Line):
    """One heading a side: the lane's number in its colour, its settings, its note."""

    sides: reactive[tuple[Side, ...]] = reactive(())
    split: reactive[bool] = reactive(default=True)

    def draw(self, width: int) -> Content:
        if len(self.sides) < 2:
            return Content()
        if not self.split:
            half = (width - 2 * GUTTER - 1) // 2
            left, right = (_heading(side, half) for side in self.sides)
            return Content.assemble(" − ", left, "   + ", right) if self.app.no_color else _beside(left, right)
        shape = Shape(width, split=True)
        left, right = (_heading(side, room + GUTTER - 1) for side, room in zip(self.sides, shape.columns, strict=True))
        column = GUTTER + shape.columns[0] + 1
        return Content.assemble(" ", left.pad_right(max(column - 1 - left.cell_length, 0)), ("│", "$track"), " ", right)


def percent(diff: Diff) -> int:
    """How much is alike, 0 to 100; all and nothing only where it is so."""
    if not diff.changes:
        return 100
    return min(99, max(1 if diff.alike else 0, round(diff.alike * 100)))


def verdict(shown: Standing) -> str:
    """What there is to say where there is nothing to compare."""
    match shown.empty:
        case (True, True):
            return "both sides are empty"
        case (True, False):
            return "the left side is empty"
        case (False, True):
            return "the right side is empty"
    if shown.diff.equal:
        return "the answers are the same"
    return "" if shown.diff.changes else "the answers differ in space between words only"


def _place(shown: Standing) -> Content:
    count = len(shown.diff.changes)
    if shown.change == SAME:
        return Content.assemble((grouped(count), "bold"), (f" change{'s' * (count != 1)}", "$muted"))
    return Content.assemble(("change ", "$muted"), (grouped(shown.change + 1), "bold"), (f"/{grouped(count)}", "$dim"))


def _heading(side: Side, width: int) -> Content:
    chips = [value_chip(chip) for chip in side.chips]
    parts = [
        Part(number_chip(side.number) if side.number is not None else Content(), 100),
        Part(Content.styled(one_line(side.title), "bold"), 50 if side.number is not None else 95),
        *(Part(chip, 90 - at) for at, chip in enumerate(chips)),
        Part(Content.styled(one_line(side.note), "$muted"), 60),
    ]
    return fit(parts, width, Content(" "))


def _beside(left: Content, right: Content) -> Content:
    return Content.assemble(" ", left, "   ", right)
