"""The ids that answer 404 now: when each was retired, and what to use instead."""

from __future__ import annotations

from datetime import date
from typing import Final

from workbench.core.model import Model

SUCCESSORS: Final = {
    "opus": "claude-opus-5-5",
    "sonnet": "claude-sonnet-5-5",
    "haiku": "claude-haiku-5-5",
    "mythos": "claude-mythos-5-2",
    "": "claude-sonnet-5-5",
}


def _gone(on: date, line: str, name: str, id_: str, *aliases: str) -> Model:
    return Model(
        id=id_,
        aliases=aliases,
        name=name,
        line=line,
        lifecycle="retired",
        retires=on,
        successor=SUCCESSORS[line],
        listed=True,
    )


RETIRED: Final[tuple[Model, ...]] = (
    _gone(date(2026, 8, 5), "opus", "Claude Opus 4.1", "claude-opus-4-1", "claude-opus-4-1-20250805"),
    _gone(date(2026, 6, 30), "mythos", "Claude Mythos Preview", "claude-mythos-preview"),
    _gone(
        date(2026, 6, 15),
        "opus",
        "Claude Opus 4",
        "claude-opus-4-0",
        "claude-opus-4-20250514",
        "claude-opus-4",
    ),
    _gone(
        date(2026, 6, 15),
        "sonnet",
        "Claude Sonnet 4",
        "claude-sonnet-4-0",
        "claude-sonnet-4-20250514",
        "claude-sonnet-4",
    ),
    _gone(date(2026, 4, 20), "haiku", "Claude Haiku 3", "claude-3-haiku-20240307", "claude-3-haiku"),
    _gone(
        date(2026, 2, 19),
        "sonnet",
        "Claude Sonnet 3.7",
        "claude-3-7-sonnet-20250219",
        "claude-3-7-sonnet-latest",
        "claude-3-7-sonnet",
    ),
    _gone(
        date(2026, 2, 19),
        "haiku",
        "Claude Haiku 3.5",
        "claude-3-5-haiku-20241022",
        "claude-3-5-haiku-latest",
        "claude-3-5-haiku",
    ),
    _gone(
        date(2026, 1, 5),
        "opus",
        "Claude Opus 3",
        "claude-3-opus-20240229",
        "claude-3-opus-latest",
        "claude-3-opus",
    ),
    _gone(date(2025, 7, 21), "sonnet", "Claude Sonnet 3", "claude-3-sonnet-20240229", "claude-3-sonnet"),
    _gone(date(2025, 7, 21), "", "Claude 2.1", "claude-2.1"),
    _gone(date(2025, 7, 21), "", "Claude 2", "claude-2.0", "claude-2"),
    _gone(date(2024, 11, 6), "", "Claude 1.3", "claude-1.3", "claude-1.3-100k", "claude-1", "claude-v1"),
    _gone(
        date(2024, 11, 6),
        "haiku",
        "Claude Instant",
        "claude-instant-1.2",
        "claude-instant-1.1",
        "claude-instant-1.1-100k",
        "claude-instant-1",
    ),
)
