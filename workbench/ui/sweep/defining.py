"""Changes of a sweep's definition as values: which one is meant, its axes, what stands in a field before one types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from workbench.core.kinds import Choice, Number, Value
from workbench.core.params import BY_KEY, ParamError, Params
from workbench.core.session import Session
from workbench.core.sweep import Axis, Sweep, SweepError, free_id, read_axis

SUGGESTED: Final = {
    "temperature": "0, 0.5, 1",
    "top_p": "0.9, 0.95, 1",
    "top_k": "1, 40, 200",
    "max_tokens": "256, 1024, 4096",
    "thinking_budget": "1024, 4096, 16384",
}
"""Values that are worth comparing, for numbers."""
SPECIAL: Final = frozenset(",\"'[]{}#")
"""Characters that part or open something in a list of values."""


def chosen(session: Session, sweep_id: str | None = None) -> Sweep | None:
    """The sweep of that id, else the last one."""
    found = next((each for each in session.sweeps if each.id == sweep_id), None)
    return found or (session.sweeps[-1] if session.sweeps else None)


def editable(session: Session, sweep: Sweep | None) -> Sweep:
    """The sweep, or a new one: what a file holds that can't be used is kept as it stands."""
    return started(session) if sweep is None or "axes" in sweep.extra else sweep


def started(session: Session) -> Sweep:
    """A new one, with an id that is free."""
    return Sweep(free_id(each.id for each in session.sweeps))


def with_changed(session: Session, sweep: Sweep) -> Session:
    """The session with this sweep in place of the one with its id, or added."""
    if any(each.id == sweep.id for each in session.sweeps):
        sweeps = tuple(sweep if each.id == sweep.id else each for each in session.sweeps)
    else:
        sweeps = (*session.sweeps, sweep)
    return replace(session, sweeps=sweeps)


def with_axis(sweep: Sweep, axis: Axis) -> Sweep:
    """Other values for its axis, or one more axis: the last makes the columns."""
    if any(each.key == axis.key for each in sweep.axes):
        return replace(sweep, axes=tuple(axis if each.key == axis.key else each for each in sweep.axes))
    return replace(sweep, axes=(*sweep.axes, axis))


def without_axis(sweep: Sweep, key: str) -> Sweep:
    return replace(sweep, axes=tuple(each for each in sweep.axes if each.key != key))


def axis_of(key: str, text: str) -> Axis:
    """What was typed as an axis. Raises SweepError or ParamError."""
    return read_axis(f"{key}={text}")


def mistake(key: str, text: str) -> str | None:
    """What is wrong with typed values, as a sentence."""
    try:
        axis_of(key, text)
    except (SweepError, ParamError) as error:
        return str(error)
    return None


def repeats_mistake(text: str) -> str | None:
    try:
        number = int(text.strip())
    except ValueError:
        return f"Repeats are a whole number, not {text.strip()!r}." if text.strip() else "How often is each cell asked?"
    return None if 1 <= number <= 1000 else "A cell can be asked 1 to 1000 times."


def written(values: Sequence[Value | None]) -> str:
    """Values as a person types them, so that they read back the same."""
    return ", ".join(map(_written, values))


def _written(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    if isinstance(value, str):
        plain = value == value.strip() and not SPECIAL & set(value) and "\n" not in value
        return value if plain and value else json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, int | float) else value.text


def suggested(key: str, params: Params, words: Sequence[str], versions: Sequence[str]) -> str:
    """What stands in the field at first: the words that the model takes, values worth comparing, what is set."""
    kind, now = BY_KEY[key].kind, params[key]
    if key == "system":
        return ", ".join(versions) if versions else written([now] if now is not None else [])
    if key != "model" and isinstance(kind, Choice) and words:
        return ", ".join(words)
    if isinstance(kind, Number) and key in SUGGESTED:
        return SUGGESTED[key]
    return written([now]) if now is not None else ""
