"""The user's `[prices."model"]` and `[models."model"]`: changed rows, and a sentence for each mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from workbench.core.model import EFFORTS, FAST_MODES, LIFECYCLES, SHAPES, Model, Prices

Find = Callable[[str], Model | None]

PRICE_KEYS: Final[Mapping[str, str]] = {
    "input": "input",
    "output": "output",
    "cache_write_5m": "write_5m",
    "cache_write_1h": "write_1h",
    "cache_read": "read",
}


class MistakeError(ValueError):
    """A value that can't be meant; the text completes the sentence "KEY …"."""


def apply(configuration: Mapping[str, object], find: Find) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """The changed rows; a wrong value leaves its field as it was, and the rest still counts."""
    rows: dict[str, Model] = {}
    mistakes: list[str] = []

    def row(id_: str) -> Model:
        known = find(id_)
        key = known.id if known else id_
        return rows.get(key) or known or Model(id=id_, name=id_)

    for id_, table in _tables(configuration, "models", mistakes):
        changes = _fields(f'models."{id_}"', table, mistakes)
        model = row(id_)
        rows[model.id] = replace(model, **changes, pinned=model.pinned | changes.keys())
    for id_, table in _tables(configuration, "prices", mistakes):
        prices = _prices(f'prices."{id_}"', table, mistakes)
        if prices is not None:
            model = row(id_)
            rows[model.id] = replace(model, prices=prices, long=None, fast=None, priced_by_user=True)
    return tuple(rows.values()), tuple(mistakes)


def _tables(
    configuration: Mapping[str, object], name: str, mistakes: list[str]
) -> list[tuple[str, Mapping[str, object]]]:
    whole = configuration.get(name, {})
    if not isinstance(whole, Mapping):
        mistakes.append(f'{name} must be tables, one a model: [{name}."claude-opus-5-5"]')
        return []
    found = []
    for id_, table in whole.items():
        if isinstance(table, Mapping):
            found.append((str(id_), table))
        else:
            mistakes.append(f'{name}."{id_}" must be a table, not {table!r}')
    return found


def _prices(place: str, table: Mapping[str, object], mistakes: list[str]) -> Prices | None:
    """In USD per MTok. They replace the built-in row's whole scheme, tiers too: the user's word is the price.

    A cache price that is not given stays unknown, except that nothing costs anything where input is free.
    """
    given: dict[str, Decimal] = {}
    for key, value in table.items():
        if key not in PRICE_KEYS:
            mistakes.append(f"{place}.{key} is no price; {_near(key, tuple(PRICE_KEYS))}")
            continue
        try:
            given[PRICE_KEYS[key]] = _amount(value)
        except MistakeError as error:
            mistakes.append(f"{place}.{key} {error}")
    missing = [key for key in ("input", "output") if key not in given]
    if missing:
        if not any(key in table for key in missing):
            mistakes.append(f"{place} needs {' and '.join(missing)}, in USD per million tokens")
        return None
    if given["input"] == 0:
        given = dict.fromkeys(("write_5m", "write_1h", "read"), Decimal(0)) | given
    return Prices(**given)


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise MistakeError(f"must be a number of USD per million tokens, not {value!r}")
    amount = Decimal(str(value))
    if not amount.is_finite() or not 0 <= amount <= 1_000_000:
        raise MistakeError(f"must be between 0 and 1 000 000 USD per million tokens, not {value}")
    return amount


def _fields(place: str, table: Mapping[str, object], mistakes: list[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for key, value in table.items():
        read = READERS.get(key)
        if read is None:
            mistakes.append(f"{place}.{key} is no property of a model; {_near(key, tuple(READERS))}")
            continue
        try:
            changes[key] = read(value)
        except MistakeError as error:
            mistakes.append(f"{place}.{key} {error}")
    return changes


def _near(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.4)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise MistakeError(f"must be true or false, not {value!r}")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MistakeError(f"must be a whole number of tokens, not {value!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MistakeError(f"must be text, not {value!r}")
    return value


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError as error:
        raise MistakeError(f"must be a date such as 2026-11-30, not {value!r}") from error


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in words:
            raise MistakeError(f"must be one of {', '.join(words)}, not {value!r}")
        return str(value)

    return read


def _several(*words: str) -> Callable[[object], tuple[str, ...]]:
    """A list of words, read in the order in which they are declared here."""

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or any(each not in words for each in value):
            raise MistakeError(f"must be a list of some of {', '.join(words)}, not {value!r}")
        return tuple(word for word in words if word in value)

    return read


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise MistakeError(f"must be a list of strings, not {value!r}")
    return tuple(_text(each) for each in value)


def _shapes(value: object) -> frozenset[str]:
    return frozenset(_several(*SHAPES)(value))


READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "name": _text,
    "line": _text,
    "aliases": _strings,
    "context": _count,
    "max_output": _count,
    "thinking": _shapes,
    "thinking_default": _one_of("off", "on", "always"),
    "thinking_deprecated": _shapes,
    "display_default": _one_of("summarized", "omitted"),
    "binds_thinking": _flag,
    "efforts": _several(*EFFORTS),
    "effort_default": _one_of(*EFFORTS),
    "effort_needs_thinking": _flag,
    "sampling": _flag,
    "forced_tool": _flag,
    "prefill": _flag,
    "structured": _flag,
    "cache_minimum": _count,
    "geo": _flag,
    "system_messages": _flag,
    "system_messages_ignored": _flag,
    "fast_mode": _one_of(*FAST_MODES),
    "fast_until": _day,
    "lifecycle": _one_of(*LIFECYCLES),
    "retires": _day,
    "retires_not_before": _day,
    "released": _day,
    "successor": _text,
    "bucket": _text,
    "new_tokenizer": _flag,
    "listed": _flag,
}
