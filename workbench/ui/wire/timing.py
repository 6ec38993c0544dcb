"""Where the seconds of a run went, drawn: connection, first byte, first token, answer; and its pace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from workbench.core import arrivals, facts
from workbench.core.arrivals import Pace, Pieces
from workbench.core.record import RunRecord, Timings
from workbench.ui.fit import Part, fit, joined
from workbench.ui.gauge import sparkline
from workbench.ui.wire.section import INDENT, Match

PARTS: Final = 60
"""Parts of the answer's time that its pace is drawn in, at most."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of a run's time."""

    name: str
    seconds: float
    sign: str
    """What it is drawn with: it can be told apart without colour."""
    style: str


def stages(timings: Timings) -> tuple[Stage, ...]:
    """The stretches that are known, one after the other; without a token the wait goes on to the end."""
    marks = (
        ("connect", timings.connect_s, "░", "$muted"),
        ("first byte", timings.first_byte_s, "▒", "$warning"),
        ("first token", timings.first_token_s, "▓", "$secondary"),
        ("answer" if timings.first_token_s is not None else "end", timings.total_s, "█", "$primary"),
    )
    found: list[Stage] = []
    before = 0.0
    for name, at, sign, style in marks:
        if at is not None:
            found.append(Stage(name, max(at - before, 0.0), sign, style))
            before = max(at, before)
    return tuple(found)


def gauge(shown: tuple[Stage, ...], width: int) -> Content:
    """The stretches to scale; each that took any time has a cell at least."""
    whole = sum(stage.seconds for stage in shown)
    if not shown or whole <= 0 or width < len(shown):
        return Content("")
    cells = [max(round(stage.seconds / whole * width), stage.seconds > 0) for stage in shown]
    cells[cells.index(max(cells))] += width - sum(cells)
    return Content.assemble(*((stage.sign * size, stage.style) for stage, size in zip(shown, cells, strict=True)))


class TimingSection:
    """A gauge, its legend, and tokens a second as a sparkline; what isn't known is left out."""

    title = "timings"

    def __init__(self, record: RunRecord, pieces: Pieces) -> None:
        self.record = record
        self.pieces = pieces
        self._pace: Pace | None = None
        self._made = 0

    @property
    def note(self) -> str:
        total, waited = self.record.timings.total_s, self.record.timings.retry_wait_s
        parts = [f"{total:.3f}s in all" if total is not None else "not measured"]
        if waited:
            parts.append(f"{waited:.3f}s between tries, not counted in it")
        return " · ".join(parts)

    @property
    def exact(self) -> str:
        lines = [f"{name} {seconds:.6f}s" for name, seconds in self.record.timings.to_mapping().items()]
        return "\n".join(line.replace("_s ", " ", 1) for line in lines) + "\n"

    def layout(self, width: int) -> int:
        self.pace_of(width)
        return (2 if stages(self.record.timings) else 0) + (self._pace is not None)

    def pace_of(self, width: int) -> Pace | None:
        parts = max(min(PARTS, width - 44), 8)
        if parts != self._made:
            self._made = parts
            self._pace = arrivals.pace(self.pieces, parts, facts.output(self.record))
        return self._pace

    def draw(self, row: int, width: int) -> Content:
        room = max(width - 2 * INDENT, 1)
        shown = stages(self.record.timings)
        drawn = (gauge(shown, room), self._legend(shown, room)) if shown else ()
        line = drawn[row] if row < len(drawn) else self._pace_line(room)
        return Content(" " * INDENT) + line

    @staticmethod
    def _legend(shown: tuple[Stage, ...], width: int) -> Content:
        parts = [
            Part(
                Content.assemble(
                    (f"{stage.sign} ", stage.style), (stage.name, "$muted"), (f" {stage.seconds:.3f}s", "bold")
                ),
                round(stage.seconds * 1000),
            )
            for stage in shown
        ]
        return fit(parts, width, Content("   "))

    def _pace_line(self, width: int) -> Content:
        pace = self._pace
        if pace is None:
            return Content("")
        mean = facts.rate(self.record)
        parts = [
            Content.styled("tok/s ", "$muted") + sparkline(pace.rates, len(pace.rates), "$spark"),
            Content.assemble(("peak ", "$muted"), (f"≈{pace.peak:.0f}", "bold")),
        ]
        if mean is not None:
            parts.append(Content.assemble(("mean ", "$muted"), (f"{mean:.0f}", "bold")))
        line = joined(parts, Content("  "))
        return line.truncate(width, ellipsis=True) if line.cell_length > width else line

    def find(self, pattern: re.Pattern[str]) -> Iterator[Match]:
        del pattern
        return iter(())

    def reveal(self, match: Match) -> int:
        del match
        return 0

    def mark(self, pattern: re.Pattern[str] | None, current: Match | None) -> None:
        del pattern, current

    def toggle(self, row: int) -> bool:
        del row
        return False
