"""Keys of a session file that nobody knows: a newer program's are passed over, a misspelt one is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from workbench.core.nearest import nearest
from workbench.core.params import BY_KEY

MOST: Final = 200
KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "": (
        *("format", "session", "params", "variables", "systems", "lanes"),
        *("tool_results", "sweeps", "batches", "messages", "runs"),
    ),
    "session": ("title", "created", "endpoint", "prompt", "preset", "attachments"),
    "systems": ("id", "text"),
    "lanes": ("id", "name", "system", "tip", "params", "unset"),
    "tool_results": ("tool", "input", "text", "content", "file", "is_error", "times"),
    "sweeps": ("id", "lane", "parent", "prompt", "attachments", "repeats", "axes"),
    "batches": (
        *("id", "status", "endpoint", "server_id", "sweep", "lanes", "requests", "created", "expires", "ended"),
        *("counts", "estimate_usd", "cost_usd", "simulated", "problem"),
    ),
    "messages": ("id", "parent", "role", "run", "cache", "text", "content", "attachments"),
}
"""The keys of each table; those of the file itself stand under nothing."""


UNDER: Final = ("", "session")
"""Where keys are often written that belong into another table: above all tables, and among those of the session."""


def _table(key: str, where: str) -> str | None:
    """The table that has a key of that name, where it is another."""
    if key in BY_KEY:
        return "params"
    return "session" if not where and key in KNOWN["session"] else None


class Looks:
    """The unknown keys of one file; so many are looked at, because one that is made to hurt has a million."""

    def __init__(self) -> None:
        self._left = MOST

    def look(self) -> bool:
        """Whether one more is worth it."""
        self._left -= 1
        return self._left >= 0

    def notes(self, where: str, left: Collection[str]) -> Iterator[str]:
        """A sentence for each key that is like a known one; `where` is a table, or a row as `messages, row 1`."""
        known = KNOWN[where.partition(",")[0]]
        looked = list(islice(left, max(self._left, 0)))
        self._left -= len(left)
        for key in looked:
            place = f"{where}: " if where else ""
            if where in UNDER and (table := _table(key, where)):
                yield f"{place}{key} belongs under [{table}]; here it is kept, and not used"
            elif near := nearest(key, known):
                yield f"{place}{key} is not known; did you mean {near}? It is kept, and not used"

    def rest(self) -> Iterator[str]:
        """A sentence about all that were not looked at."""
        if self._left < 0:
            yield f"{-self._left} more keys are not known; they are kept, and not used"


def told(notes: Sequence[str]) -> tuple[str, ...]:
    """As many sentences as anybody reads."""
    more = len(notes) - MOST
    return (*notes[:MOST], f"and {more} more remarks") if more > 0 else tuple(notes)
