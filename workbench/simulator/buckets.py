"""Token buckets as the API keeps them: continuous refill, a header trio for each, a wait when one is empty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.simulator.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Rates: TypeAlias = tuple[int, int, int]
"""Requests, input tokens and output tokens a minute."""
MINUTE: Final = 60.0
ROUNDED_FROM: Final = 100_000
"""The API rounds what is left to thousands; under small limits that would hide every movement."""


@dataclass(slots=True)
class Bucket:
    """What is left of one limit; it may go below zero, because output is counted as it is made."""

    limit: int
    level: float
    at: float

    def refill(self, now: float) -> None:
        self.level = min(self.limit, self.level + max(0.0, now - self.at) * self.limit / MINUTE)
        self.at = now

    def seconds_until(self, amount: float) -> float:
        """How long until it holds this much; what it can never hold waits until it is full."""
        return max(0.0, (min(amount, self.limit) - self.level) * MINUTE / self.limit)

    @property
    def remaining(self) -> int:
        left = max(0, math.floor(self.level + 1e-6))
        return round(left, -3) if self.limit >= ROUNDED_FROM else left


class Buckets:
    """The three limits of one class of models; fast mode has its own, under its own names."""

    def __init__(self, rates: Rates, clock: Callable[[], float], *, fast: bool = False) -> None:
        self._clock = clock
        self._fast = fast
        requests, input_tokens, output_tokens = (Bucket(rate, rate, clock()) for rate in rates)
        self.requests, self.input_tokens, self.output_tokens = requests, input_tokens, output_tokens

    def _refill(self) -> None:
        for bucket in (self.requests, self.input_tokens, self.output_tokens):
            bucket.refill(self._clock())

    def take(self, input_tokens: int, *, now: datetime, model: str, organization: str) -> None:
        """Count a request and its uncached input in. Raises ApiError 429, with nothing taken, when one is empty."""
        self._refill()
        wanted = (
            (self.requests, 1.0, "requests"),
            (self.input_tokens, float(input_tokens), "input tokens"),
            (self.output_tokens, 1.0, "output tokens"),
        )
        for bucket, amount, name in wanted:
            if bucket.level + 1e-9 < amount:
                raise ApiError(
                    429,
                    f"This request would exceed your organization's rate limit of {bucket.limit:,} {name} per minute "
                    f"(org: {organization}, model: {model}). Reduce the prompt length or the number of requests, "
                    "or try again later.",
                    {
                        **self.headers(now),
                        "retry-after": str(max(1, math.ceil(bucket.seconds_until(amount)))),
                    },
                )
        self.requests.level -= 1
        self.input_tokens.level -= input_tokens

    def spend(self, output_tokens: int) -> None:
        """Count output as it is made."""
        self.output_tokens.refill(self._clock())
        self.output_tokens.level -= output_tokens

    def headers(self, now: datetime) -> dict[str, str]:
        """The header trios; `reset` is when a bucket will be full again."""
        self._refill()
        stem = "anthropic-fast" if self._fast else "anthropic-ratelimit"
        made = _trio("anthropic-ratelimit-requests", now, self.requests)
        made |= _trio(f"{stem}-input-tokens", now, self.input_tokens)
        made |= _trio(f"{stem}-output-tokens", now, self.output_tokens)
        return made if self._fast else made | _trio(f"{stem}-tokens", now, self.input_tokens, self.output_tokens)


def _trio(stem: str, now: datetime, *buckets: Bucket) -> dict[str, str]:
    seconds = max(bucket.seconds_until(bucket.limit) for bucket in buckets)
    return {
        f"{stem}-limit": str(sum(bucket.limit for bucket in buckets)),
        f"{stem}-remaining": str(sum(bucket.remaining for bucket in buckets)),
        f"{stem}-reset": _whole_second(now, seconds),
    }


def _whole_second(now: datetime, seconds: float) -> str:
    """The moment so many seconds from now, in whole seconds and never too early."""
    moment = now + timedelta(seconds=round(seconds, 3))
    if seconds and moment.microsecond:
        moment += timedelta(seconds=1)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_limits(text: str) -> Rates:
    """`RPM,ITPM,OTPM` of the command line. Raises ValueError with a sentence that says what would be right."""
    parts = [part.strip().replace("_", "") for part in text.split(",")]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise ValueError(
            f"limits are three whole numbers above zero, RPM,ITPM,OTPM, such as 50,20000,4000, not {text!r}"
        )
    requests, input_tokens, output_tokens = map(int, parts)
    return requests, input_tokens, output_tokens
