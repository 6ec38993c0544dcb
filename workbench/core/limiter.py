"""When the next request may go: one limiter for all runs that share an endpoint's limits for a class of models.

Two things hold requests back. The number at once begins with a few, grows by one with each success while all of it
is used, and halves once for each burst of 429s; the number that was refused is then approached slowly. And a bucket
that the headers show nearly empty is waited for: what is left of it is worked out from the newest response, less what
was sent since and what the answers on their way are expected to bring. A 429 with a time closes the limiter for
everybody until then.

It is told the time, on any clock that counts seconds; one that jumps back only stands still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core.limiter_bucket import WEIGHTS, Bucket, told, words
from workbench.core.limiter_load import Load, Need
from workbench.core.state import Queued

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.core.limits import Limits

CEILING: Final = 16
"""The most at once, unless the caller says otherwise."""
START: Final = 8
"""At once before anything is known: as many lanes as a screen holds must stream side by side from the first run on,
and no published limit is so low that eight requests are too many. A sweep begins the same way, and grows from it."""
EXPECTED_OUTPUT: Final = 500.0
"""Tokens of an answer, until one has come."""
LEARNING: Final = 0.2
"""How much the newest answer counts in what is expected of the next."""
STRUGGLE_S: Final = 10.0
"""No growth for so long after a server said that it is overloaded or broken."""
SPACING_S: Final = 0.1
"""Between two starts after a 429, until one succeeds: those that waited must not all knock at once."""
ROUNDS: Final = 2
"""How often all that go at once must succeed, before their number reaches the one that was refused."""
ALONE: Final = 0.02
"""The share of an output bucket that lets a single answer go; it is more than nothing because ours are estimates."""
LEAST_SHARE: Final = 0.25
SHARE_GROWS: Final = 0.02
"""Of the refill that is believed to be ours: halved where a bucket was emptier than believed, because somebody else
draws from it too, and grown by this with each success. Every response says anew what is left, so that a share that
is too small delays a little and loses nothing."""
NOW_S: Final = 0.001
"""A wait shorter than this is none."""


@dataclass(slots=True, eq=False)
class Slot:
    """One request on its way."""

    number: int
    need: Need
    load: Load
    """What it is expected to take."""
    mark: Load
    """All that was ever spent when it was sent, itself included: its headers tell nothing of what came after."""
    made: float = 0.0
    """Output tokens so far."""
    told: bool = False
    """Whether its headers spoke of the limits."""


class Limiter:
    """The state; `in_flight` requests are on their way, at most `concurrency` may be."""

    def __init__(self, *, ceiling: int = CEILING, start: int = START) -> None:
        self.ceiling = max(1, ceiling)
        self.concurrency = min(max(1, start), self.ceiling)
        self.limits: Limits | None = None
        """What the newest response with such headers said."""
        self.limits_at: float | None = None
        """When it came, on the caller's clock."""
        self._slots: set[Slot] = set()
        self._buckets: dict[str, Bucket] = {}
        self._spent = Load()
        self._numbered = 0
        self._newest = 0
        self._newest_date: datetime | None = None
        self._shrunk_at = 0
        self._too_many: int | None = None
        """The number at once that was refused, where no bucket explains it."""
        self._since_grown = 0
        self._shut: dict[str, float] = {}
        """Reasons to let nobody go, each with its end."""
        self._growing_from = 0.0
        self._careful = False
        self._share = 1.0
        self._output: float | None = None
        self._input_share: float | None = None
        self._seen: float | None = None
        self._time = 0.0

    @property
    def in_flight(self) -> int:
        return len(self._slots)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """What is believed to be left, as of the last time anything was told or asked."""
        return tuple(self._buckets.values())

    def outlook(self, now: float, needs: Sequence[Need]) -> tuple[Queued | None, ...]:
        """For each of those who wait, in their order: why it can't go yet, or None where it can."""
        self._tick(now)
        free = self.concurrency - self.in_flight
        ahead = Load(output=sum(max(0.0, slot.load.output - slot.made) for slot in self._slots))
        found: list[Queued | None] = []
        for place, need in enumerate(needs):
            load = self._load(need)
            seconds, reason = max([(0.0, ""), *self._waits(load, ahead)])
            ahead = ahead.plus(load)
            if seconds > NOW_S:
                found.append(Queued(reason, now + seconds))
            else:
                found.append(None if place < free else Queued("", None))
        return tuple(found)

    def refill_s(self, now: float, need: Need) -> float | None:
        """Seconds until the bucket that lacks most of what it needs has it again; None where none is known to."""
        self._tick(now)
        load = self._load(need)
        lacking = [bucket.seconds_until(_at_most(bucket, load), 1.0) for bucket in self._buckets.values()]
        return max(lacking, default=0.0) or None

    def begin(self, now: float, need: Need) -> Slot:
        """A request goes out; it holds its slot until `end`."""
        self._tick(now)
        load = self._load(need)
        self._take(load._replace(output=0.0))
        self._numbered += 1
        slot = Slot(self._numbered, need, load, self._spent)
        self._slots.add(slot)
        if self._careful:
            self._shut["rate limit"] = max(self._shut.get("rate limit", 0.0), self._time + SPACING_S)
        return slot

    def heard(self, slot: Slot, now: float, limits: Limits) -> None:
        """The headers of its response came; those of an older response than the newest change little or nothing."""
        self._tick(now)
        slot.told = True
        newest = slot.number >= self._newest
        if limits.at is not None and self._newest_date is not None and limits.at != self._newest_date:
            newest = limits.at > self._newest_date
            if not newest:
                return
        if newest:
            self._newest, self._newest_date = slot.number, limits.at or self._newest_date
            self.limits, self.limits_at = limits, now
        since = Load(*(max(0.0, each) for each in self._spent.plus(slot.mark, -1.0)))
        for name, bucket in told(limits, self._time).items():
            bucket.take(since)
            known = self._buckets.get(name)
            if not newest and known is not None:  # who knows which of the two the server counted first
                bucket.level = min(bucket.level, known.level)
            self._buckets[name] = bucket
        for name in WEIGHTS.keys() & limits.keys():
            row, full_in = limits[name], limits.seconds_until_reset(name, 0.0)
            if row.limit is None and row.remaining == 0 and full_in:
                self._shut[words(name)] = self._time + min(full_in, 60.0)

    def made(self, slot: Slot, output_tokens: float) -> None:
        """How much has come of an answer so far; a later word may be less, because the first are guesses."""
        self._take(Load(output=output_tokens - slot.made))
        slot.made = output_tokens

    def refused(self, slot: Slot, now: float, seconds: float | None = None) -> None:
        """Its answer was 429; `seconds` is what the server said to wait, where it did."""
        self._tick(now)
        self._careful = True
        self._give_back(slot)
        if slot.number > self._shrunk_at:  # those sent before the last shrinking belong to the same burst
            if self.refill_s(now, slot.need) is None:
                self._too_many, self._since_grown = self.concurrency, 0
            elif slot.told:
                self._share = max(LEAST_SHARE, self._share / 2)
            self.concurrency = max(1, self.concurrency // 2)
            self._shrunk_at = self._numbered
        if seconds is not None:
            self._shut["rate limit"] = max(self._shut.get("rate limit", 0.0), self._time + seconds)

    def struggled(self, now: float) -> None:
        """The server failed or was overloaded: nobody's limit, but no moment to send it more."""
        self._tick(now)
        self._growing_from = self._time + STRUGGLE_S

    def end(self, slot: Slot, now: float, *, succeeded: bool, input_tokens: int | None = None) -> None:
        """It is over, and its slot free; `input_tokens` are those that count, which cached ones do not."""
        self._tick(now)
        used_up = self.in_flight >= self.concurrency
        self._slots.discard(slot)
        if not self._slots:
            for bucket in self._buckets.values():
                bucket.settle()
        if not succeeded:
            return
        self._careful = False
        self._share = min(1.0, self._share + SHARE_GROWS)
        self._output = _learnt(self._output, slot.made)
        if input_tokens is not None and slot.need.input_tokens:
            share = input_tokens / slot.need.input_tokens
            self._input_share = max(share, _learnt(self._input_share, share))
        if used_up and self._time >= self._growing_from:
            self._grow()

    def _grow(self) -> None:
        if self._too_many is not None and self.concurrency + 1 >= self._too_many:
            self._since_grown += 1
            if self._since_grown < ROUNDS * self.concurrency:
                return
            self._since_grown = 0
            if self.concurrency >= self._too_many:
                self._too_many = None
        self.concurrency = min(self.concurrency + 1, self.ceiling)

    def _load(self, need: Need) -> Load:
        share = 1.0 if self._input_share is None else self._input_share
        output = EXPECTED_OUTPUT if self._output is None else self._output
        most = output if need.most_output is None else need.most_output
        return Load(1.0, need.input_tokens * share, min(output, most))

    def _waits(self, load: Load, ahead: Load) -> list[tuple[float, str]]:
        """Seconds and reasons; what no bucket can ever hold waits until it is full.

        A single answer is let go as soon as there is any output left, as the server does: what it draws beyond that
        only those after it wait for, while many at once would draw the bucket far below zero.
        """
        alone = not self._slots and not ahead.requests
        found = [(until - self._time, reason) for reason, until in self._shut.items()]
        for bucket in self._buckets.values():
            amount = _at_most(bucket, load) + ahead.within(WEIGHTS[bucket.name])
            if alone and WEIGHTS[bucket.name] == Load(output=1):
                amount = min(amount, ALONE * bucket.limit)
            found.append((bucket.seconds_until(amount, self._share), words(bucket.name)))
        return found

    def _give_back(self, slot: Slot) -> None:
        """What was refused took nothing; where its headers told what is left, that is known already."""
        back = slot.load._replace(output=0.0)
        self._spent = self._spent.plus(back, -1.0)
        for each in self._slots:
            if each.number >= slot.number:
                each.mark = each.mark.plus(back, -1.0)
        if not slot.told:
            for bucket in self._buckets.values():
                bucket.take(Load().plus(back, -1.0))

    def _take(self, load: Load) -> None:
        self._spent = self._spent.plus(load)
        for bucket in self._buckets.values():
            bucket.take(load)

    def _tick(self, now: float) -> None:
        if self._seen is not None:
            self._time += max(0.0, now - self._seen)
        self._seen = now
        for bucket in self._buckets.values():
            bucket.refill(self._time, self._share)


def _at_most(bucket: Bucket, load: Load) -> float:
    """What it takes of the bucket, or all of it."""
    return min(load.within(WEIGHTS[bucket.name]), bucket.limit)


def _learnt(mean: float | None, newest: float) -> float:
    return newest if mean is None else mean + LEARNING * (newest - mean)
