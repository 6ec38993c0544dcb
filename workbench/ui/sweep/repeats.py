"""The repeats of the chosen cell, one a line: how each ended, its value, how its answer begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.content import Content

from workbench.core.facts import Fact
from workbench.core.metrics import METRICS, equal_answers, summary
from workbench.core.state import FULL_STATES, Phase
from workbench.ui.fit import spread
from workbench.ui.gauge import gauge
from workbench.ui.sweep.heat_cell import BATCHED, QUEUED
from workbench.ui.widgets.rows import Rows, one_line

if TYPE_CHECKING:
    from workbench.core.heat import Scale
    from workbench.core.metrics import Metric
    from workbench.core.record import RunRecord
    from workbench.core.run import Run

BAR: Final = 12
NARROW: Final = 60
"""Cells below which there is no bar."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """One line."""

    number: int
    """From 1."""
    sign: str = "·"
    tone: str = "dim"
    share: float | None = None
    """Of the longest bar."""
    value: str = ""
    text: str = QUEUED
    times: int = 1
    """How many answers of the cell are equal to this one, the first of them."""
    same_as: int = 0
    """The number of the first answer that is equal to this one."""
    marked: bool = False
    whole: bool = False


class Repeats(Rows, can_focus=True):
    """Draws the repeats; knows which one is chosen."""

    DEFAULT_CSS: ClassVar[str] = "Repeats { height: auto; }"
    can_focus = True

    def __init__(self) -> None:
        super().__init__(self._line)
        self.repeats: tuple[Repeat, ...] = ()

    def show(self, repeats: Sequence[Repeat], *, anew: bool = False) -> None:
        """Other lines; `anew` begins at the first."""
        before, self.repeats = self.repeats, tuple(repeats)
        if anew or len(before) != len(self.repeats):
            at = 0 if anew else min(max(self.highlighted, 0), len(self.repeats) - 1)
            self.fill([True] * len(self.repeats), at)
        else:
            self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _line(self, row: int, width: int) -> Content:
        repeat = self.repeats[row]
        chosen = row == self.highlighted
        number = str(repeat.number).rjust(len(str(len(self.repeats))))
        bar = gauge(repeat.share or 0.0, BAR, f"${repeat.tone if repeat.tone == 'error' else 'primary'}")
        text = "bold $foreground" if chosen and self.has_focus else "$soft" if repeat.whole else "$muted"
        line = Content.assemble(
            ("◆" if repeat.marked else "▌" if chosen else " ", "bold $accent" if self.has_focus else "$muted"),
            (number, "bold $accent" if chosen else "$dim"),
            " ",
            (repeat.sign, f"${repeat.tone}"),
            " ",
            bar + Content("  ") if width >= NARROW and repeat.share is not None else "",
            (repeat.value.rjust(8) if repeat.value else "", "bold $foreground"),
            "  " if repeat.value else "",
            (repeat.text, text),
        )
        return spread(line, self._equal(repeat), width)

    def _equal(self, repeat: Repeat) -> Content:
        if repeat.same_as:
            return Content.styled(f" ={repeat.same_as} ", "$dim")
        return Content.styled(f" ×{repeat.times} " if repeat.times > 1 else "", "$accent")


def repeats_of(
    metric: Metric,
    scale: Scale | None,
    count: int,
    records: dict[int, RunRecord],
    live: dict[int, Run],
    marked: set[int],
    batched: Collection[int] = (),
) -> tuple[Repeat, ...]:
    """The lines of one cell; records and live runs by repeat from 0."""
    groups = equal_places(records)
    found = []
    for at in range(count):
        if at in records:
            found.append(_recorded(metric, scale, at, records[at], groups.get(at, (at,)), marked=at in marked))
        elif at in live:
            found.append(_running(at, live[at]))
        else:
            found.append(Repeat(at + 1, text=BATCHED if at in batched else QUEUED))
    return tuple(found)


def equal_places(records: dict[int, RunRecord]) -> dict[int, tuple[int, ...]]:
    """By repeat, the repeats whose answers are equal to its own."""
    places = list(records)
    groups = [tuple(places[at] for at in which) for _, _, which in equal_answers(list(records.values()))]
    return {at: group for group in groups for at in group}


def _recorded(
    metric: Metric, scale: Scale | None, at: int, record: RunRecord, equal: tuple[int, ...], *, marked: bool
) -> Repeat:
    if record.state not in FULL_STATES:
        said = str(record.problem) if record.problem is not None else str(record.state)
        return Repeat(at + 1, "✗", "error", text=one_line(said), marked=marked)
    value = metric.value(record)
    share = value / scale.high if value is not None and scale is not None and scale.high > 0 else None
    shown = "" if value is None else metric.shown(value)
    text = one_line(record.text) or record.stop_reason or "no text"
    same_as = equal[0] + 1 if equal[0] != at else 0
    return Repeat(at + 1, "✓", "success", share, shown, text, len(equal), same_as, marked, whole=True)


def _running(at: int, run: Run) -> Repeat:
    if run.phase is Phase.QUEUED:
        return Repeat(at + 1, "·", "dim", text="waiting for its turn")
    text = one_line(run.text) if run.text else "waiting for the first token"
    return Repeat(at + 1, "⠹", "primary", text=text)


def heading(name: str, records: Sequence[RunRecord], count: int) -> tuple[str, tuple[Fact, ...]]:
    """The cell's name, and its facts: `8 runs`, `median 487 out`, `$0.0074`, `4.9s`, `7 of 8 distinct`."""
    whole = sum(record.state in FULL_STATES for record in records)
    every = f"{count} run{'s' * (count != 1)}"
    facts = [Fact(every if len(records) == count else f"{len(records)} of {every}", 95)]
    for key, text, weight in (("out", "median {} out", 90), ("cost", "{}", 70), ("latency", "{}", 60)):
        middle = summary(METRICS[key], records).median
        if middle is not None:
            facts.append(Fact(text.format(METRICS[key].shown(middle)), weight))
    if whole > 1:
        facts.append(Fact(f"{len(equal_answers(records))} of {whole} distinct", 80))
    if whole < len(records):
        facts.append(Fact(f"{len(records) - whole} failed", 85, "problem"))
    return name, tuple(facts)
