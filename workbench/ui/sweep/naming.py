"""How the values of an axis are called on the screen, where there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Final

from workbench.core.figures import grouped
from workbench.core.sweep_plan import told_apart

if TYPE_CHECKING:
    from workbench.core.kinds import Value
    from workbench.core.sweep import Axis, Sweep
    from workbench.core.sweep_plan import Cell, Plan

SHORT: Final = {"temperature": "T", "max_tokens": "max", "stop_sequences": "stop", "thinking_budget": "budget"}
"""Names of parameters that stand at a value."""
BY_ITSELF: Final = frozenset({"model", "system"})
"""Parameters whose values say what they are."""


def head(axis: Axis, value: Value | None) -> str:
    """`T 0.5`, `opus-4-6`, `s2`, `effort high`."""
    shown = axis.shown(value)
    if axis.key in BY_ITSELF and value is not None:
        return shown
    return f"{SHORT.get(axis.key, axis.label)} {shown}"


def heads(axes: Sequence[Axis]) -> tuple[str, ...]:
    """One for each combination of their values; of no axes one without a name."""
    every = product(*([head(axis, value) for value in axis.values] for axis in axes))
    return told_apart(" · ".join(combined) for combined in every)


def cell_name(plan: Plan, cell: Cell) -> str:
    """`sonnet-4-6 · T 0.75`."""
    named = zip(plan.sweep.axes, cell.values, strict=True)
    return " · ".join(head(axis, value) for axis, (_, value) in named)


def subject(sweep: Sweep) -> tuple[str, ...]:
    """What is multiplied: `model`, `temperature`, `8 repeats`."""
    repeats = (f"{grouped(sweep.repeats)} repeats",) if sweep.repeats > 1 else ()
    return (*(axis.label for axis in sweep.axes), *repeats)
