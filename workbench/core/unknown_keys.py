"""Keys of a session file that nobody knows: a newer program's are passed over, a misspelt one is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from workbench.core.nearest import nearest

KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("format", "session", "params", "variables", "systems", "lanes", "sweeps", "messages", "runs"),
    "session": ("title", "created", "endpoint", "prompt", "preset"),
    "systems": ("id", "text"),
    "lanes": ("id", "name", "system", "tip", "params", "unset"),
    "sweeps": ("id", "lane", "parent", "prompt", "repeats", "axes"),
    "messages": ("id", "parent", "role", "run", "text", "content"),
}
"""The keys of each table; those of the file itself stand under nothing."""


def notes(where: str, left: Iterable[str]) -> Iterator[str]:
    """A sentence for each key that is like a known one; `where` is a table, or a row as `messages, row 1`."""
    known = KNOWN[where.partition(",")[0]]
    for key in left:
        if near := nearest(key, known):
            place = f"{where}: " if where else ""
            yield f"{place}{key} is not known; did you mean {near}? It is kept, and not used"
