"""`[[sweeps]]` of a session file: definitions as their tables, and back.

Hand-written ones need only `axes`. A row with a mistake is not used: it is told, and kept as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from workbench.core import attached_file
from workbench.core.attached import AttachError
from workbench.core.kinds import shown_raw
from workbench.core.params import ParamError, lookup
from workbench.core.sweep import Axis, Sweep, SweepError, plain, read_value
from workbench.core.unknown_keys import Looks


def dump(sweeps: Iterable[Sweep]) -> list[dict[str, object]]:
    """A row each, only what is set; the axes in their order."""
    return [_row(each) for each in sweeps]


def _row(sweep: Sweep) -> dict[str, object]:
    row: dict[str, object] = {"id": sweep.id}
    row.update({key: value for key in ("lane", "parent", "prompt") if (value := getattr(sweep, key)) is not None})
    if sweep.attachments:
        row[attached_file.KEY] = attached_file.rows(sweep.attachments)
    if sweep.repeats != 1:
        row["repeats"] = sweep.repeats
    if sweep.axes:
        row["axes"] = {axis.key: [plain(axis.key, value) for value in axis.values] for axis in sweep.axes}
    return {**row, **sweep.extra}


def load(rows: Sequence[dict[str, Any]], unknown: Looks | None = None) -> tuple[tuple[Sweep, ...], tuple[str, ...]]:
    """The sweeps of a file, and a sentence for each mistake; a row with one has no axis, so that nothing is sent."""
    given = {each for row in rows if isinstance(each := row.get("id"), str) and each}
    free = (name for number in count(1) if (name := f"w{number}") not in given)
    sweeps: list[Sweep] = []
    notes: list[str] = []
    taken: set[str] = set()
    looks = unknown or Looks()
    for at, row in enumerate(rows, 1):
        where = f"sweeps, row {at}"
        own = row.get("id")
        name = own if isinstance(own, str) and own else next(free)
        try:
            if name in taken:
                raise SweepError(f"the id {name!r} stands twice; each must be its own")
            sweep = _read(name, row)
        except (SweepError, ParamError, AttachError) as error:
            notes.append(f"{where}: {error}; it is kept, and not used")
            sweeps.append(Sweep(name, extra=row))
        else:
            notes += looks.notes(where, sweep.extra)
            sweeps.append(sweep)
        taken.add(name)
    return tuple(sweeps), tuple(notes)


def _read(name: str, row: Mapping[str, Any]) -> Sweep:
    left = dict(row)
    if not isinstance(left.pop("id", ""), str):
        raise SweepError(f"id must be text in quotes, not {shown_raw(row['id'])}")
    sweep = Sweep(name, _axes(left.pop("axes", None)), _repeats(left.pop("repeats", 1)))
    texts: dict[str, Any] = {}
    for key in ("lane", "parent", "prompt"):
        text = left.pop(key, "")
        if not isinstance(text, str):
            raise SweepError(f"{key} must be text in quotes, not {shown_raw(text)}")
        texts[key] = text or None
    attachments = attached_file.read(left.pop(attached_file.KEY, []))
    if attachments and texts["prompt"] is None:
        texts["prompt"] = ""
    return replace(sweep, **texts, attachments=attachments, extra=left)


def _axes(table: object) -> tuple[Axis, ...]:
    if not isinstance(table, Mapping) or not table:
        raise SweepError("axes must be a table, like { temperature = [0.0, 0.5, 1.0] }")
    axes: list[Axis] = []
    for key, values in table.items():
        if not isinstance(values, list):
            raise SweepError(f"axes: {lookup(key).key} must be a list of values, like [0.0, 0.5]")
        axis = Axis(lookup(key).key, tuple(read_value(key, value) for value in values))
        axis.check()
        axes.append(axis)
    return tuple(axes)


def _repeats(number: object) -> int:
    if type(number) is not int or number < 1:
        raise SweepError(f"repeats must be a whole number from 1 on, not {shown_raw(number)}")
    return number
