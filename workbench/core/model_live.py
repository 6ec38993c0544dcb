"""What a Models API says, merged into rows: every field is optional, and OpenAI's shape is tolerated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from workbench.core.model import EFFORTS, LIFECYCLES, SHAPES, Model

LONGEST: Final = 200
"""Characters of an id."""
CONTEXTS: Final = (
    *("max_input_tokens", "context_length", "max_model_len", "max_context_length", "context_window"),
    *("meta.n_ctx", "meta.n_ctx_train", "details.context_length"),
)
"""Where servers say how long a prompt may be; the first that does."""
MOST_TOKENS: Final = 10**10
"""A larger number is no length of anything."""
FEATURES: Final = ("batch", "citations", "code_execution", "image_input", "pdf_input", "structured_outputs")
MOST: Final = 2000
"""Models of a list; the longest one known has a few hundred, and each is looked at while the screen waits."""
FIRST_YEAR: Final = 2020
"""A day before it stands for one that the server does not know."""


def merged(payload: object, find: Callable[[str], Model | None]) -> tuple[Model, ...]:
    """The rows that the payload speaks of, changed by it; entries that make no sense are skipped."""
    rows = dict[str, Model]()
    for entry in _entries(payload):
        id_ = id_of(entry)
        if id_ is None:
            continue
        known = find(id_)
        row = rows.get(known.id) if known else None
        changed = _changed(row or known or _newcomer(id_, entry), entry)
        rows[changed.id] = changed
    return tuple(rows.values())


def _entries(payload: object) -> list[Mapping[str, object]]:
    found = entries(payload)
    if found is None:
        return [payload] if isinstance(payload, Mapping) else []
    return found


def entries(payload: object) -> list[Mapping[str, object]] | None:
    """The rows of a list: under `data` (the vendor, OpenAI), under `models` (Ollama's tags), or bare; else None.

    An empty list may be null.
    """
    listed = payload
    if isinstance(payload, Mapping):
        name = next((each for each in ("data", "models") if each in payload), None)
        if name is None:
            return None
        listed = [] if payload[name] is None else payload[name]
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else None


def id_of(entry: Mapping[str, object]) -> str | None:
    """What a request calls the model: its `id`, or what Ollama has in its place."""
    for key in ("id", "model", "name"):
        if isinstance(value := entry.get(key), str) and value and len(value) <= LONGEST:
            return value
    return None


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
        "released": _day(entry.get("created_at", entry.get("created"))),
        "lifecycle": _lifecycle(model, entry.get("lifecycle")),
        "retires": _day(entry.get("retires_at")),
        "context": next(filter(None, (_count(_at(entry, each)) for each in CONTEXTS)), None),
        "max_output": _count(entry.get("max_tokens")),
        "structured": _supported(entry, "structured_outputs"),
        "thinking": _shapes(entry, model),
        "efforts": _efforts(entry, model),
        "features": _features(entry),
        "lacks": _lacks(entry),
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


def _features(entry: Mapping[str, object]) -> frozenset[str] | None:
    said = {name: _supported(entry, name) for name in FEATURES}
    return None if all(flag is None for flag in said.values()) else frozenset(n for n, flag in said.items() if flag)


def _lacks(entry: Mapping[str, object]) -> frozenset[str] | None:
    said = {name: _supported(entry, name) for name in FEATURES}
    return (
        None if all(flag is None for flag in said.values()) else frozenset(n for n, no in said.items() if no is False)
    )


def _at(entry: Mapping[str, object], path: str) -> object:
    here: object = entry
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _supported(entry: Mapping[str, object], *path: str) -> bool | None:
    """The flag at a path of `capabilities`, `{supported: …}` or bare; None where it is silent."""
    here: object = entry.get("capabilities")
    for name in path:
        here = here.get(name) if isinstance(here, Mapping) else None
    flag = here.get("supported") if isinstance(here, Mapping) else here
    return flag if isinstance(flag, bool) else None


def _text(value: object) -> str | None:
    return value[:LONGEST] if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_TOKENS else None


def _day(value: object) -> date | None:
    """A day of a time that stands there as text, or as OpenAI writes it, in seconds since 1970."""
    try:
        if type(value) is int:
            day = datetime.fromtimestamp(value, UTC).date()
        elif isinstance(value, str):
            day = datetime.fromisoformat(value).date()
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return day if day.year >= FIRST_YEAR else None
