"""What a step of a session was, in a few words: said when it is taken back or done again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbench.core.params import FIELDS
from workbench.core.session import Session

MOST: Final = 3
"""How many changes of one kind are named; more are counted."""
BESIDE: Final = {
    "prompt": "the draft",
    "attachments": "attachments",
    "tool_results": "canned results",
    "sweeps": "sweep",
}
"""What a session has beside its conversation, and what a step of it is called."""


def step(before: Session, after: Session) -> str:
    """What leads from one session to the other: `temperature`, `the last prompt`, `system prompt, variable tone`."""
    return ", ".join(_changes(before, after)) or "a change"


def _changes(before: Session, after: Session) -> Iterator[str]:
    lanes = _lanes(before, after)
    if lanes:
        yield lanes
        return
    moved = _moved(before, after)
    if moved:
        yield moved
    else:  # a prompt that was sent takes them along
        yield from (word for name, word in BESIDE.items() if getattr(before, name) != getattr(after, name))
    if before.preset != after.preset:
        yield f"preset {after.preset or before.preset}"
    else:
        yield from _few(_params(before, after), "parameters")
    marks = [{each.id: each.cache for each in session.messages} for session in (before, after)]
    if any(marks[1].get(name, mark) != mark for name, mark in marks[0].items()):
        yield "cache breakpoint"
    if _system(before) != _system(after):
        yield "system prompt"
    yield from _few(_variables(before, after), "variables")
    if before.title != after.title:
        yield "title"
    if before.endpoint != after.endpoint:
        yield "endpoint"


def _lanes(before: Session, after: Session) -> str:
    """What became of the lanes: added, closed, moved, named."""
    old, new = ([lane.id for lane in session.lanes] for session in (before, after))
    came, gone = [each for each in new if each not in old], [each for each in old if each not in new]
    if came or gone:
        words = ("the new lane", f"{len(came)} new lanes") if came else ("the closed lane", f"{len(gone)} closed lanes")
        return words[0] if len(came or gone) == 1 else words[1]
    if old != new:
        return "the order of the lanes"
    names = ([lane.name for lane in session.lanes] for session in (before, after))
    return "the name of a lane" if next(names) != next(names) else ""


def _moved(before: Session, after: Session) -> str:
    """Where a conversation went: on by a prompt, back to an earlier turn, or beside one."""
    return next((word for each in before.lanes if (word := _moved_lane(before, after, each.id))), "")


def _moved_lane(before: Session, after: Session, lane: str) -> str:
    old, new = (session.path(session.lane(lane).tip) for session in (before, after))
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
    old, new = ([session.params_of(lane) for lane in session.lanes] for session in (before, after))
    pairs = [*zip(old, new, strict=True)]
    return [
        row.label
        for row in FIELDS
        if row.key != "system" and any(one[row.key] != other[row.key] for one, other in pairs)
    ]


def _system(session: Session) -> list[tuple[str | None, str | None]]:
    return [(lane.system, session.params_of(lane).system) for lane in session.lanes]


def _variables(before: Session, after: Session) -> list[str]:
    old, new = before.bindings, after.bindings
    return [f"variable {name}" for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _few(names: list[str], kind: str) -> list[str]:
    return names if len(names) <= MOST else [f"{len(names)} {kind}"]
