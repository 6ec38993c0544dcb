"""A sweep worked out: its cells with their requests, their places in the grid, and the order in which they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias

from workbench.core import attached, references, template
from workbench.core.conversation import check, request_of, request_with
from workbench.core.endpoint import Endpoint
from workbench.core.kinds import Json, Value
from workbench.core.models import builtin
from workbench.core.params import FIELDS, Params
from workbench.core.record import RunRecord
from workbench.core.request import Request, Turn
from workbench.core.session import Lane, Session
from workbench.core.state import FULL_STATES
from workbench.core.sweep import Axis, Sweep, SweepError, cell_values

MOST: Final = 100_000
"""Requests of one sweep."""
Values: TypeAlias = tuple[tuple[str, Value | None], ...]
Asked: TypeAlias = tuple[str, object, int]
"""What a spot is found by: the body's hash, the version (a header, and so not in the body) and the repeat."""


@dataclass(frozen=True)
class Cell:
    """One combination of values, and the request that asks it."""

    index: int
    """Row after row."""
    row: int
    column: int
    values: Values
    label: str
    """Its values in words: `sonnet-4-6 · temperature 0.7`."""
    request: Request
    sha256: str
    """Of the bytes of the request's body, as a run record has it."""

    @cached_property
    def plain(self) -> dict[str, Any]:
        """Its values by key, as its run records keep them under `cell`."""
        return cell_values(self.values)

    def sha256_at(self, endpoint: Endpoint | None) -> str:
        """The same where the endpoint takes bodies of another form."""
        shaped = self.request if endpoint is None else self.request.at(endpoint)
        return self.sha256 if shaped is self.request else shaped.digest


@dataclass(frozen=True, slots=True)
class Spot:
    """One request of a sweep."""

    cell: int
    repeat: int
    """From 0."""


@dataclass(frozen=True)
class Plan:
    """Everything that a sweep sends."""

    sweep: Sweep
    lane: str
    parent: str | None
    """What its run records say they hang under: the sweep's message, or the last question where that is asked."""
    cells: tuple[Cell, ...]
    rows: tuple[str, ...]
    """The heads of the rows: all axes but the last; one axis makes one row, without a head."""
    columns: tuple[str, ...]
    """The heads of the columns: the last axis."""
    order: tuple[Spot, ...]
    """Repeat after repeat, each beginning at another cell: whatever drifts while it is sent colours no column."""
    held: tuple[str, ...]
    """What all cells share: `max tokens 1 024`."""
    breakpoints: Mapping[str, str] = field(default_factory=dict)
    """The cache breakpoints on the turns that are sent: `5m` or `1h`, by message."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Those that all cells have other than the session."""

    def cell_at(self, row: int, column: int) -> Cell:
        """Raises IndexError outside of the grid."""
        if not (0 <= row < len(self.rows) and 0 <= column < len(self.columns)):
            raise IndexError(f"there is no cell in row {row}, column {column}")
        return self.cells[row * len(self.columns) + column]

    def done(self, records: Iterable[RunRecord], endpoint: Endpoint | None = None) -> dict[Spot, RunRecord]:
        """The spots that these answers fill: the same request and repeat, a whole answer, whatever it was made for."""
        return self.placed((record for record in records if record.state in FULL_STATES), endpoint)

    def placed(self, records: Iterable[RunRecord], endpoint: Endpoint | None = None) -> dict[Spot, RunRecord]:
        """The spot that each of these asked, of several the first.

        With an `endpoint`, only what it answered counts: another server gives other answers, and the simulator's are
        none of the vendor's. Where cells ask the very same, as two versions of a system prompt that say the same, each
        answer fills one of them, its own where it has one.
        """
        open_spots: dict[Asked, list[Cell]] = {}
        for cell in self.cells:
            digest = cell.sha256_at(endpoint)
            for repeat in range(self.sweep.repeats):
                key: Asked = (digest, cell.request.params.version, repeat)
                open_spots.setdefault(key, []).append(cell)
        found: dict[Spot, RunRecord] = {}
        left: list[tuple[Asked, RunRecord]] = []
        for key, record in _asked(records, endpoint):
            own = next((cell for cell in open_spots.get(key, ()) if cell.plain == record.extra.get("cell")), None)
            if own is None:
                left.append((key, record))
            elif Spot(own.index, key[2]) not in found:
                found[Spot(own.index, key[2])] = record
        for key, record in left:
            spots = (Spot(cell.index, key[2]) for cell in open_spots.get(key, ()))
            free = next((spot for spot in spots if spot not in found), None)
            if free is not None:
                found[free] = record
        return found


def _asked(records: Iterable[RunRecord], endpoint: Endpoint | None) -> Iterator[tuple[Asked, RunRecord]]:
    """The records that can fill a spot, with what it is found by."""
    for record in records:
        repeat, version = record.extra.get("repeat"), record.params.get("version")
        if type(repeat) is not int or not isinstance(version, str | None):
            continue
        if endpoint is None or (record.endpoint == endpoint.name and not (record.simulated and endpoint.official)):
            yield (record.request_sha256, version, repeat), record


def plan(session: Session, sweep: Sweep, fill: Callable[[Request], Request] = lambda request: request) -> Plan:
    """Work a sweep out. Raises SweepError: no value, nothing to ask, a variable without a value, too many requests.

    `fill` puts files in place of their paths.
    """
    _check(sweep)
    lane, tip, draft = _ground(session, sweep)
    lane = _varied(lane, sweep)
    base = fill(request_of(session, lane, tip, draft))
    files = base.files
    now = references.renewed(session, files)
    _check_prompt(session, lane, tip, draft, base.turns)

    def make(params: Params) -> Request:
        request = fill(request_with(now, params, tip, draft))
        return request if now is session else replace(request, files=files)

    *across, last = sweep.axes
    heads = tuple(product(*(axis.values for axis in across)))
    cells: list[Cell] = []
    for row, head in enumerate(heads):
        for column, value in enumerate(last.values):
            values = tuple(zip((axis.key for axis in sweep.axes), (*head, value), strict=True))
            cells.append(_cell(session, sweep, base.params, make, (row, column), values))
    return Plan(
        sweep,
        lane.id,
        sweep.parent if draft is not None else tip,
        tuple(cells),
        told_apart(" · ".join(axis.shown(v) for axis, v in zip(across, head, strict=True)) for head in heads),
        told_apart(last.shown(value) for value in last.values),
        _order(len(cells), sweep.repeats),
        _held(session, lane, base.params, sweep),
        session.marks(tip),
    )


def _check(sweep: Sweep) -> None:
    if not sweep.axes and "axes" in sweep.extra:
        raise SweepError(f"sweep {sweep.id} can't be used as the file has it: correct the mistake in its row")
    if not sweep.axes:
        raise SweepError(f"sweep {sweep.id} has no axis: give it a parameter and its values, like temperature=0,0.5,1")
    for at, axis in enumerate(sweep.axes):
        axis.check()
        if any(axis.key == other.key for other in sweep.axes[:at]):
            raise SweepError(f"{axis.key} is on two axes; write its values on one")
    if sweep.repeats < 1:
        raise SweepError(f"a sweep is repeated once or more, not {sweep.repeats} times")
    number = prod(len(axis.values) for axis in sweep.axes) * sweep.repeats
    if number > MOST:
        raise SweepError(f"{sweep.shape} are {number:,} requests, and {MOST:,} are the most; take fewer values")


def _ground(session: Session, sweep: Sweep) -> tuple[Lane, str | None, str | Json | None]:
    """The lane whose parameters are the ground, where the conversation stands, and what is said as one more turn."""
    try:
        lane = session.lane(sweep.lane)
    except KeyError:
        known = ", ".join(each.id for each in session.lanes)
        raise SweepError(f"sweep {sweep.id}: there is no lane {sweep.lane!r}; the session has {known}") from None
    if sweep.parent is not None and sweep.parent not in session.by_id:
        raise SweepError(f"sweep {sweep.id}: parent {sweep.parent!r} is no message of this session")
    if sweep.prompt is not None:
        return lane, sweep.parent, sweep.said
    tip = sweep.parent if sweep.parent is not None else lane.tip
    if session.prompt.strip() or session.attachments:
        return lane, tip, attached.content(session.prompt, session.attachments)
    for message in reversed(session.path(tip)):
        if message.role != "assistant":
            return lane, message.id, None
    raise SweepError("there is nothing to ask: the session has no prompt")


def _varied(lane: Lane, sweep: Sweep) -> Lane:
    """The lane without its own system prompt where that is an axis: what it asks for is of no concern then."""
    if all(axis.key != "system" for axis in sweep.axes):
        return lane
    return replace(lane, system=None, params=lane.params.unset("system"), unset=(*lane.unset, "system"))


def _check_prompt(
    session: Session, lane: Lane, tip: str | None, draft: str | Json | None, turns: tuple[Turn, ...]
) -> None:
    found = check(session, lane, tip, draft, catalogue=builtin(), request=Request(Params(), turns))
    blocking = dict.fromkeys(each.text for each in found if each.blocking)
    if blocking:
        raise SweepError(" ".join(blocking))


def _cell(
    session: Session,
    sweep: Sweep,
    params: Params,
    make: Callable[[Params], Request],
    place: tuple[int, int],
    values: Values,
) -> Cell:
    """`make` makes the request that asks with such parameters."""
    for key, value in values:
        params = params.set(key, _system(session, value) if key == "system" else value)
    request = make(params)
    row, column = place
    label = " · ".join(axis.told(value) for axis, (_, value) in zip(sweep.axes, values, strict=True))
    index = row * len(sweep.axes[-1].values) + column
    return Cell(index, row, column, values, label, request, request.digest)


def _system(session: Session, value: Value | None) -> str | None:
    """The system prompt of a cell: a version of the session by its id, else the text itself."""
    if value is None:
        return None
    version = session.system(str(value))
    text = str(value) if version is None else version.text
    for name in template.names(text):
        if name not in session.bindings:
            where = "the system prompt" if version is None else f"system prompt {version.id}"
            raise SweepError(f"{{{{{name}}}}} of {where} has no value: add the variable {name}")
    return template.render(text, session.bindings) or None


def told_apart(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels, with a number behind one that stood there already: long texts may begin alike."""
    times: dict[str, int] = {}
    found: list[str] = []
    for label in labels:
        times[label] = times.get(label, 0) + 1
        found.append(label if times[label] == 1 else f"{label} ({times[label]})")
    return tuple(found)


def _order(cells: int, repeats: int) -> tuple[Spot, ...]:
    """Each repeat begins a little further on, so that over all of them no cell is early or late."""
    return tuple(
        Spot((at + repeat * cells // repeats) % cells, repeat) for repeat in range(repeats) for at in range(cells)
    )


def _held(session: Session, lane: Lane, params: Params, sweep: Sweep) -> tuple[str, ...]:
    """The parameters that no axis varies, as the panel shows them; a system prompt by its version."""
    varied = {axis.key for axis in sweep.axes}
    shown: Mapping[str, Any] = {"system": lane.system} if session.system(lane.system) else {}
    return tuple(
        Axis(row.key, (value,)).told(shown.get(row.key, value))
        for row in FIELDS
        if row.key not in varied and (value := params[row.key]) is not None
    )
