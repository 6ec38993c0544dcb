"""A message batch: requests that the server answers within a day, at half the price (claude-api §6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

MOST_REQUESTS: Final = 100_000
MOST_BYTES: Final = 256 * 1000 * 1000
"""Of one batch; what is more goes into several."""
MOST: Final = 10**9
"""No count is higher; what a server or a file says beyond is no count."""
YEARS: Final = range(1970, 9000)
"""Times can be reckoned with in these."""
CUSTOM_ID: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
SERVER_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""What may stand in an address: a file could have any text in its place."""
ROW_ID: Final = re.compile(r"b[0-9]{1,9}")
OURS: Final = re.compile(r"(?:[a-zA-Z0-9-]*)_([0-9]{1,6})_([0-9]{1,6})_([0-9a-f]{8})(?:_.*)?")
NAME_WIDTH: Final = 12
NAMED_LANES: Final = 8
"""As many as keys go to; more are a number."""
FIRST_POLL_S: Final = 1.0
LONGEST_POLL_S: Final = 60.0


class Status(StrEnum):
    """How far a batch is."""

    INTENDED = "intended"
    """Written down, and not confirmed: whether the server has it is not known."""
    IN_PROGRESS = "in_progress"
    CANCELING = "canceling"
    ENDED = "ended"
    """Its results are there, and not fetched yet."""
    COLLECTED = "collected"
    LOST = "lost"
    """The server does not know it, or not any more."""


OPEN: Final = frozenset({Status.IN_PROGRESS, Status.CANCELING})
"""While the server works on it."""
WAITING: Final = OPEN | {Status.INTENDED, Status.ENDED}
"""While its results are still to come."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of its requests are where; all are `processing` until the whole batch has ended."""

    processing: int = 0
    succeeded: int = 0
    errored: int = 0
    canceled: int = 0
    expired: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, row.name) for row in fields(self))

    @property
    def done(self) -> int:
        return self.total - self.processing

    def to_mapping(self) -> dict[str, int]:
        return {row.name: number for row in fields(self) if (number := getattr(self, row.name))}

    @classmethod
    def of(cls, value: object) -> Counts:
        """From the server or a file; what is no count is none."""
        found = value if isinstance(value, Mapping) else {}
        numbers = {row.name: found.get(row.name) for row in fields(cls)}
        return cls(**{name: each for name, each in numbers.items() if type(each) is int and 0 <= each <= MOST})

    def told(self) -> str:
        """`994 answered · 5 errored · 1 expired`."""
        words = {"succeeded": "answered", "canceled": "cancelled"}
        return " · ".join(f"{number:,} {words.get(name, name)}" for name, number in self.to_mapping().items())


@dataclass(frozen=True)
class Batch:
    """One batch, as the session keeps it; which request each of its custom ids stands for is in a file beside it."""

    id: str
    """In the session: `b1`."""
    endpoint: str
    """By name; its results are nowhere else."""
    status: Status = Status.INTENDED
    server_id: str = ""
    """What the server calls it; empty until it said so."""
    sweep: str = ""
    """The sweep whose cells it asks for, or …"""
    lanes: tuple[str, ...] = ()
    """… the lanes whose answers they will be."""
    requests: int = 0
    created: datetime | None = None
    """By this machine's clock until the server gave its own time."""
    expires: datetime | None = None
    ended: datetime | None = None
    counts: Counts = Counts()
    estimate_usd: Decimal | None = None
    """The most that it may cost, at half the price."""
    cost_usd: Decimal | None = None
    """What it did cost, once its results are there."""
    simulated: bool = False
    """Whether a simulator has it, so that nobody pays."""
    problem: str = ""
    """Why it could not be sent, refreshed or collected the last time."""
    extra: Mapping[str, object] = field(default_factory=dict, compare=False, hash=False, repr=False)
    unread: Mapping[str, object] | None = field(default=None, compare=False, hash=False, repr=False)
    """The row of a file that can't be read, as it stands there: such a batch is not used."""

    @property
    def open(self) -> bool:
        """Whether the server still works on it."""
        return self.status in OPEN

    @property
    def kept_id(self) -> str:
        """The id that the file has for it, of a row that can't be read too: nothing else may be called so."""
        name = self.id if self.unread is None else self.unread.get("id")
        return name if isinstance(name, str) and ROW_ID.fullmatch(name) else ""

    def made(self, run: str) -> bool:
        """Whether a run of that id came of it."""
        return run.startswith(f"{self.id}-")

    @property
    def askable(self) -> bool:
        """Whether the server may have more to say of it; one that it didn't know may be at another address."""
        return self.unread is None and (self.status in WAITING or (self.status is Status.LOST and bool(self.server_id)))

    @property
    def subject(self) -> str:
        """`sweep w1`, `lanes A, B`, `30 lanes`."""
        if self.sweep:
            return f"sweep {self.sweep}"
        if len(self.lanes) > NAMED_LANES:
            return f"{len(self.lanes)} lanes"
        return f"lane{'s'[: len(self.lanes) != 1]} {', '.join(self.lanes)}" if self.lanes else ""

    def told(self, answer: Mapping[str, Any]) -> Batch:
        """The batch after what the server says of it."""
        server_id = answer.get("id")
        counts = Counts.of(answer.get("request_counts"))
        status = _STATUSES.get(str(answer.get("processing_status")), self.status)
        if self.status is Status.COLLECTED:
            status = self.status
        return replace(
            self,
            server_id=server_id if isinstance(server_id, str) and SERVER_ID.fullmatch(server_id) else self.server_id,
            status=Status.IN_PROGRESS if status in {Status.INTENDED, Status.LOST} else status,
            created=moment(answer.get("created_at")) or self.created,
            expires=moment(answer.get("expires_at")) or self.expires,
            ended=moment(answer.get("ended_at")) or self.ended,
            counts=counts if counts.total else self.counts,
            problem="",
        )


_STATUSES: Final = {str(each): each for each in (Status.IN_PROGRESS, Status.CANCELING, Status.ENDED)}


def moment(value: object) -> datetime | None:
    """A time of RFC 3339 with its offset, or None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo and value.year in YEARS else None


def custom_id(owner: str, number: int, repeat: int, sha256: str, label: str = "") -> str:
    """What a request is called in its batch: `w1_17_3_1a2b3c4d_sonnet-4-6-temperature-0-7`.

    Owner, number (from 0), repeat (from 0) and the body's hash tell it from all others of the session, and from the
    same cell of a definition that was changed since; the rest is for people who read results by eye.
    """
    head = f"{plain(owner)[:NAME_WIDTH]}_{number + 1}_{repeat + 1}_{sha256[:8]}"
    return f"{head}_{plain(label)}"[:64].rstrip("_-") if label else head


def place_of(name: str) -> tuple[int, int, str] | None:
    """Number, repeat and the beginning of the hash; None for what no batch of ours is called by."""
    found = OURS.fullmatch(name)
    return None if found is None else (int(found[1]) - 1, int(found[2]) - 1, found[3])


def plain(text: str) -> str:
    """Text in the letters that a custom id may have."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", text).strip("-")


def poll_s(age_s: float) -> float:
    """How long to wait before asking again about a batch of that age: soon at first, at most a minute."""
    return min(max(FIRST_POLL_S, age_s / 5), LONGEST_POLL_S)


def free_id(batches: Iterable[Batch], runs: Iterable[str] = ()) -> str:
    """The next of `b1`, `b2` … that neither a batch nor the id of a run (`b1-17`) was made from."""
    numbers = (re.match(r"b([0-9]{1,9})(?:-|\Z)", name) for name in (*(each.kept_id for each in batches), *runs))
    return f"b{max((int(found[1]) for found in numbers if found), default=0) + 1}"


def with_batch(batches: tuple[Batch, ...], batch: Batch) -> tuple[Batch, ...]:
    """The batch in place of the one with its id, or added."""
    if any(each.id == batch.id for each in batches):
        return tuple(batch if each.id == batch.id else each for each in batches)
    return (*batches, batch)
