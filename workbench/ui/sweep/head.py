"""The three lines above the map: what is swept, how far it is, and what is measured on which scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.core.heat import STEPS
from workbench.core.metrics import METRICS
from workbench.ui.fit import Part, fit, joined
from workbench.ui.gauge import gauge
from workbench.ui.widgets.rows import one_line

HEIGHT: Final = 3
LABEL: Final = 8
"""Cells of the word before each line."""
RAMP: Final = "▁▂▃▅▆▇"
"""Drawn on the ramp, so that it rises without colour too."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is."""

    done: int = 0
    total: int = 0
    failed: int = 0
    live: int = 0
    waiting: tuple[str, ...] = ()
    """Who waits for what, until when: `2 waiting on output tokens ↻12s`."""
    spent: str = ""
    """`$0.61 of ≈$0.68`."""
    left: str = ""
    said: str = ""
    """What is to be known or done where it isn't simply running."""
    tone: str = "muted"


@dataclass(frozen=True, slots=True)
class Head:
    """What the three lines show."""

    subject: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    asks: str = ""
    """The prompt."""
    progress: Progress = Progress()
    metric: str = "out"
    low: str = ""
    high: str = ""
    """The ends of the scale; empty where nothing is measured."""


class SweepHead(Widget):
    """Draws the head handed to it; a click on a metric chooses it."""

    DEFAULT_CSS: ClassVar[str] = "SweepHead { height: 3; }"
    ALLOW_SELECT = False
    head: reactive[Head] = reactive(Head())

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._tabs: list[tuple[int, int, str]] = []
        """Where each metric stands in its line."""

    class Metric(Message):
        """A metric was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or at.y != HEIGHT - 1:
            return
        for start, end, key in self._tabs:
            if start <= at.x < end:
                self.post_message(self.Metric(key))

    def jumps(self) -> Iterator[tuple[str, Offset]]:
        """The metrics, for the jump labels."""
        return ((key, self.content_region.offset + Offset(start, HEIGHT - 1)) for start, _, key in self._tabs)

    def jump_to(self, key: str) -> None:
        self.post_message(self.Metric(key))

    def render(self) -> RenderResult:
        width = self.content_size.width
        made = (self._subject(width), self._progress(width), self._metrics(width))
        return Content("\n").join(line.pad_right(max(width - line.cell_length, 0)) for line in made)

    def _subject(self, width: int) -> Content:
        times = Content.styled(" × ", "$dim")
        axes = joined([Content.styled(one_line(each), "bold $foreground") for each in self.head.subject], times)
        held = " · ".join(map(one_line, self.head.held))
        asks = one_line(self.head.asks)
        parts = [
            Part(axes, 90),
            Part(Content.styled(f"held: {held}" if held else "", "$dim"), 50),
            Part(Content.styled(f"asks “{asks}”" if asks else "", "$dim"), 40),
        ]
        room = width - LABEL
        longest = Part(fit(parts[:2], room, Content("   ")), 60)
        rest = room - longest.content.cell_length - 3
        if rest >= 20:
            return _label("sweep") + fit([longest, Part(parts[2].content.truncate(rest, ellipsis=True))], room, GAP)
        return _label("sweep") + longest.content

    def _progress(self, width: int) -> Content:
        now = self.head.progress
        counted = f"{now.done}/{now.total}"
        bar = gauge(now.done / now.total, 16, "$primary") if now.total else Content("")
        said = Content.styled(one_line(now.said), f"${now.tone}")
        said = said.truncate(max(width - LABEL - len(counted) - 2, 8), ellipsis=True)
        parts = [
            Part(bar, 45),
            Part(Content.styled(counted, "bold $foreground"), 95),
            Part(Content.styled(f"{now.live} live" if now.live else "", "$primary"), 70),
            Part(said, 85),
            Part(Content.styled(f"✗{now.failed} failed" if now.failed else "", "$error"), 75),
            *(Part(Content.styled(each, "$warning"), 60) for each in now.waiting),
            Part(Content.styled(now.spent, "$soft"), 65),
            Part(Content.styled(now.left, "$muted"), 50),
        ]
        return _label("runs") + fit(parts, width - LABEL, GAP)

    def _metrics(self, width: int) -> Content:
        tabs = []
        for metric in METRICS.values():
            lit = metric.key == self.head.metric
            style = "bold $on-primary on $primary" if lit else "$muted"
            tabs.append(Part(Content.styled(f" {metric.label} ", style), 90 if lit else 40))
        scale = Part(self._scale(), 80)
        line = fit([*tabs, scale], width - LABEL, Content(""))
        found = ((line.plain.find(f" {metric.label} "), metric) for metric in METRICS.values())
        self._tabs = [(LABEL + at, LABEL + at + len(each.label) + 2, each.key) for at, each in found if at >= 0]
        return _label("metric") + line

    def _scale(self) -> Content:
        if not self.head.low:
            return Content("")
        steps = [Content.styled(f"{RAMP[at]} ", f"$heat-text-{at + 1} on $heat-{at + 1}") for at in range(STEPS)]
        low, high = (Content.styled(each, "$soft") for each in (self.head.low, self.head.high))
        return Content.assemble("   ", low, " ", *steps, " ", high)


GAP: Final = Content("  ")


def _label(word: str) -> Content:
    return Content.styled(word.ljust(LABEL), "$dim")
