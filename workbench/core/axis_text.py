"""The values of an axis as a person types them: what stands in the field at first, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from workbench.core.kinds import Choice, Number, Value
from workbench.core.params import BY_KEY, ParamError, Params
from workbench.core.sweep import Axis, SweepError, read_axis

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


def axis_of(key: str, text: str) -> Axis:
    """What was typed as an axis. Raises SweepError or ParamError."""
    return read_axis(f"{key}={text}")


def mistake(key: str, text: str, *, least: int = 1) -> str | None:
    """What is wrong with typed values, as a sentence; fewer than `least` compare nothing."""
    try:
        axis = axis_of(key, text)
    except (SweepError, ParamError) as error:
        return str(error)
    return None if len(axis.values) >= least else f"One value is no comparison: write {least} or more."


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
