"""(attempt, problem, headers) → how long to wait before sending again (claude-api §4)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core import http_date

if TYPE_CHECKING:
    from workbench.core.errors import Problem

ASK_AFTER_S: Final = 60.0
"""A longer wait is never silent."""
LONGEST_S: Final = 30 * 24 * 3600.0
BACKOFF_S: Final = 0.5
BACKOFF_MOST_S: Final = 8.0
JITTER: Final = 0.25
_NUMBER: Final = re.compile(r"[0-9]{1,40}(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause before the next attempt."""

    seconds: float
    source: str
    """`retry-after-ms`, `retry-after`, or `backoff` where the server gave no usable time."""
    ask: bool = False
    """Whether the user decides, because it is long."""


def wait_before(
    attempt: int, problem: Problem, headers: Mapping[str, str], *, chance: float, retries: int = 2
) -> Wait | None:
    """The wait after failed attempt number `attempt` (from 1), or None where the run ends here.

    `chance`, 0..1, spreads the backoff. A server's `x-should-retry` overrules what the status says. Only for
    failures before the first byte of an answer: sending again after that would be paid for twice.
    """
    told = {name.lower(): value.strip() for name, value in headers.items()}
    wanted = {"true": True, "false": False}.get(told.get("x-should-retry", "").lower(), problem.retry)
    if not wanted or attempt > retries or (problem.status or 400) < 400:
        return None
    for seconds, source in _told_waits(told):
        if 0 < seconds < math.inf:
            return Wait(min(seconds, LONGEST_S), source, ask=seconds > ASK_AFTER_S)
    backoff = min(BACKOFF_S * 2.0 ** min(attempt - 1, 10), BACKOFF_MOST_S)
    return Wait(backoff * (1 - JITTER * chance), "backoff")


def refused_for_its_rate(problem: Problem, headers: Mapping[str, str]) -> bool:
    """Whether it is a 429 that passes by itself: no spending limit, and nothing the server says is final."""
    return problem.status == 429 and wait_before(1, problem, headers, chance=0.0, retries=1) is not None


def told_s(problem: Problem, headers: Mapping[str, str]) -> float | None:
    """The seconds to wait that came with a refusal, or None where it named no usable time."""
    wait = wait_before(1, problem, headers, chance=0.0, retries=1)
    return None if wait is None or wait.source == "backoff" else wait.seconds


def _told_waits(headers: Mapping[str, str]) -> list[tuple[float, str]]:
    """The waits the server named, best first; nonsense is zero."""
    after = headers.get("retry-after", "")
    until, now = http_date.parse(after), http_date.parse(headers.get("date", ""))
    return [
        (_number(headers.get("retry-after-ms", "")) / 1000, "retry-after-ms"),
        ((until - now).total_seconds() if until and now else _number(after), "retry-after"),
    ]


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else 0.0
