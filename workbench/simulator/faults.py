"""Faults on demand: by rate for every request, or by header for one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.simulator.chance import Chance, digest
from workbench.simulator.errors import TYPES, ApiError, invalid

if TYPE_CHECKING:
    from workbench.simulator.exchange import Request

IN_STREAM: Final = ("stream-error", "cut", "end", "stall", "slow", "malformed")
"""What can go wrong after a good start: an `error` event, a dropped connection, a polite end without `message_stop`,
silence, a trickle, an event that is no JSON."""
STATUSES: Final = tuple(sorted(status for status in TYPES if status != 405))
KINDS: Final = (*map(str, STATUSES), *IN_STREAM)
USUAL_START: Final = 20
"""How many tokens come before a fault in the stream, unless `x-simulate-after` says so."""
DEFAULT_WAIT: Final = "1"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault and the share of requests that meet it."""

    kind: str
    rate: float


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault that will happen in this stream, after so many tokens."""

    kind: str
    after: int = USUAL_START


def parse_fault(text: str) -> Fault:
    """`KIND:RATE` of the command line. Raises ValueError with a sentence that says what would be right."""
    kind, colon, rate_text = text.partition(":")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of fault; write KIND:RATE, where KIND is one of {', '.join(KINDS)}")
    if not colon or not re.fullmatch(r"\d*\.?\d+|\d+\.", rate_text) or float(rate_text) > 1:
        raise ValueError(
            f"the rate of {kind} is a number from 0 to 1, such as {kind}:0.1 for every tenth request, not {rate_text!r}"
        )
    return Fault(kind, float(rate_text))


class Faults:
    """Decides which request meets which fault; the seed makes the order repeatable."""

    def __init__(self, seed: int, faults: tuple[Fault, ...]) -> None:
        self._seed = seed
        self._faults = faults
        self._requests = 0
        self._tries: Counter[bytes] = Counter()

    def meet(self, request: Request, *, by_rate: bool) -> Mishap | None:
        """What will go wrong in this request's stream. Raises ApiError for a fault that is a status."""
        after = _number(request, "x-simulate-after", USUAL_START)
        kind = self._asked_for(request) or (self._drawn() if by_rate else "")
        if not kind:
            return None
        if kind in IN_STREAM:
            return Mishap(kind, after)
        status = int(kind)
        headers = {}
        wait = request.header("x-simulate-retry-after")
        if wait or status == 429:
            headers["retry-after"] = wait or DEFAULT_WAIT
        raise ApiError(status, headers=headers)

    def _asked_for(self, request: Request) -> str:
        kind = request.header("x-simulate-error").strip()
        if not kind:
            return ""
        if kind not in KINDS:
            raise invalid(f"x-simulate-error: {kind!r} is none of {', '.join(KINDS)}")
        if not request.header("x-simulate-times"):
            return kind
        name = digest(request.method, request.target, kind, request.body.hex())
        self._tries[name] += 1
        return kind if self._tries[name] <= _number(request, "x-simulate-times", 1) else ""

    def _drawn(self) -> str:
        self._requests += 1
        for fault in self._faults:
            if Chance(self._seed, "fault", fault.kind, self._requests).real() < fault.rate:
                return fault.kind
        return ""


def _number(request: Request, header: str, usual: int) -> int:
    text = request.header(header).strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()):
        raise invalid(f"{header}: a whole number is wanted, not {text!r}")
    return int(text)
