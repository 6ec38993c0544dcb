"""How the counts of several events become one `usage` (claude-api §3, §9.1)."""

from __future__ import annotations

from typing import Any, Final

MOST: Final = 2**53
"""Beyond it a number of tokens is nonsense, and not every JSON reader keeps it exact."""

Wire = dict[str, Any]


def usage(counts: Wire, newer: Wire) -> tuple[Wire, list[str]]:
    """The counts with a newer report laid over, and the names of fields refused because they are no counts.

    Every field is a running total, so the newest that is not null wins; an absent one keeps its value.
    """
    merged = dict(counts)
    refused: list[str] = []
    for key, value in newer.items():
        if value is None:
            continue
        if key.endswith(("_tokens", "_requests")):
            if (count := _count(value)) is not None:
                merged[key] = count
            else:
                refused.append(key)
        elif isinstance(value, dict):
            older = merged.get(key)
            inner, bad = usage(older if isinstance(older, dict) else {}, value)
            refused += [f"{key}.{name}" for name in bad]
            if inner:
                merged[key] = inner
        else:
            merged[key] = value
    return merged, refused


def _count(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= MOST else None
