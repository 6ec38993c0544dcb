"""What a Models API says, merged into rows: every field is optional, and OpenAI's shape is tolerated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from workbench.core.model import EFFORTS, LIFECYCLES, SHAPES, Model

FIRST_YEAR: Final = 2020
"""A day before it stands for one that the server does not know."""


def merged(payload: object, find: Callable[[str], Model | None]) -> tuple[Model, ...]:
    """The rows that the payload speaks of, changed by it; entries that make no sense are skipped."""
    rows = dict[str, Model]()
    for entry in _entries(payload):
        id_ = entry.get("id")
        if not isinstance(id_, str) or not id_ or len(id_) > 200:
            continue
        known = find(id_)
        row = rows.get(known.id) if known else None
        changed = _changed(row or known or _newcomer(id_, entry), entry)
        rows[changed.id] = changed
    return tuple(rows.values())


def _entries(payload: object) -> list[Mapping[str, object]]:
    listed = payload.get("data", payload.get("models")) if isinstance(payload, Mapping) else payload
    if listed is None and isinstance(payload, Mapping):
        listed = [payload]
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _newcomer(id_: str, entry: Mapping[str, object]) -> Model:
    """A model no table knows; one with the vendor's capabilities obeys the vendor's rules.

    The API has no flag for sampling: for every model known, accepting `enabled` thinking goes with it.
    """
    if entry.get("type") != "model" or not isinstance(entry.get("capabilities"), Mapping):
        return Model(id=id_, name=id_)
    manual = _supported(entry, "thinking", "types", "enabled") is True
    return Model(
        id=id_,
        name=id_,
        listed=True,
        sampling=manual,
        prefill=False,
        new_tokenizer=not manual,
        display_default="summarized" if manual else "omitted",
        thinking_default="off" if manual else "on",
        bucket=id_,
    )


def _changed(model: Model, entry: Mapping[str, object]) -> Model:
    said: dict[str, Any] = {
        "name": _text(entry.get("display_name")),
        "line": _text(entry.get("line")),
        "released": _day(entry.get("created_at")),
        "lifecycle": _lifecycle(model, entry.get("lifecycle")),
        "retires": _day(entry.get("retires_at")),
        "context": _count(entry.get("max_input_tokens")),
        "max_output": _count(entry.get("max_tokens")),
        "structured": _supported(entry, "structured_outputs"),
        "thinking": _shapes(entry, model),
        "efforts": _efforts(entry, model),
    }
    return replace(
        model, **{key: value for key, value in said.items() if value is not None and key not in model.pinned}
    )


def _lifecycle(model: Model, said: object) -> str | None:
    """The API has no `legacy`: what it calls active keeps our finer word."""
    if said not in LIFECYCLES or (said == "active" and model.lifecycle == "legacy"):
        return None
    return str(said)


def _shapes(entry: Mapping[str, object], model: Model) -> frozenset[str] | None:
    said = {shape: _supported(entry, "thinking", "types", shape) for shape in SHAPES}
    if _supported(entry, "thinking") is False:
        return frozenset({"disabled"})
    if all(flag is None for flag in said.values()):
        return None
    return frozenset(s for s in SHAPES if (said[s] if said[s] is not None else s in model.thinking))


def _efforts(entry: Mapping[str, object], model: Model) -> tuple[str, ...] | None:
    if _supported(entry, "effort") is False:
        return ()
    said = {level: _supported(entry, "effort", level) for level in EFFORTS}
    if all(flag is None for flag in said.values()):
        return None
    return tuple(e for e in EFFORTS if (said[e] if said[e] is not None else e in model.efforts))


def _supported(entry: Mapping[str, object], *path: str) -> bool | None:
    """The flag at a path of `capabilities`, `{supported: …}` or bare; None where it is silent."""
    here: object = entry.get("capabilities")
    for name in path:
        here = here.get(name) if isinstance(here, Mapping) else None
    flag = here.get("supported") if isinstance(here, Mapping) else here
    return flag if isinstance(flag, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _day(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        day = datetime.fromisoformat(value).date()
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None
