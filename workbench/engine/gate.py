"""Where runs wait for their limiter: first come first served, on one event loop, whatever is cancelled meanwhile.

Whoever waits takes its slot by itself, in the step in which it goes on: there is no moment at which a slot is
somebody's who doesn't run. The first of a line watches the time for all of them.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.core.limiter import CEILING, START, Limiter, Slot
from workbench.core.limiter_load import Need
from workbench.core.state import FULL_STATES, Phase, Queued
from workbench.core.usage import Tokens

if TYPE_CHECKING:
    from workbench.core.limits import Limits
    from workbench.core.retry import Wait
    from workbench.core.run import Run

Shared: TypeAlias = tuple[str, str]
"""An endpoint's origin and a class of models: what a limiter is for."""
SURE: Final = 0.75
"""Of the tokens that an answer seems to have so far, how many are believed: what is made too few is kept for it still,
what is made too many would be believed to be free."""
MOVED_S: Final = 0.5
"""By how much an estimate must change before the run says another."""
TOLD: Final = 32
"""How many of a line are told until when they wait; for the others it is too far away to be true."""


@dataclass(order=True)
class _Waiter:
    place: int
    run: Run = field(compare=False)
    need: Need = field(compare=False)
    awake: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


@dataclass
class _Question:
    answer: bool | None = None
    """None where whoever was asked went away."""
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Pass:
    """What a run holds while it is sent and answered; give it back with `leave`, which never waits."""

    def __init__(self, line: Line, run: Run, slot: Slot) -> None:
        self._line = line
        self._run = run
        self.slot = slot

    def heard(self, limits: Limits | None) -> None:
        """The head of the answer came."""
        if limits is not None:
            self._line.update()
            self._line.limiter.heard(self.slot, self._line.now(), limits)
            if self._line.limiter.limits is limits:
                self._line.count_from_here()
            self._line.wake()

    def refused(self, seconds: float | None) -> None:
        """The answer was 429; everyone who shares the limits waits as long as the server said, where it did."""
        self._line.limiter.refused(self.slot, self._line.now(), seconds)
        self._line.wake()

    def refill_s(self) -> float | None:
        """Seconds until what it needs is there again, as far as the limits are known to lack it."""
        return self._line.limiter.refill_s(self._line.now(), self.slot.need)

    def struggled(self) -> None:
        """The server failed or was overloaded."""
        self._line.limiter.struggled(self._line.now())

    def leave(self) -> None:
        """Free the slot, and say what came."""
        self._line.leave(self._run, self.slot)


class Line:
    """One limiter, those who wait for it, and those whom it let go."""

    def __init__(
        self, limiter: Limiter, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self.limiter = limiter
        self.waiting: list[_Waiter] = []
        self._inside: dict[Slot, Run] = {}
        self._made = 0
        """Output tokens of those that left since the limits were told, less what those on their way had made then."""
        self._clock = clock
        self._sleep = sleep
        self._reached = float("-inf")
        self._question: _Question | None = None

    def now(self) -> float:
        """Never before a moment that was slept until, whatever the clock says: a wait that is over is over."""
        return max(self._clock(), self._reached)

    async def enter(self, run: Run, need: Need, place: int) -> Pass:
        """Wait until the run may be sent; `place` is its own in the line, the same at each of its attempts."""
        waiter = _Waiter(place, run, need)
        insort(self.waiting, waiter)
        try:
            while (queued := self._look(waiter)) is not None:
                waiter.awake.clear()
                await self._rest(waiter, queued.until if waiter is self.waiting[0] else None)
            slot = self.limiter.begin(self.now(), need)
            self._inside[slot] = run
            return Pass(self, run, slot)
        finally:
            self.waiting.remove(waiter)
            run.queued = None
            self.wake()

    async def asked_once(self, ask: Callable[[Run, Wait], Awaitable[bool]], run: Run, wait: Wait) -> bool:
        """Ask about a long wait, or take the answer that is being given for another run of this line."""
        while (asked := self._question) is not None:
            await asked.over.wait()
            if asked.answer is not None:
                return asked.answer
        question = self._question = _Question()
        try:
            question.answer = await ask(run, wait)
            return question.answer
        finally:
            self._question = None
            question.over.set()

    @property
    def made_since(self) -> int:
        """Output tokens, of all who share the limits, since these were last told."""
        return self._made + sum(run.output_tokens_so_far for run in self._inside.values())

    def count_from_here(self) -> None:
        """The limits were just told: what was made until now is in them."""
        self._made = -sum(run.output_tokens_so_far for run in self._inside.values())

    def leave(self, run: Run, slot: Slot) -> None:
        del self._inside[slot]
        self._made += run.output_tokens_so_far
        self.limiter.made(slot, run.output_tokens_so_far)
        tokens = Tokens.of(run.usage)
        counted = None if tokens.input is None else tokens.input + (tokens.write_5m or 0) + (tokens.write_1h or 0)
        self.limiter.end(slot, self.now(), succeeded=run.state in FULL_STATES, input_tokens=counted)
        self.wake()

    def wake(self) -> None:
        """Let the first of the line look again; it wakes the next one when it goes."""
        if self.waiting:
            self.waiting[0].awake.set()

    def update(self) -> None:
        """Tell the limiter how far the answers on their way have come."""
        if not self.limiter.buckets:
            return  # nothing is known to be used up
        for slot, run in self._inside.items():
            self.limiter.made(slot, run.output_tokens_so_far * SURE)

    def _look(self, waiter: _Waiter) -> Queued | None:
        """Why the waiter can't go yet, which those about it are told too; who isn't first has the first before it."""
        first, near = self.waiting[0], self.waiting[:TOLD]
        if waiter is not first and waiter not in near:
            _tell(waiter.run, Queued("", None))
            return waiter.run.queued
        self.update()
        looked = self.limiter.outlook(self.now(), [each.need for each in near])
        for each, found in zip(near, looked, strict=True):
            if found is not None or each is not first:
                _tell(each.run, found or Queued("", None))
        return looked[0] if waiter is first else waiter.run.queued

    async def _rest(self, waiter: _Waiter, until: float | None) -> None:
        """Until somebody wakes it, or the time comes."""
        if until is None:
            await waiter.awake.wait()
            return
        alarm = asyncio.ensure_future(self._alarm(until))
        alarm.add_done_callback(lambda done: None if done.cancelled() else waiter.awake.set())
        try:
            await waiter.awake.wait()
            if alarm.done():
                alarm.result()
        finally:
            alarm.cancel()

    async def _alarm(self, until: float) -> None:
        await self._sleep(max(0.0, until - self.now()))
        self._reached = max(self._reached, until)


class Gate:
    """All limiters of a program, each made when it is first needed."""

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        *,
        concurrency: int = CEILING,
        start: int = START,
    ) -> None:
        """`concurrency` is the most at once per limiter, `start` how many before anything is known."""
        self._clock = clock
        self._sleep = sleep
        self._concurrency = concurrency
        self._start = start
        self._lines: dict[Shared, Line] = {}
        self._places = 0

    def place(self) -> int:
        """The next place in every line."""
        self._places += 1
        return self._places

    def line(self, shared: Shared) -> Line:
        """The line of those who share these limits."""
        if shared not in self._lines:
            limiter = Limiter(ceiling=self._concurrency, start=self._start)
            self._lines[shared] = Line(limiter, self._clock, self._sleep)
        return self._lines[shared]

    def limiter_of(self, origin: str, model_class: str) -> Limiter:
        """Its `concurrency` and `in_flight` are what a screen shows."""
        return self.line((origin, model_class)).limiter

    def waiting(self, origin: str | None = None) -> tuple[tuple[Run, Queued], ...]:
        """Who waits, in the order in which they go, and why; all, or those of one origin."""
        return tuple(
            (each.run, each.run.queued or Queued("", None))
            for shared, line in self._lines.items()
            if origin in (None, shared[0])
            for each in line.waiting
        )


def _tell(run: Run, queued: Queued) -> None:
    """Write down why the run waits, where that is another reason or another time."""
    before = run.queued
    if before is not None and before.reason == queued.reason:
        times = (before.until, queued.until)
        if times == (None, None) or (None not in times and abs((times[0] or 0) - (times[1] or 0)) < MOVED_S):
            return
    run.queued = queued
    run.phase = Phase.QUEUED
    run.version += 1
