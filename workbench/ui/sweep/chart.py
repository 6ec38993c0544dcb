"""The numbers behind the heat map: each cell measured once for each number of answers, and all on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core.heat import Scale, column_medians, row_medians
from workbench.core.metrics import METRICS, Metric, Summary, summary
from workbench.core.state import FULL_STATES
from workbench.ui.sweep.heat_cell import HeatCell
from workbench.ui.sweep.heat_map import HeatGrid
from workbench.ui.sweep.naming import heads

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.sweep_plan import Cell, Plan, Spot

NO_VALUE: Final = "—"


@dataclass(frozen=True)
class View:
    """How the numbers are looked at."""

    metric: str = "out"
    transposed: bool = False
    spin: str = "⠹"
    """Stands at a cell while some of its repeats are on their way."""


class Chart:
    """Holds the answers of a plan by cell; `take` hands it what came."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.records: list[list[RunRecord]] = [[] for _ in plan.cells]
        """By cell, in the order of the repeats."""
        self.live: frozenset[int] = frozenset()
        """Cells that have a run on its way."""
        self.batched: frozenset[int] = frozenset()
        """Cells that a batch will answer, which nothing else asks."""
        self.scale: Scale | None = None
        self.measured = 0
        """How many summaries were made so far."""
        self._cells: dict[tuple[str, int], tuple[tuple[int, ...], Summary]] = {}

    def take(self, records: Mapping[Spot, RunRecord], live: Iterable[Spot] = (), batched: Iterable[Spot] = ()) -> None:
        """All that is there now."""
        found: list[list[RunRecord]] = [[] for _ in self.plan.cells]
        for spot in sorted(records, key=lambda spot: spot.repeat):
            found[spot.cell].append(records[spot])
        self.records = found
        self.live = frozenset(spot.cell for spot in live)
        self.batched = frozenset(spot.cell for spot in batched)

    def summary(self, metric: Metric, cell: int) -> Summary:
        """Of one cell, made anew only when its answers are others."""
        key = tuple(map(id, self.records[cell]))
        known = self._cells.get((metric.key, cell))
        if known is None or known[0] != key:
            self.measured += 1
            known = self._cells[metric.key, cell] = (key, summary(metric, self.records[cell]))
        return known[1]

    def at(self, row: int, column: int, view: View) -> Cell:
        """The cell in a row and column of the map as it is looked at."""
        return self.plan.cell_at(column, row) if view.transposed else self.plan.cell_at(row, column)

    def grid(self, view: View, marked: Iterable[int] = ()) -> HeatGrid:
        """What the heat map shows; `marked` are numbers of cells."""
        metric, marks = METRICS[view.metric], frozenset(marked)
        *across, last = self.plan.sweep.axes
        rows, columns = heads(across), heads([last])
        width = len(columns)
        every = [[self.summary(metric, at) for at in range(row * width, (row + 1) * width)] for row in range(len(rows))]
        scale = self.scale = Scale.of(cell for row in every for cell in row)

        def shown(row: int, column: int) -> HeatCell:
            cell = self.at(row, column, view).index
            return self._shown(metric, cell, scale, view.spin, marked=cell in marks)

        medians = [_texts(metric, each) for each in (row_medians(every), column_medians(every))]
        if view.transposed:
            return HeatGrid(columns, rows, medians[1], medians[0], shown)
        return HeatGrid(rows, columns, medians[0], medians[1], shown)

    def _shown(self, metric: Metric, cell: int, scale: Scale | None, spin: str, *, marked: bool) -> HeatCell:
        records, live = self.records[cell], cell in self.live
        found = self.summary(metric, cell)
        known = found.median is not None and scale is not None
        value = metric.shown(found.median) if found.median is not None else NO_VALUE if found.n else ""
        return HeatCell(
            value,
            scale.step(found.median) if known and scale and found.median is not None else 0,
            tuple(scale.share(each) for each in found.values) if scale else (),
            _note(found, len(records), self.plan.sweep.repeats, spin if live else ""),
            sum(record.state not in FULL_STATES for record in records),
            queued=not records and not live,
            batched=cell in self.batched,
            marked=marked,
        )


def _note(found: Summary, done: int, repeats: int, spin: str) -> str:
    if done < repeats or spin:
        return f"{done}/{repeats} {spin}".rstrip()
    return "" if found.spread is None else f"±{found.spread:.0%}"


def _texts(metric: Metric, medians: Iterable[float | None]) -> tuple[str, ...]:
    return tuple("" if value is None else metric.shown(value) for value in medians)
