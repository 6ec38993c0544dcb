"""Changes of a sweep's definition as values: which one is meant, its lane, its axes, its repeats."""

from __future__ import annotations

from dataclasses import replace

from workbench.core.session import Lane, Session
from workbench.core.sweep import Axis, Sweep, free_id


def chosen(session: Session, sweep_id: str | None = None) -> Sweep | None:
    """The sweep of that id, else the last one."""
    found = next((each for each in session.sweeps if each.id == sweep_id), None)
    return found or (session.sweeps[-1] if session.sweeps else None)


def editable(session: Session, sweep: Sweep | None, lane: Lane) -> Sweep:
    """The sweep, or a new one of this lane: what a file holds that can't be used is kept as it stands."""
    return started(session, lane) if sweep is None or _damaged(sweep) else sweep


def started(session: Session, lane: Lane) -> Sweep:
    """A new one that varies this lane, with an id that is free."""
    return Sweep(free_id(each.id for each in session.sweeps), lane=lane.id)


def another(session: Session, sweep: Sweep, lane: Lane) -> Sweep:
    """A new one without axes beside this one: it asks the same where it is of the same lane."""
    fresh = replace(started(session, lane), repeats=sweep.repeats)
    same = lane_of(session, sweep, lane) is lane
    return replace(fresh, prompt=sweep.prompt, parent=sweep.parent) if same else fresh


def lane_of(session: Session, sweep: Sweep | None, focused: Lane) -> Lane:
    """Whose parameters a sweep varies; where there is no sweep yet, or its lane is gone, the focused one's."""
    if sweep is None:
        return focused
    if sweep.lane is None:
        return session.lanes[0]
    return next((lane for lane in session.lanes if lane.id == sweep.lane), focused)


def of_lane(sweep: Sweep, lane: Lane) -> Sweep:
    """The sweep over this lane: what another was asked is not what this one would be."""
    return replace(sweep, lane=lane.id, prompt=None, parent=None)


def _damaged(sweep: Sweep) -> bool:
    return "axes" in sweep.extra


def with_changed(session: Session, sweep: Sweep) -> Session:
    """The session with this sweep in place of the one with its id, or added; what can't be used stays beside it."""
    there = [each.id == sweep.id and not _damaged(each) for each in session.sweeps]
    if any(there):
        sweeps = tuple(sweep if same else each for same, each in zip(there, session.sweeps, strict=True))
    else:
        sweeps = (*session.sweeps, sweep)
    return replace(session, sweeps=sweeps)


def with_axis(sweep: Sweep, axis: Axis) -> Sweep:
    """Other values for its axis, or one more axis: the last makes the columns."""
    if any(each.key == axis.key for each in sweep.axes):
        return replace(sweep, axes=tuple(axis if each.key == axis.key else each for each in sweep.axes))
    return replace(sweep, axes=(*sweep.axes, axis))


def without_axis(sweep: Sweep, key: str) -> Sweep:
    return replace(sweep, axes=tuple(each for each in sweep.axes if each.key != key))


def repeats_mistake(text: str) -> str | None:
    try:
        number = int(text.strip())
    except ValueError:
        return f"Repeats are a whole number, not {text.strip()!r}." if text.strip() else "How often is each cell asked?"
    return None if 1 <= number <= 1000 else "A cell can be asked 1 to 1000 times."
