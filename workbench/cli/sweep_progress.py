"""How far a sweep is: a bar on one line of standard error, where that is a terminal."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core.cost import Basis, money, total
from workbench.core.run import Phase, Run
from workbench.engine.sweeper import MOST_WAIT_S

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.retry import Wait
    from workbench.core.state import Queued
    from workbench.engine.sweeper import Sweeper

DRAW_S: Final = 0.2
WIDTH: Final = 12
CENTS: Final = Decimal("0.1")
RECENT_S: Final = 20.0
ENOUGH: Final = 3
"""Answers after which their pace says how long the rest will take."""


class Bar:
    """The line of one sweep."""

    def __init__(self, sweeper: Sweeper, output: Output, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._sweeper = sweeper
        self._output = output
        self._clock = clock
        self._drawn_at = clock() - DRAW_S
        self._pace = deque([(clock(), sweeper.done)])
        """How much was done when, of late: a full bucket lets the first answers through at once, and no others."""

    def draw(self) -> None:
        """Called as often as one likes."""
        now = self._clock()
        if self._output.draws and now - self._drawn_at >= DRAW_S:
            self._drawn_at = now
            self._output.draw(self.line(now, self._output.room))

    def line(self, now: float, room: int) -> str:
        """`[━━━━╸───] 107/120 · 3 live · 2 waiting on output tokens ↻12s · $0.61 of ≈$0.68 · ≈1m12s left`.

        What doesn't fit goes as a whole, the least important first.
        """
        parts = self._parts(now)
        while len(text := " · ".join(part for _, part in parts)) > room and len(parts) > 1:
            parts.remove(min(parts))
        return text

    def _parts(self, now: float) -> list[tuple[int, str]]:
        """Each with its weight."""
        sweeper = self._sweeper
        number, done, failed = len(sweeper.plan.order), sweeper.done, len(sweeper.failed)
        waiting = [run.queued for run in sweeper.live.values() if run.queued is not None]
        live = len(sweeper.live) - len(waiting)
        parts = [(9, f"[{bar(done / number)}] {done}/{number}")]
        if failed:
            parts.append((8, f"{failed} failed"))
        parts.append((5, f"{live} live"))
        if waiting:
            parts.append((6, _waiting(waiting, now)))
        if retrying := _retrying(sweeper.live.values(), now):
            parts.append((4, retrying))
        if money_so_far := self._money(done, number):
            parts.append((3, money_so_far))
        if (left := self._left(now, done)) is not None:
            parts.append((7, f"≈{clock_time(left)} left"))
        return parts

    def _left(self, now: float, done: int) -> float | None:
        """Seconds that the rest takes at the pace of the last answers."""
        pace = self._pace
        pace.append((now, done))
        while len(pace) > 1 and now - pace[1][0] > RECENT_S and done - pace[1][1] >= ENOUGH:
            pace.popleft()
        since, before = pace[0]
        if done - before < ENOUGH:
            return None
        return (now - since) / (done - before) * (len(self._sweeper.missing) + len(self._sweeper.live))

    def _money(self, done: int, number: int) -> str:
        """What it cost so far, and what the whole will at that price."""
        records = list(self._sweeper.records.values())
        cost = total(record.cost for record in records)
        if not records or cost.usd is None:
            return ""
        of = f" of ≈{_usd(cost.usd * number / done)}" if 0 < done < number else ""
        return f"{_usd(cost.usd)}{of}{' simulated' if cost.basis is Basis.SIMULATED else ''}"


class Patience:
    """Sits through the long waits that a server asks for, up to an hour, and says so once for all that meet one."""

    def __init__(self, output: Output, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._clock = clock
        self._told_until = 0.0

    async def ask(self, run: Run, wait: Wait) -> bool:
        until = self._clock() + wait.seconds
        if wait.seconds > MOST_WAIT_S:
            return False
        if until > self._told_until + 1:
            self._told_until = until
            self._output.note(f"the server asks to wait {clock_time(wait.seconds)}; waiting, ^C stops")
        return True


def bar(share: float, width: int = WIDTH) -> str:
    """`━━━━╸───`: filled by half cells."""
    halves = int(share * width * 2)
    full, half = divmod(halves, 2)
    return f"{'━' * full}{'╸' * half}{'─' * (width - full - half)}"


def clock_time(seconds: float) -> str:
    """`45s`, `1m12s`, `2h05m`."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    hours, left = divmod(minutes, 60)
    return f"{hours}h{left:02}m" if hours else f"{minutes}m{rest:02}s"


def _usd(usd: Decimal) -> str:
    """In cents, where cents say enough."""
    return f"${usd:,.2f}" if usd >= CENTS else money(usd)


def _waiting(waiting: list[Queued], now: float) -> str:
    """Those that the limiter holds, with the reason and the moment of the first that has one."""
    told = next((each for each in waiting if each.reason), None)
    if told is None:
        return f"{len(waiting)} waiting"
    until = "" if told.until is None else f" ↻{clock_time(told.until - now)}"
    return f"{len(waiting)} waiting on {told.reason}{until}"


def _retrying(runs: Iterable[Run], now: float) -> str:
    found = [run.waiting for run in runs if run.phase is Phase.RETRYING and run.waiting is not None]
    if not found:
        return ""
    first = min(found, key=lambda each: each.until)
    return f"{len(found)} again in {clock_time(first.until - now)} ({first.problem.title})"
