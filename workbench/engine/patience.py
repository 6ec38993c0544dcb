"""Which refusals are the limiter's to wait out: a 429 that says for how long is no failure, up to a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core import limits, retry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.core.limiter_load import Need
    from workbench.engine.gate import Pass
    from workbench.engine.receiving import Failure

MOST_S: Final = 600.0
"""How long a run waits for its rate limit in all, 429 after 429, before they count as failures."""
LEAST_S: Final = 10.0
"""What each of them takes of that at least: a server that refuses and says `retry-after: 0.1` is not asked forever."""
INPUT: Final = ("input_tokens", "fast_input_tokens")
"""The buckets that a prompt is taken from."""


def never_fits(headers: Mapping[str, str], need: Need) -> bool:
    """Whether a request was refused by a full bucket that is smaller than what it needs: no wait makes that larger."""
    told = limits.parse(headers)
    return told is not None and any(
        each.limit is not None and need.input_tokens > each.limit and (each.remaining or 0) >= each.limit
        for each in (told[name] for name in INPUT if name in told)
    )


class Patience:
    """What one run has left of it."""

    def __init__(self) -> None:
        self._left = MOST_S

    def waits(self, failure: Failure, passed: Pass) -> float | None:
        """Tell the limiter of a failure; the seconds until it lets the run go again, where that is the limiter's.

        It isn't where nobody knows how long, where it takes so long that the user is asked, where waiting is of no use,
        and in the end.
        """
        problem = failure.problem
        if (problem.status or 0) >= 500:
            passed.struggled()
        if not retry.refused_for_its_rate(problem, failure.headers):
            return None
        if never_fits(failure.headers, passed.slot.need):
            return None
        told = retry.told_s(problem, failure.headers)
        seconds = passed.refill_s() if told is None else told
        if seconds is None or seconds > min(retry.ASK_AFTER_S, self._left):
            passed.refused(None)
            return None
        passed.refused(told)
        self._left -= max(seconds, LEAST_S)
        return seconds
