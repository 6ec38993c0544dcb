"""What the lanes of a session share, and in what they differ: parameter by parameter, with who has which value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.core.kinds import Value
from workbench.core.params import FIELDS, Param
from workbench.core.session import Lane, Session

UNSET: Final = "—"
OWN_TEXT: Final = 16
"""Characters of a system prompt that is no version."""
SHORT: Final = {"temperature": "T", "max_tokens": "max", "stop_sequences": "stop", "thinking_budget": "budget"}
"""Labels of parameters where every cell counts."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A parameter that all lanes send alike."""

    key: str
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Group:
    """A value, and the lanes that have it, by their places from 0."""

    shown: str
    lanes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """A parameter in which lanes differ: its values in the order of the lanes."""

    key: str
    label: str
    groups: tuple[Group, ...]

    def shown(self, lane: int) -> str:
        """The value that the lane at that place has."""
        return next(group.shown for group in self.groups if lane in group.lanes)

    def chip(self, lane: int) -> str:
        """That value by itself where it tells what it is, else with its label: `sonnet-4-6`, `T 0.7`."""
        return self.shown(lane) if self.key in {"model", "system"} else f"{self.label} {self.shown(lane)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All parameters that any of the lanes sends."""

    same: tuple[Shared, ...]
    differs: tuple[Differing, ...]

    def chips(self, lane: int) -> tuple[str, ...]:
        """What tells the lane at that place from the others."""
        return tuple(row.chip(lane) for row in self.differs)


def compare(session: Session, lanes: Sequence[Lane]) -> Comparison:
    """Each parameter that is set in some lane, as shared or as differing; system prompts by their versions."""
    params = [session.params_of(lane) for lane in lanes]
    same: list[Shared] = []
    differs: list[Differing] = []
    for row in FIELDS:
        values = [each[row.key] for each in params]
        if all(value is None for value in values):
            continue
        if len(set(values)) == 1:
            same.append(Shared(row.key, label(row), _shown(session, row, lanes[0], values[0])))
        else:
            differs.append(Differing(row.key, label(row), _groups(session, row, lanes, values)))
    return Comparison(tuple(same), tuple(differs))


def label(row: Param) -> str:
    """The parameter's label where there is little room."""
    return SHORT.get(row.key, "sys" if row.key == "system" else row.label)


def _groups(session: Session, row: Param, lanes: Sequence[Lane], values: Sequence[Value | None]) -> tuple[Group, ...]:
    places: dict[Value | None, list[int]] = {}
    for at, value in enumerate(values):
        places.setdefault(value, []).append(at)
    return tuple(Group(_shown(session, row, lanes[where[0]], value), tuple(where)) for value, where in places.items())


def _shown(session: Session, row: Param, lane: Lane, value: Value | None) -> str:
    if value is None:
        return UNSET
    if row.key == "system":
        system = session.system(lane.system)
        return system.id if system is not None and lane.params.system is None else _cut(row.kind.shown(value))
    return short_value(row, value)


def _cut(text: str) -> str:
    return text if len(text) <= OWN_TEXT else f"{text[: OWN_TEXT - 1]}…"


def short_value(row: Param, value: Value) -> str:
    """A value where there is little room: `sonnet-4-6`, `1 024`, `0.7`."""
    return str(value).removeprefix("claude-") if row.key == "model" else row.kind.shown(value)
