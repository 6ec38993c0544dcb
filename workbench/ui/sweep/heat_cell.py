"""One cell of the heat map as lines of three, two or one: median, repeats, spread; legible without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.content import Content

from workbench.core.metrics import histogram
from workbench.ui.fit import Part, fit

BARS: Final = " ▁▂▃▅▇"
SIDES: Final = ("▌", "▐")
MARK: Final = "◆"
BROAD: Final = 12
"""Cells from which a bar is two wide: a few repeats would stand too far apart."""
WAITING: Final = "· · ·"


QUEUED: Final = "queued"
BATCHED: Final = "in batch"
"""What waits is called so."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """What one cell shows."""

    value: str = ""
    """The median; empty where nothing is measured yet."""
    step: int = 0
    """Of the ramp, from 1; 0 for a cell without a value."""
    shares: tuple[float, ...] = ()
    """Where each repeat stands on the scale that all cells share, 0 to 1."""
    note: str = ""
    """`±6%`, or while repeats are missing `3/8 ⠹`."""
    failed: int = 0
    queued: bool = False
    """Whether nothing has come and nothing is on its way."""
    batched: bool = False
    """Whether a batch will answer it."""
    marked: bool = False


def lines(cell: HeatCell, width: int, height: int, cursor: str = "") -> list[Content]:
    """The cell as `height` lines of `width` cells; `cursor` is the style of the bars at its sides, if it has them."""
    inner = max(width - 2, 1)
    made = _inner(cell, inner, height)
    ground = f"on $heat-{cell.step}" if cell.step else "on $surface"
    left, right = (Content.styled(side, cursor) for side in SIDES) if cursor else (Content(" "), Content(" "))
    if cell.marked and inner > 2:
        made[0] = Content.styled(MARK, _strong(cell)) + made[0].truncate(inner, pad=True)[1:]
    return [(left + line.truncate(inner, pad=True) + right).stylize_before(ground) for line in made]


def _inner(cell: HeatCell, width: int, height: int) -> list[Content]:
    strong, weak = _strong(cell), _weak(cell)
    if cell.queued and not cell.failed:
        waiting = _centred(Content.styled(WAITING, "$faint"), width)
        if height == 1:
            return [waiting]
        return [_centred(Content.styled(BATCHED if cell.batched else QUEUED, "$dim"), width), waiting, Content("")][
            :height
        ]
    value = Part(Content.styled(cell.value, strong), 90)
    note = Part(Content.styled(cell.note, weak), 50)
    failed = Part(Content.styled(f"✗{cell.failed}" if cell.failed else "", strong if cell.step else "bold $error"), 70)
    gap = Content(" ")
    if height == 1:
        short = fit([value, note, failed], width, gap)
        room = width - short.cell_length - 3
        bars = Content.styled(bars_of(cell, room), strong) if cell.shares and room >= 5 else Content("")
        return [_centred(fit([Part(short), Part(bars)], width, Content("  ")), width)]
    bars = _centred(Content.styled(bars_of(cell, max(width - 2, 1)), strong), width)
    if height == 2:
        return [_centred(fit([value, note, failed], width, gap), width), bars]
    if not cell.value and not cell.failed:
        return [Content(""), _centred(note.content, width), Content("")]
    top = _centred(fit([value, failed], width, gap), width)
    return [top, bars, _centred(fit([note], width, gap), width)]


def bars_of(cell: HeatCell, width: int) -> str:
    """The repeats as bars on the shared scale; the tallest bin of the cell fills the height."""
    if not cell.shares:
        return " " * width
    broad = 2 if width >= BROAD else 1
    counts = histogram(cell.shares, 0.0, 1.0, width // broad)
    top = max(counts)
    return "".join(BARS[-(-count * (len(BARS) - 1) // top)] * broad for count in counts)


def _strong(cell: HeatCell) -> str:
    return f"bold $heat-text-{cell.step}" if cell.step else "bold $foreground"


def _weak(cell: HeatCell) -> str:
    return f"$heat-text-{cell.step}" if cell.step else "$muted"


def _centred(content: Content, width: int) -> Content:
    left = max((width - content.cell_length) // 2, 0)
    return content.pad_left(left) if left else content
