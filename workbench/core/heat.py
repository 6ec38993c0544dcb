"""Values as heat: which step of a ramp a number is on the scale of its grid, and the middle of each row and column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.core.metrics import Summary, median

STEPS: Final = 6
"""Of the ramp, coldest first: the `heat-N` colours of a theme, counted from 1."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From the lowest to the highest value of all runs of a grid; colours and histograms share it."""

    low: float
    high: float

    @classmethod
    def of(cls, cells: Iterable[Summary]) -> Scale | None:
        """The scale on which every run of the cells has its place; None where nothing is known yet."""
        ends = [(cell.low, cell.high) for cell in cells if cell.low is not None and cell.high is not None]
        return cls(min(low for low, _ in ends), max(high for _, high in ends)) if ends else None

    def share(self, value: float) -> float:
        """How far up the scale, 0 to 1; on a scale without length in the middle."""
        if self.high <= self.low:
            return 0.5
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def step(self, value: float) -> int:
        """1 (cold) to `STEPS` (hot), each an equal part of the scale."""
        return min(int(self.share(value) * STEPS), STEPS - 1) + 1


def row_medians(cells: Sequence[Sequence[Summary]]) -> tuple[float | None, ...]:
    """The median of the cells' medians in each row, so that a cell that is further on weighs no more than another."""
    return tuple(median(cell.median for cell in row if cell.median is not None) for row in cells)


def column_medians(cells: Sequence[Sequence[Summary]]) -> tuple[float | None, ...]:
    """The same of each column; the rows are equally long."""
    return row_medians(list(zip(*cells, strict=True)))
