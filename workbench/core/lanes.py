"""Lanes: cloned, closed, moved, named, one for each value, and the winner kept; each returns the session after it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Final

from workbench.core.kinds import Json, Value
from workbench.core.params import Params, lookup
from workbench.core.session import Lane, Session

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_AT_ONCE: Final = 16
"""How many lanes one step may add: each is a request that somebody pays for."""


def free_id(taken: Container[str]) -> str:
    """A letter that isn't taken: the next after the last, `A2` and on when they are used up."""
    rounds = 1
    while True:
        for letter in LETTERS:
            made = letter if rounds == 1 else f"{letter}{rounds}"
            if made not in taken:
                return made
        rounds += 1


def _used(session: Session, taken: Iterable[str]) -> set[str]:
    """The ids that a new lane can't have; those of closed lanes that had run, too, for a run is of one lane."""
    return {*taken, *(each.id for each in session.lanes), *(run.lane for run in session.runs)}


def clone(session: Session, lane: Lane, taken: Iterable[str] = ()) -> tuple[Session, Lane]:
    """The session with a copy of the lane right behind it, and the copy; its id is none of `taken` either."""
    made = replace(lane, id=free_id(_used(session, taken)), name="", extra={})
    at = _place(session, lane) + 1
    return replace(session, lanes=(*session.lanes[:at], made, *session.lanes[at:])), made


def close(session: Session, lane: Lane) -> Session:
    """The session without the lane; its messages and runs stay. The last one stays too."""
    left = tuple(each for each in session.lanes if each.id != lane.id)
    return replace(session, lanes=left) if left else session


def move(session: Session, lane: Lane, by: int) -> Session:
    """The lane so many places further right, or left; it stops at the ends."""
    at = _place(session, lane)
    there = min(max(at + by, 0), len(session.lanes) - 1)
    lanes = [each for each in session.lanes if each.id != lane.id]
    lanes.insert(there, lane)
    return replace(session, lanes=tuple(lanes))


def keep(session: Session, lane: Lane) -> Session:
    """The lane alone, its own parameters now everybody's; what the others asked and got stays in the tree."""
    params = session.params.merge(lane.params, lane.unset)
    return replace(session, params=params, lanes=(replace(lane, params=Params(), unset=()),))


def one_per_value(session: Session, lane: Lane, key: str, values: Sequence[Value | None]) -> Session:
    """The lane with the first value, and a clone behind it for each further one. Raises ParamError."""
    lookup(key)
    first, *more = values
    session = session.with_lane(own(session, lane, key, first))
    at = session.lane(lane.id)
    for value in more:
        session, made = clone(session, at)
        at = own(session, made, key, value)
        session = session.with_lane(at)
    return session


def from_settings(session: Session, lane: Lane, settings: Sequence[Params]) -> Session:
    """A lane for each setting in place of all lanes, each from where `lane` stands; the tree stays as it is."""
    lanes: list[Lane] = []
    for params in settings[:MOST_AT_ONCE]:
        made = free_id(_used(session, (each.id for each in lanes)))
        lanes.append(replace(lane, id=made, name="", params=lane.params.merge(params), extra={}))
    return replace(session, lanes=tuple(lanes)) if lanes else session


def own(session: Session, lane: Lane, key: str, value: object) -> Lane:
    """The lane with a value of its own, or with the shared one taken away by None. Raises ParamError."""
    kept = tuple(each for each in lane.unset if each != key)
    params = lane.params.set(key, value)
    if value is None and session.params[key] is not None:
        return replace(lane, params=params, unset=(*kept, key))
    if value is not None and session.params[key] == params[key]:
        params = params.unset(key)
    return replace(lane, params=params, unset=kept)


def for_all(session: Session, key: str, value: object) -> Session:
    """A parameter set for every lane, or unset by None: no lane keeps its own. Raises ParamError."""
    lanes = tuple(
        replace(lane, params=lane.params.unset(key), unset=tuple(each for each in lane.unset if each != key))
        for lane in session.lanes
    )
    return replace(session, params=session.params.set(key, value), lanes=lanes)


def changed(session: Session, lane: Lane, key: str, value: object, *, everybody: bool) -> Session:
    """A parameter set, or unset by None, for one lane of several or for everybody. Raises ParamError."""
    if len(session.lanes) == 1:
        return session.with_param(lane, key, value)
    return for_all(session, key, value) if everybody else session.with_lane(own(session, lane, key, value))


def say_to(session: Session, lanes: Iterable[Lane], said: str | Json) -> Session:
    """One more turn of the user in each lane: lanes that stand in the same place share the message."""
    made: dict[str | None, str] = {}
    for lane in lanes:
        if lane.tip not in made:
            session = session.say(lane, said, parent=lane.tip)
            made[lane.tip] = session.messages[-1].id
        session = session.with_lane(replace(lane, tip=made[lane.tip]))
    return session


def _place(session: Session, lane: Lane) -> int:
    return next(at for at, each in enumerate(session.lanes) if each.id == lane.id)
