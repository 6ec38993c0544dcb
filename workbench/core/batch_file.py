"""`[[batches]]` of a session file: batches as their tables, and back.

A row with a mistake is not used: it is told, and kept as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from workbench.core.batch import MOST, ROW_ID, SERVER_ID, Batch, Counts, Status, moment
from workbench.core.kinds import shown_raw
from workbench.core.record import amount
from workbench.core.unknown_keys import Looks

TEXTS: Final = ("endpoint", "server_id", "sweep", "problem")
TIMES: Final = ("created", "expires", "ended")
MONEY: Final = ("estimate_usd", "cost_usd")


class BatchRowError(ValueError):
    """A row that is no batch; the text says what would be right."""


def dump(batches: Iterable[Batch]) -> list[dict[str, object]]:
    """A row each, only what is known."""
    return [_row(each) for each in batches]


def _row(batch: Batch) -> dict[str, object]:
    if batch.unread is not None:
        return dict(batch.unread)
    row: dict[str, object] = {
        "id": batch.id,
        "status": batch.status.value,
        "endpoint": batch.endpoint,
        "server_id": batch.server_id,
        "sweep": batch.sweep,
        "lanes": list(batch.lanes),
        "requests": batch.requests,
        "created": batch.created,
        "expires": batch.expires,
        "ended": batch.ended,
        "counts": batch.counts.to_mapping(),
        **{key: None if (usd := getattr(batch, key)) is None else format(usd, "f") for key in MONEY},
        "simulated": batch.simulated,
        "problem": batch.problem,
    }
    return {**{key: value for key, value in row.items() if value or key == "requests"}, **batch.extra}


def load(rows: Sequence[dict[str, Any]], unknown: Looks | None = None) -> tuple[tuple[Batch, ...], tuple[str, ...]]:
    """The batches of a file, and a sentence for each row that is none."""
    looks = unknown or Looks()
    batches: list[Batch] = []
    notes: list[str] = []
    taken: set[str] = set()
    for at, row in enumerate(rows, 1):
        where = f"batches, row {at}"
        try:
            batch = _read(dict(row))
            if batch.id in taken:
                raise BatchRowError(f"the id {batch.id!r} stands twice; each must be its own")
        except BatchRowError as error:
            notes.append(f"{where}: {error}; it is kept, and not used")
            batches.append(Batch(f"?{at}", "", Status.LOST, unread=row))
        else:
            notes += looks.notes(where, batch.extra)
            taken.add(batch.id)
            batches.append(batch)
    return tuple(batches), tuple(notes)


def _read(left: dict[str, Any]) -> Batch:
    name = left.pop("id", "")
    if not isinstance(name, str) or not ROW_ID.fullmatch(name):
        raise BatchRowError(f'id must be a b and a number, like "b1", not {shown_raw(name)}')
    status = left.pop("status", Status.IN_PROGRESS.value)
    if not isinstance(status, str) or status not in set(Status):
        raise BatchRowError(f"status must be one of {', '.join(Status)}, not {shown_raw(status)}")
    known: dict[str, Any] = {}
    for key in TEXTS:
        known[key] = left.pop(key, "")
        if not isinstance(known[key], str):
            raise BatchRowError(f"{key} must be text in quotes, not {shown_raw(known[key])}")
    for key in TIMES:
        given = left.pop(key, None)
        known[key] = moment(given)
        if given is not None and known[key] is None:
            raise BatchRowError(f"{key} must be a time with its offset, like 2026-11-22T14:03:11Z")
    lanes = left.pop("lanes", [])
    if not isinstance(lanes, list) or not all(isinstance(each, str) for each in lanes):
        raise BatchRowError('lanes must be a list of ids, like ["A", "B"]')
    requests = left.pop("requests", 0)
    if type(requests) is not int or not 0 <= requests <= MOST:
        raise BatchRowError(f"requests must be a whole number, not {shown_raw(requests)}")
    known["simulated"] = left.pop("simulated", False)
    if not isinstance(known["simulated"], bool):
        raise BatchRowError(f"simulated must be true or false, not {shown_raw(known['simulated'])}")
    known |= {key: _usd(key, left.pop(key, None)) for key in MONEY}
    if known["server_id"] and not SERVER_ID.fullmatch(known["server_id"]):
        raise BatchRowError(
            f'server_id must be an id of the server, like "msgbatch_01ab", not {shown_raw(known["server_id"])}'
        )
    if not known["server_id"] and status not in {Status.INTENDED, Status.LOST}:
        raise BatchRowError('server_id is missing: it says which batch of the server this is, like "msgbatch_…"')
    counts = Counts.of(left.pop("counts", None))
    return Batch(name, status=Status(status), lanes=tuple(lanes), requests=requests, counts=counts, **known, extra=left)


def _usd(key: str, value: object) -> Decimal | None:
    if value is None:
        return None
    if (usd := amount(value)) is None:
        raise BatchRowError(f'{key} must be an amount in quotes, like "0.42", not {shown_raw(value)}')
    return usd
