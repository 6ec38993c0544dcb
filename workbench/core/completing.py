"""What the API requires and a hand-written session doesn't say: the user's defaults stand in, and it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workbench.core.params import Params
from workbench.core.session import Lane, Session

REQUIRED: Final = ("model", "max_tokens")
"""All that is ever filled in: any other parameter that isn't set is not sent."""


def missing(session: Session, lanes: Iterable[Lane] | None = None) -> tuple[str, ...]:
    """The required parameters that one of the lanes, else any, would go without although nobody took them away."""
    asked = session.lanes if lanes is None else tuple(lanes)
    return tuple(
        key
        for key in REQUIRED
        if session.params[key] is None and any(lane.params[key] is None and key not in lane.unset for lane in asked)
    )


def completed(session: Session, defaults: Params) -> Session:
    """The session with those from the defaults, shared by its lanes; the same session where none is missing."""
    found = Params()
    for key in missing(session):
        found = found.set(key, defaults[key])
    return replace(session, params=session.params.merge(found)) if found.items else session


def note(keys: Iterable[str], defaults: Params) -> str:
    """A sentence about what was missing, for after the name of the file; empty where nothing was."""
    taken = {key: defaults[key] for key in keys if defaults[key] is not None}
    values = " and ".join(f"{key} {value}" for key, value in taken.items())
    return f"sets no {' and no '.join(taken)}; the default is used: {values}" if taken else ""
