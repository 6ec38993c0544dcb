"""Stops a coroutine at a chosen one of its suspensions, and looks at what is left behind afterwards."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engine.behaviours import WHOLE_TEXTS
from tests.engine.fault_server import FaultServer
from tests.engine.running import KEY, REQUEST, endpoint, new_run
from tests.engine.virtual import clock, now
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run, State
from workbench.engine.runner import Runner

TURNS = 5000
"""Of the loop, within which everything must have gone that was going to."""
SOON = 0.2
"""Seconds that a stop may take."""


class CancelledAt:
    """Awaits a coroutine, and cancels its task where it suspends for the k-th time, as often as is said.

    `state` is looked at after every step: what it says, once it says something, must not change any more.
    """

    def __init__(
        self, coroutine: Coroutine[Any, Any, None], k: int, state: Callable[[], object], *, times: int = 1
    ) -> None:
        self.coroutine = coroutine
        self.k = k
        self.times = times
        self.state = state
        self.suspensions = 0
        self.fired = False
        self.before: object = None
        """The state when the cancel came."""
        self.states: set[object] = set()
        self.cpu = 0.0
        """Seconds of work between the cancel and the end."""
        self.waited = 0.0
        """Seconds on the loop's clock between them."""

    def __await__(self) -> Generator[Any, Any, None]:
        awaited = self.coroutine.__await__()
        try:
            future = next(awaited)
            while True:
                self._stepped()
                try:
                    value = yield future
                except BaseException as error:
                    future = awaited.throw(error)
                else:
                    future = awaited.send(value)
        except StopIteration:
            return

    def _stepped(self) -> None:
        self.suspensions += 1
        self._look()
        if self.k <= self.suspensions < self.k + self.times and (task := asyncio.current_task()):
            if not self.fired:
                self.fired, self.before = True, self.state()
                self.cpu, self.waited = time.process_time(), asyncio.get_running_loop().time()
            task.cancel()

    def _look(self) -> None:
        if (state := self.state()) is not None:
            self.states.add(state)

    async def over(self) -> None:
        """Run it to its end, whatever that is."""
        task = asyncio.create_task(self._run())
        await asyncio.wait({task})
        self._look()
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    async def _run(self) -> None:
        try:
            await self
        finally:
            if self.fired:
                self.cpu = time.process_time() - self.cpu
                self.waited = asyncio.get_running_loop().time() - self.waited


def descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


@asynccontextmanager
async def nothing_left(*also: Callable[[], bool]) -> AsyncIterator[None]:
    """At its end: no more descriptors or tasks than before, and no exception that nobody took."""
    loop = asyncio.get_running_loop()
    complaints: list[dict[str, Any]] = []
    handler = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    before, tasks = descriptors(), asyncio.all_tasks()
    try:
        yield
        for _ in range(TURNS):
            left = asyncio.all_tasks() - tasks
            if not left and descriptors() <= before and all(each() for each in also):
                break
            await asyncio.sleep(0.001)
        gc.collect(1)
        assert not left, left
        assert descriptors() <= before
        assert all(each() for each in also), "the server still waits"
        assert not complaints, complaints
    finally:
        loop.set_exception_handler(handler)


async def asked(run: Run, wait: Wait) -> bool:
    """A user who thinks for three seconds, and agrees."""
    await asyncio.sleep(3)
    return True


@asynccontextmanager
async def on_the_loop(**options: Any) -> AsyncIterator[Runner]:
    """A runner whose clock is the loop's."""
    runner = Runner(clock=clock, sleep=asyncio.sleep, chance=lambda: 0.0, now=now, **options)
    try:
        yield runner
    finally:
        await runner.aclose()


async def alone(runner: Runner) -> Awaitable[object] | None:
    """The swept run is the only one of its runner."""
    return None


@dataclass
class Sweep:
    """One behaviour of a server, and a run that is stopped at each of its suspensions in turn."""

    server: FaultServer
    url: str
    times: int = 1
    """How often in a row it is stopped."""
    before: Callable[[Runner], Awaitable[Awaitable[object] | None]] = alone
    """Called first; what it gives back is awaited last."""
    again: bool = False
    """Whether another run follows over what is left of the stopped one."""
    options: dict[str, Any] = field(default_factory=dict)
    suspensions: int = 0
    """Of the newest run."""
    took: float = 0.0
    """Seconds from the last stop to the end of its run, waiting or working, whichever took longer."""
    tried: int = 0

    async def at(self, k: int) -> Run:
        """Stop a new run at its k-th suspension, and look at all that a stop must leave in order."""
        self.server.requests.clear()
        async with nothing_left(lambda: self.server.open == 0), on_the_loop(**self.options) as runner:
            other = await self.before(runner)
            run = new_run()
            stream = runner.stream(run, REQUEST, endpoint(self.url), KEY, ask=asked)
            stopped = CancelledAt(stream, k, lambda: run.state, times=self.times)
            await stopped.over()
            self.suspensions = stopped.suspensions
            if other is not None:
                await other
            if self.again:
                await runner.stream(later := new_run(), REQUEST, endpoint(self.url), KEY)
                assert (later.state, later.attempts) == (State.COMPLETE, 1), later.problem
        assert stopped.states == {run.state}, "exactly one end"
        assert stopped.fired == (k <= stopped.suspensions)
        if stopped.fired:
            assert run.state is (stopped.before or State.CANCELLED)
            self.took = max(stopped.cpu, stopped.waited)
            self.tried += 1
        assert run.phase is Phase.ENDED
        assert run.waiting is None
        assert run.queued is None
        assert any(whole.startswith(run.text) for whole in WHOLE_TEXTS)
        return run

    async def over(self, samples: int) -> None:
        """At so many suspensions, evenly spread, or at each where 0 is said; then a run that is left alone."""
        whole = await self.length()
        step = max(whole // samples, 1) if samples else 1
        for k in range(1 + whole % step, whole + 1, step):
            await self.at(k)
            if self.took >= SOON:  # a busy machine may have been the reason, but not twice
                await self.at(k)
            assert self.took < SOON, k

    async def length(self) -> int:
        """How often the run suspends where nobody stops it."""
        await self.at(1 << 30)
        return self.suspensions
