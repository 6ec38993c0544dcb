"""What a step of a session was, in a few words: said when it is taken back or done again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbench.core.params import FIELDS
from workbench.core.session import Session

MOST: Final = 3
"""How many changes of one kind are named; more are counted."""


def step(before: Session, after: Session) -> str:
    """What leads from one session to the other: `temperature`, `the last prompt`, `system prompt, variable tone`."""
    return ", ".join(_changes(before, after)) or "a change"


def _changes(before: Session, after: Session) -> Iterator[str]:
    moved = _moved(before, after)
    if moved:
        yield moved
    if before.preset != after.preset:
        yield f"preset {after.preset or before.preset}"
    else:
        yield from _few(_params(before, after), "parameters")
    if _system(before) != _system(after):
        yield "system prompt"
    yield from _few(_variables(before, after), "variables")
    if before.title != after.title:
        yield "title"
    if before.endpoint != after.endpoint:
        yield "endpoint"


def _moved(before: Session, after: Session) -> str:
    """Where the conversation went: on by a prompt, back to an earlier turn, or beside one."""
    old, new = (session.path(session.lane().tip) for session in (before, after))
    same = sum(1 for _ in _shared([each.id for each in old], [each.id for each in new]))
    left, came = old[same:], new[same:]
    if not left and not came:
        return ""
    if not came:
        return "the branch"
    first = came[0]
    if first.role != "user":
        return "the run" if first.run else "the edited answer"
    return "the edited prompt" if left else "the last prompt"


def _shared(old: list[str], new: list[str]) -> Iterator[str]:
    for one, other in zip(old, new, strict=False):
        if one != other:
            return
        yield one


def _params(before: Session, after: Session) -> list[str]:
    old, new = (session.params_of(session.lane()) for session in (before, after))
    return [row.label for row in FIELDS if row.key != "system" and old[row.key] != new[row.key]]


def _system(session: Session) -> tuple[str | None, str | None]:
    lane = session.lane()
    return lane.system, session.params_of(lane).system


def _variables(before: Session, after: Session) -> list[str]:
    old, new = before.bindings, after.bindings
    return [f"variable {name}" for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _few(names: list[str], kind: str) -> list[str]:
    return names if len(names) <= MOST else [f"{len(names)} {kind}"]
