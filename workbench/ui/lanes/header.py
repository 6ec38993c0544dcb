"""The lines above the lanes: what is asked, what all share, and what differs, with the lanes that have it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from workbench.ui.fit import Part, fit, joined
from workbench.ui.lanes.colours import lane_style
from workbench.ui.lanes.values import Head
from workbench.ui.widgets.rows import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.core.compare import Differing, Group

NAMES: Final = 8
"""Cells of `prompt`, `same`, `differs`, and the space behind them."""
NOTHING: Final = "nothing yet"
WIDE, NARROW = (3, 2), (2, 1)
"""Cells between two parameters, and between two values of one."""


class Header(Widget):
    """Draws the lines of a head; the prompt goes first where there is little height."""

    DEFAULT_CSS: ClassVar[str] = "Header { height: 3; padding: 0 1; text-wrap: nowrap; }"
    ALLOW_SELECT = False
    head: reactive[Head] = reactive(Head())
    count: reactive[int] = reactive(3)
    """How many lines show, 1 to 3."""
    alone: reactive[bool] = reactive(default=False)
    """Whether there is only one lane: then the hint says how to get another."""

    def render(self) -> Content:
        made = lines(self.head, self.content_size.width, self.count, alone=self.alone)
        return joined(made, Content("\n"))


def lines(head: Head, width: int, count: int = 3, *, alone: bool = False) -> list[Content]:
    """The last `count` of the three lines, each at most `width` cells."""
    made = (prompt(head, width, alone=alone), same(head, width), differs(head, width, alone=alone))
    return list(made[3 - count :])


def prompt(head: Head, width: int, *, alone: bool = False) -> Content:
    """`prompt  Make the reply warmer.   i edits`."""
    first = next((line for line in head.prompt.splitlines() if line.strip()), "")
    more = " …" if first and first.strip() != head.prompt.strip() else ""
    hint = "" if alone else one_line(head.hint)
    asked = Content.styled(f"{one_line(first)}{more}", "$soft") if first else Content.styled("—", "$dim")
    room = max(width - NAMES, 0)
    parts = [Part(asked, 90), Part(Content.styled(hint, "$dim"), 10)]
    return _named("prompt", "$dim", fit(parts, room, Content("   ")), width)


def same(head: Head, width: int) -> Content:
    """`same    sonnet-4-6 · max 1 024 · stop 2`."""
    parts = [Part(Content.styled(one_line(each), "$muted"), -at) for at, each in enumerate(head.same)]
    shared = fit(parts, max(width - NAMES, 0), Content.styled(" · ", "$dim")) if parts else Content.styled("—", "$dim")
    return _named("same", "$dim", shared, width)


def differs(head: Head, width: int, *, alone: bool = False) -> Content:
    """`differs T 0.0 1  0.7 2 4   sys v3 1 2 3`, in less space or with fewer values where it is too long."""
    room = max(width - NAMES, 0)
    if not head.differs:
        nothing = one_line(head.hint) if alone else NOTHING
        return _named("differs", "$dim", Content.styled(nothing, "$dim"), width)
    for gaps in (WIDE, NARROW):
        whole = _differing(head.differs, gaps)
        if whole.cell_length <= room:
            return _named("differs", "bold $accent", whole, width)
    return _named("differs", "bold $accent", _shortened(head.differs, room), width)


def _shortened(differing: Sequence[Differing], room: int) -> Content:
    """As many values as fit, and how many more there are; of a single one that is too long, what fits."""
    total = sum(len(each.groups) for each in differing)
    line = Content("")
    for count in range(total - 1, 0, -1):
        more = Content.styled(f"  +{total - count}", "$dim")
        line = _differing(_first(differing, count), NARROW) + more
        if line.cell_length <= room:
            return line
    return line.truncate(room, ellipsis=True)


def _first(differing: Sequence[Differing], count: int) -> list[Differing]:
    """The parameters with only the first so many values of all together."""
    kept: list[Differing] = []
    for each in differing:
        groups = each.groups[: max(count, 0)]
        count -= len(groups)
        if groups:
            kept.append(replace(each, groups=groups))
    return kept


def _differing(differing: Sequence[Differing], gaps: tuple[int, int]) -> Content:
    shown = [
        Content.assemble(
            (f"{one_line(each.label)} ", "$accent"),
            joined([_group(group) for group in each.groups], Content(" " * gaps[1])),
        )
        for each in differing
    ]
    return joined(shown, Content(" " * gaps[0]))


def _group(group: Group) -> Content:
    """A value with the numbers of its lanes, which count from 1."""
    value = Content.styled(one_line(group.shown) or "—", "bold $foreground").truncate(24, ellipsis=True)
    return Content.assemble(value, *((f" {at + 1}", lane_style(at + 1)) for at in group.lanes))


def _named(name: str, style: str, line: Content, width: int) -> Content:
    whole = Content.styled(name.ljust(NAMES), style) + line
    return whole.truncate(max(width, 0), ellipsis=True) if whole.cell_length > width else whole
