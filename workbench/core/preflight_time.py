"""How long a sweep will take: by the limits that its requests share, and by what earlier answers took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from workbench.core import facts, limiter_load
from workbench.core.limits import Limits
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.state import FULL_STATES

GUESSED_OUTPUT: Final = 1_000
"""Tokens of an answer that nobody has seen the like of, where `max_tokens` allows them."""
WEIGHTS: Final[Mapping[str, tuple[int, int, int]]] = {
    "requests": (1, 0, 0),
    "input_tokens": (0, 1, 0),
    "output_tokens": (0, 0, 1),
    "tokens": (0, 1, 1),
}
"""What each bucket of a class counts: requests, input and output tokens."""
LimitsOf = Callable[[Params], Limits | None]


class Seen:
    """Earlier answers: how long they are, and how long they took, by model and over all."""

    def __init__(self, past: Iterable[RunRecord]) -> None:
        self._output: dict[object, list[int]] = {}
        self._total: list[float] = []
        for record in past:
            if record.state not in FULL_STATES:
                continue
            if (made := facts.output(record)) is not None:
                for key in (record.asked_model, None):
                    self._output.setdefault(key, []).append(made)
            if record.timings.total_s is not None:
                self._total.append(record.timings.total_s)

    def output(self, params: Params) -> float | None:
        """Tokens of such an answer."""
        found = self._output.get(params.model) or self._output.get(None)
        return None if not found else min(fmean(found), params.max_tokens or fmean(found))

    @property
    def seconds(self) -> float | None:
        return fmean(self._total) if self._total else None


@dataclass(frozen=True, slots=True)
class Takes:
    """How long it takes, and how that is known."""

    seconds: float
    limited: bool
    """Whether limits are known: else it is only what earlier answers took."""
    measured: bool
    """Whether earlier answers are known: else it is what the limits hold up, and no answer is that quick."""

    def __str__(self) -> str:
        how = "at the current limits" if self.limited else "at the pace of earlier answers"
        return f"{'≈' if self.measured else '≥'} {duration(self.seconds)} {how}"


def takes(
    asked: Iterable[tuple[Params, int, int]], seen: Seen, catalogue: Catalogue, limits: LimitsOf, concurrency: int
) -> Takes | None:
    """The slowest of the classes' buckets, and of what one after another takes in so many places; None is not known.

    `asked` are parameters, how many requests have them, and the input tokens of each.
    """
    needs: dict[str, list[float]] = {}
    samples: dict[str, Params] = {}
    every = tuple(asked)
    for params, number, tokens in every:
        name = limiter_load.class_of(params, catalogue)
        samples.setdefault(name, params)
        made = seen.output(params)
        if made is None:
            made = min(params.max_tokens or GUESSED_OUTPUT, GUESSED_OUTPUT)
        need = needs.setdefault(name, [0.0, 0.0, 0.0])
        for at, amount in enumerate((1, tokens, made)):
            need[at] += number * amount
    times: list[float] = []
    for name, need in needs.items():
        known = limits(samples[name])
        times += _waits(need, known) if known is not None else ()
    limited = bool(times)
    if seen.seconds is not None:
        times.append(sum(number for _, number, _ in every) * seen.seconds / concurrency)
    longest = max(times, default=0.0)
    return Takes(longest, limited, measured=seen.seconds is not None) if longest > 0 else None


def _waits(need: Sequence[float], limits: Limits) -> Iterator[float]:
    """Seconds until each bucket has let that much through: what is in it, then a minute for each of its limits."""
    for name, weights in WEIGHTS.items():
        bucket = limits.get(name)
        if bucket is None or not bucket.limit:
            continue
        amount = sum(each * weight for each, weight in zip(need, weights, strict=True))
        there = bucket.limit if bucket.remaining is None else bucket.remaining
        yield max(0.0, amount - there) / bucket.limit * 60


def latest_limits(records: Iterable[RunRecord], catalogue: Catalogue) -> LimitsOf:
    """The limits that each class's last answer told of, as if their buckets were full again."""
    newest: dict[str, RunRecord] = {}
    for record in records:
        model = record.asked_model
        if record.limits is None or model is None or record.started is None:
            continue
        name = limiter_load.class_of(Params(model=model, speed=_speed(record)), catalogue)
        there = newest.get(name)
        if there is None or there.started is None or record.started >= there.started:
            newest[name] = record

    def known(params: Params) -> Limits | None:
        found = newest.get(limiter_load.class_of(params, catalogue))
        if found is None or found.limits is None:
            return None
        return Limits({name: replace(each, remaining=None, reset=None) for name, each in found.limits.items()})

    return known


def _speed(record: RunRecord) -> str | None:
    return "fast" if record.params.get("speed") == "fast" else None


def duration(seconds: float) -> str:
    """`40 s`, `3 min`, `2 h 10 min`."""
    if seconds < 99.5:
        return f"{max(seconds, 1):.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"
