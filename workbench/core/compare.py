"""What lanes share and where they differ: the header of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.kinds import Value
from workbench.core.params import FIELDS, Param, Params


def same(lanes: Sequence[Params]) -> tuple[tuple[Param, Value], ...]:
    """What every lane sets, and to the same value, in the table's order."""
    first = lanes[0] if lanes else Params()
    return tuple((row, value) for row, value in first.items if all(lane[row.key] == value for lane in lanes))


def differs(lanes: Sequence[Params]) -> tuple[tuple[Param, tuple[Value | None, ...]], ...]:
    """What the lanes don't agree on, with the value of each lane; None where it isn't set."""
    found = ((row, tuple(lane[row.key] for lane in lanes)) for row in FIELDS)
    return tuple((row, values) for row, values in found if len(set(values)) > 1)
