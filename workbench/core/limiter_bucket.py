"""A rate limit as it stands between two responses: what its headers left, refilled by time, less what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core.limiter_load import Load

if TYPE_CHECKING:
    from workbench.core.limits import Limits

MINUTE: Final = 60.0
ROUNDED_FROM: Final = 100_000
"""From this limit on, what is left is told in whole thousands, so that it can be 500 less."""
ROUNDED_BY: Final = 500
TELLING: Final = 0.1
"""The share of a bucket that must be used before its reset time says how fast it refills: that has whole seconds."""
LONGEST_RESET_S: Final = 120.0
"""What takes longer is no limit a minute: nobody waits for it in silence, the server's 429 says what to do."""
WEIGHTS: Final = {
    "requests": Load(requests=1),
    "input_tokens": Load(input=1),
    "output_tokens": Load(output=1),
    "tokens": Load(input=1, output=1),
    "fast_input_tokens": Load(input=1),
    "fast_output_tokens": Load(output=1),
}
"""The buckets that make a request wait, and what counts towards each; with an empty priority bucket none waits."""
APART: Final = frozenset({"input_tokens", "output_tokens", "fast_input_tokens", "fast_output_tokens"})
"""Where one of them is told, `tokens` is no more than their sum."""


@dataclass(slots=True)
class Bucket:
    """One limit; its level may be below zero, because output is only counted as it is made."""

    name: str
    limit: float
    level: float
    rate: float
    """Refilled per second."""
    at: float

    def refill(self, time: float, share: float) -> None:
        """Up to `time`; `share` is what of the refill is ours."""
        self.level = min(self.limit, self.level + max(0.0, time - self.at) * self.rate * share)
        self.at = time

    def take(self, load: Load) -> None:
        self.level = min(self.limit, self.level - load.within(WEIGHTS[self.name]))

    def settle(self) -> None:
        """Nothing is on its way: what counts when it is sent can't have gone below zero, whatever was believed."""
        if not WEIGHTS[self.name].output:
            self.level = max(self.level, 0.0)

    def seconds_until(self, amount: float, share: float) -> float:
        """How long until it holds this much, by refilling alone."""
        return max(0.0, (amount - self.level) / (self.rate * share))


def words(name: str) -> str:
    """A bucket as a person reads it: `output tokens`."""
    return name.removeprefix("fast_").replace("_", " ")


def told(limits: Limits, time: float) -> dict[str, Bucket]:
    """The buckets as a response's headers tell them, each where both its limit and the rest are known."""
    found: dict[str, Bucket] = {}
    for name in WEIGHTS:
        row = limits.get(name)
        if row is None or not row.limit or row.remaining is None or (name == "tokens" and APART & limits.keys()):
            continue
        left = min(row.remaining, row.limit)
        used = row.limit - left
        rate = row.limit / MINUTE
        full_in = limits.seconds_until_reset(name, 0.0)
        if full_in and full_in <= LONGEST_RESET_S and used >= TELLING * row.limit:
            rate = min(rate, used / full_in)
        rounded = ROUNDED_BY if row.limit >= ROUNDED_FROM and name != "requests" else 0
        found[name] = Bucket(name, row.limit, max(0, left - rounded), rate, time)
    return found
