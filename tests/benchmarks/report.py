"""How a figure is printed: what was measured, the result, the aim beside it, and whether it is met."""

from __future__ import annotations

import sys
from statistics import median


def heading(text: str) -> None:
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()


def figure(name: str, result: float, unit: str, aim: float | None = None, *, at_least: bool = False) -> None:
    """One line; without an aim it only informs."""
    told = ""
    if aim is not None:
        met = result >= aim if at_least else result <= aim
        told = f"aim {'≥' if at_least else '≤'} {aim:g} {unit}  {'met' if met else 'MISSED'}"
    sys.stdout.write(f"  {name:<58} {result:9.2f} {unit:<6} {told}".rstrip() + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """A line instead of a figure that could not be had."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


def share(values: list[float], part: float) -> float:
    """A percentile; not a number where nothing was measured."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("nan")


def middle(values: list[float]) -> float:
    return median(values) if values else float("nan")
