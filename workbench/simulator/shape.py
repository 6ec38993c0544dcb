"""Checks of JSON values, put together like a schema; each refuses with the API's words, naming the place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from workbench.simulator.errors import invalid

Check: TypeAlias = Callable[[object, str], None]
"""Looks at a value that stands at a dotted place. Raises ApiError."""
Block: TypeAlias = dict[str, object]


def anything(value: object, place: str) -> None:
    """Takes every value."""


def string(value: object, place: str) -> None:
    if not isinstance(value, str):
        raise invalid(f"{place}: Input should be a valid string")


def boolean(value: object, place: str) -> None:
    if not isinstance(value, bool):
        raise invalid(f"{place}: Input should be a valid boolean")


def dictionary(value: object, place: str) -> None:
    if not isinstance(value, dict):
        raise invalid(f"{place}: Input should be a valid dictionary")


def integer(low: int | None = None) -> Check:
    def check(value: object, place: str) -> None:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise invalid(f"{place}: Input should be a valid integer")
        if low is not None and isinstance(value, int | float) and value < low:
            raise invalid(f"{place}: Input should be greater than or equal to {low}")

    return check


def number(low: float, high: float) -> Check:
    def check(value: object, place: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise invalid(f"{place}: Input should be a valid number")
        if value < low:
            raise invalid(f"{place}: Input should be greater than or equal to {low:g}")
        if value > high:
            raise invalid(f"{place}: Input should be less than or equal to {high:g}")

    return check


def literal(*allowed: str) -> Check:
    quoted = [f"'{value}'" for value in allowed]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"

    def check(value: object, place: str) -> None:
        if value not in allowed:
            raise invalid(f"{place}: Input should be {listed}")

    return check


def nullable(check: Check) -> Check:
    return lambda value, place: None if value is None else check(value, place)


def list_of(item: Check) -> Check:
    def check(value: object, place: str) -> None:
        if not isinstance(value, list):
            raise invalid(f"{place}: Input should be a valid list")
        for at, each in enumerate(value):
            item(each, f"{place}.{at}")

    return check


def text_or(other: Check) -> Check:
    """A string, or what `other` takes."""
    return lambda value, place: None if isinstance(value, str) else other(value, place)


def map_of(item: Check) -> Check:
    """An object whose names are free."""

    def check(value: object, place: str) -> None:
        dictionary(value, place)
        for name, each in cast("Block", value).items():
            item(each, f"{place}.{name}")

    return check


def struct(
    required: Mapping[str, Check] | None = None, optional: Mapping[str, Check] | None = None, *, extra: bool = False
) -> Check:
    """An object with these fields and, unless `extra`, no others; an optional field may be null."""
    must, may = dict(required or {}), dict(optional or {})

    def check(value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise invalid(f"{place}: Input should be a valid dictionary")
        stem = f"{place}." if place else ""
        for name, field in must.items():
            if name not in value:
                raise invalid(f"{stem}{name}: Field required")
            field(value[name], stem + name)
        for name, each in value.items():
            if name in may:
                nullable(may[name])(each, stem + name)
            elif name not in must and not extra:
                raise invalid(f"{stem}{name}: Extra inputs are not permitted")

    return check


def tagged(
    kinds: Mapping[str, Check], *, default: str | None = None, stems: Mapping[str, Check] | None = None
) -> Check:
    """An object whose `type` says which check holds; `stems` hold for every type that begins so."""

    def check(value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise invalid(f"{place}: Input should be a valid dictionary")
        tag = value.get("type", default)
        if tag is None:
            raise invalid(f"{place}.type: Field required")
        if isinstance(tag, str):
            found = kinds.get(tag) or next((c for s, c in (stems or {}).items() if tag.startswith(s)), None)
            if found is not None:
                return found(value, place)
        expected = ", ".join(f"'{kind}'" for kind in kinds)
        raise invalid(
            f"{place}: Input tag '{tag}' found using 'type' does not match any of the expected tags: {expected}"
        )

    return check
