"""Which refusals are the limiter's to wait out: a 429 that says for how long is no failure, up to a point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench.core import retry, too_long

if TYPE_CHECKING:
    from workbench.engine.gate import Pass
    from workbench.engine.receiving import Failure

MOST_S: Final = 600.0
"""How long a run waits for its rate limit in all, 429 after 429, before they count as failures."""
LEAST_S: Final = 10.0
"""What each of them takes of that at least: a server that refuses and says `retry-after: 0.1` is not asked forever."""


class Patience:
    """What one run has left of it."""

    def __init__(self) -> None:
        self._left = MOST_S

    def judge(self, failure: Failure | None, passed: Pass) -> tuple[Failure | None, float | None]:
        """Tell the limiter of a failure; the same in words that fit, and how long the limiter makes the run wait.

        That is its business where a wait is known to help, and neither so long that the user is asked nor too much in
        all; None where it isn't.
        """
        if failure is None:
            return None, None
        if (too_large := too_long.refused(failure.problem, failure.headers, passed.slot.need.input_tokens)) is not None:
            return replace(failure, problem=too_large), None
        return failure, self._wait(failure, passed)

    def _wait(self, failure: Failure, passed: Pass) -> float | None:
        problem = failure.problem
        if (problem.status or 0) >= 500:
            passed.struggled()
        if not retry.refused_for_its_rate(problem, failure.headers):
            return None
        told = retry.told_s(problem, failure.headers)
        seconds = passed.refill_s() if told is None else told
        if seconds is None or seconds > min(retry.ASK_AFTER_S, self._left):
            passed.refused(None)
            return None
        passed.refused(told)
        self._left -= max(seconds, LEAST_S)
        return seconds
