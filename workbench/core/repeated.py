"""Long parameters that a run shares with an earlier one, which a session's file has once: `tools = "as in r1"`.

A loop of tools is a run a round, and each has all of the tools: twenty of them are more than everything else of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final, TypeAlias

from workbench.core import journal

Marks: TypeAlias = Mapping[str, bytes]
"""By parameter, what is equal where its values are."""
KEYS: Final = ("tools", "output_format")
"""Parameters whose value is never a text, so that one in its place can be nothing else."""
LEAST: Final = 500
"""Characters; what is shorter is read more easily where it stands."""
AS_IN: Final = "as in "


def marks(params: Mapping[str, object], seen: dict[int, tuple[object, bytes]]) -> Marks:
    """Of the values that are long; `seen` has those that were looked at, which many runs share."""
    found: dict[str, bytes] = {}
    for key in KEYS:
        value = params.get(key)
        if isinstance(value, list | dict):
            if id(value) not in seen:
                seen[id(value)] = value, _mark(value)  # the value too, so that no other gets its place in memory
            if mark := seen[id(value)][1]:
                found[key] = mark
    return found


def _mark(value: object) -> bytes:
    """What is equal where such values are; empty for a short one."""
    text = journal.text(value)
    return sha256(text.encode("utf-8", "surrogatepass")).digest() if len(text) >= LEAST else b""


def references(runs: Iterable[tuple[str, Marks]]) -> Iterator[dict[str, str]]:
    """For each run, in the order of the file: what stands in place of the values that one above it has."""
    holders: dict[tuple[str, bytes], str] = {}
    for name, own in runs:
        above = {key: holders.setdefault((key, mark), name) for key, mark in own.items()} if name else {}
        yield {key: AS_IN + holder for key, holder in above.items() if holder != name}


def lost(params: object) -> Iterator[str]:
    """References that lead nowhere, each in words."""
    for key in KEYS:
        value = params.get(key) if isinstance(params, Mapping) else None
        if isinstance(value, str) and value.startswith(AS_IN):
            yield f"{key} are {value[:40]!r}, and no run of that id with {key} stands above it"


def filled(params: object, above: Mapping[str, object]) -> object:
    """A run's parameters with the values that it refers to; `above` are the parameters of the runs above it."""
    if not isinstance(params, Mapping):
        return params
    made = dict(params)
    for key in KEYS:
        value = made.get(key)
        if isinstance(value, str) and value.startswith(AS_IN):
            holder = above.get(value.removeprefix(AS_IN))
            if isinstance(holder, Mapping) and key in holder:
                made[key] = holder[key]
    return made
