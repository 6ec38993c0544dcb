"""Marked cells and answers: two of them become a diff, cells become lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.core import facts, lanes
from workbench.core.figures import grouped
from workbench.core.params import Params
from workbench.core.session import Lane, Session
from workbench.core.state import FULL_STATES
from workbench.core.sweep_plan import Cell, Plan, Spot
from workbench.core.tool_loop import with_calls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.core.record import RunRecord
    from workbench.ui.diff.values import Side

CELL = -1
"""In place of a repeat: the cell itself is marked."""


@dataclass
class Marks:
    """What is marked, in the order in which it was."""

    spots: list[Spot] = field(default_factory=list)

    def toggle(self, cell: int, repeat: int = CELL) -> None:
        spot = Spot(cell, repeat)
        if spot in self.spots:
            self.spots.remove(spot)
        else:
            self.spots.append(spot)

    @property
    def cells(self) -> tuple[int, ...]:
        """Cells that are marked, or hold a marked answer."""
        return tuple(dict.fromkeys(spot.cell for spot in self.spots))

    def repeats(self, cell: int) -> set[int]:
        return {spot.repeat for spot in self.spots if spot.cell == cell and spot.repeat != CELL}

    def answers(self, records: Mapping[Spot, RunRecord]) -> list[Spot]:
        """The marked answers; of a marked cell the first that is whole."""
        found = (_answer(spot, records) for spot in self.spots)
        return list(dict.fromkeys(spot for spot in found if spot is not None))


def _answer(spot: Spot, records: Mapping[Spot, RunRecord]) -> Spot | None:
    if spot.repeat != CELL:
        return spot if spot in records else None
    whole = (at for at, record in records.items() if at.cell == spot.cell and record.state in FULL_STATES)
    return min(whole, key=lambda at: at.repeat, default=None)


def side(number: int, name: str, spot: Spot, record: RunRecord) -> Side:
    """One side of a diff: the cell's values as chips."""
    from workbench.ui.diff.values import Side

    words = f"{grouped(len(record.text.split()))} words"
    out = facts.output(record)
    said = (words, "" if out is None else f"{grouped(out)} out", "" if record.cost_usd is None else str(record.cost))
    chips = tuple(name.split(" · "))
    text = with_calls(record.text, record.content)
    return Side(number, f"repeat {spot.repeat + 1}", chips, text, " · ".join(each for each in said if each))


def as_lanes(session: Session, base: Lane, plan: Plan, cells: Sequence[Cell]) -> Session:
    """A lane for each of these cells in place of all lanes. Raises ParamError."""
    session = lanes.from_settings(session, base, [_settable(session, cell) for cell in cells])
    for lane, cell in zip(session.lanes, cells, strict=False):
        session = session.with_lane(_with_rest(session, lane, cell))
    return session


def _settable(session: Session, cell: Cell) -> Params:
    """The cell's values that are simply set; versions of the system prompt, and what isn't sent, are no such."""
    params = Params()
    for key, value in cell.values:
        if value is not None and not (key == "system" and session.system(str(value))):
            params = params.set(key, value)
    return params


def _with_rest(session: Session, lane: Lane, cell: Cell) -> Lane:
    """The lane with the cell's version of the system prompt, and without what the cell doesn't send."""
    for key, value in cell.values:
        if key == "system" and value is None:
            lane = lanes.own(session, replace(lane, system=None), "system", None)
        elif key == "system" and session.system(str(value)):
            lane = replace(lane, system=str(value), params=lane.params.unset("system"))
        elif value is None:
            lane = lanes.own(session, lane, key, None)
    return lane
