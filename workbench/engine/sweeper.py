"""Sends what a sweep still misses, some at a time, and keeps each answer as it ends."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from workbench.core import usage
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.run import Run, State
from workbench.core.state import FULL_STATES
from workbench.core.sweep_faults import Faults
from workbench.core.sweep_plan import Plan, Spot
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.core.models import Catalogue
    from workbench.engine.endpoints import Chosen
    from workbench.engine.runner import Ask, Runner
    from workbench.engine.wire import Wire

CONCURRENCY: Final = 16
"""Runs that exist at a time; how many of them are on their way, the limiter decides."""
MOST_WAIT_S: Final = 3600.0
"""What a sweep sits through when the server asks for it: whoever starts one has time, and can stop it."""
Phase = Literal["idle", "running", "paused", "stopped", "done"]


class Sweeper:
    """One sweep being sent. Everyone on its event loop may read it at any time; a screen redraws by `changed`."""

    def __init__(
        self,
        runner: Runner,
        plan: Plan,
        chosen: Chosen,
        catalogue: Catalogue,
        *,
        done: Iterable[RunRecord] = (),
        failed: Mapping[Spot, RunRecord] | None = None,
        besides: frozenset[Spot] = frozenset(),
        keep: Callable[[RunRecord], None],
        concurrency: int = CONCURRENCY,
        now: Callable[[], datetime] | None = None,
        ask: Ask | None = None,
        wire: Callable[[str], Wire | None] = lambda run_id: None,
    ) -> None:
        """`done` are the results so far, of this sweep or of any; `keep` takes each new one, and may raise StoreError.

        `failed` are failures of earlier that stand: they count as those of this time. `besides` is what is asked
        elsewhere already, in a batch: it is not sent.

        `ask` decides about a long wait that the server asks for; without it such a run ends. `wire` gives what takes
        down the bytes of a run by its id, where they shall be kept.
        """
        earlier = tuple(done)
        self.plan = plan
        before = {spot: record for spot, record in (failed or {}).items() if spot not in besides}
        self.records: dict[Spot, RunRecord] = before | plan.done(earlier, chosen.endpoint)
        """The answer of each spot that has one, or its failure."""
        self.live: dict[Spot, Run] = {}
        self.state: Phase = "idle"
        self.problem: Problem | None = None
        """Why it stopped by itself: a fault that every cell would meet, or a result that could not be kept."""
        self.unkept: list[RunRecord] = []
        """Results that could not be kept."""
        self.changed = 0
        """Rises with each result and each change of `state`."""
        self._runner = runner
        self._chosen = chosen
        self._catalogue = catalogue
        self._keep = keep
        self._concurrency = max(concurrency, 1)
        self._now = now or runner.now
        self._ask = ask
        self._wire = wire
        self._besides = besides
        self._faults = self._new_faults()
        self._number = _highest(plan.sweep.id, earlier)
        self._tasks: dict[asyncio.Task[None], Spot] = {}
        self._bug: BaseException | None = None
        self._awake = asyncio.Event()
        self._queue: deque[Spot] = deque()
        self._line_up()

    @property
    def missing(self) -> tuple[Spot, ...]:
        """What would be sent next, in order: neither answered, nor failed this time, nor on its way."""
        return tuple(self._queue)

    @property
    def failed(self) -> tuple[Spot, ...]:
        """Where the answer isn't whole."""
        return tuple(spot for spot, record in self.records.items() if record.state not in FULL_STATES)

    @property
    def done(self) -> int:
        """Spots with a whole answer."""
        return len(self.records) - len(self.failed)

    async def run(self) -> None:
        """Send what is missing, until nothing is or somebody stops it; a pause is part of it.

        Whatever the server and the network do is in the records and in `problem`; only bugs raise. A cancel stops the
        runs, keeps what came of them, and goes on up.
        """
        if self._tasks:
            raise RuntimeError("this sweep is being sent already")
        self.problem = None
        self._bug = None
        self._faults = self._new_faults()
        self._line_up()
        self._turn("running")
        try:
            while self._fill() or self._tasks or self.state == "paused":
                await self._awake.wait()
                self._awake.clear()
        finally:
            await self._end()
        if self._bug is not None:
            raise self._bug

    def pause(self) -> None:
        """Send nothing more for now; what is on its way arrives, and what waits for its turn is missing again."""
        if self.state == "running":
            self._turn("paused")
            for task, spot in self._tasks.items():
                if not self.live[spot].attempts:
                    task.cancel()

    def resume(self) -> None:
        if self.state == "paused":
            self._turn("running")

    def stop(self) -> None:
        """Cancel what is on its way; what came of it is kept, and its spots are missing again."""
        if self.state in {"running", "paused"}:
            self._turn("stopped")
            for task in self._tasks:
                task.cancel()

    def retry_failed(self) -> int:
        """Count the failed spots as missing again, and how many they are; a sweep that has ended is run again."""
        failed = self.failed
        for spot in failed:
            del self.records[spot]
        if failed:
            self._line_up()
            self.changed += 1
            self._awake.set()
        return len(failed)

    def _turn(self, state: Phase) -> None:
        self.state = state
        self.changed += 1
        self._awake.set()

    def _new_faults(self) -> Faults:
        return Faults(cell.request.params.model for cell in self.plan.cells)

    def _line_up(self) -> None:
        taken = (self.records, self.live, self._besides)
        self._queue = deque(spot for spot in self.plan.order if not any(spot in each for each in taken))

    def _fill(self) -> bool:
        """Begin as many as there is room for; whether one was begun."""
        begun = False
        while self.state == "running" and self._queue and len(self._tasks) < self._concurrency:
            self._begin(self._queue.popleft())
            begun = True
        return begun

    def _begin(self, spot: Spot) -> None:
        cell = self.plan.cells[spot.cell]
        self._number += 1
        params = cell.request.params
        run = Run(
            id=f"{self.plan.sweep.id}-{self._number}",
            lane=self.plan.lane,
            parent=self.plan.parent,
            endpoint=self._chosen.endpoint.name,
            params=params,
            model=params.model or "",
            started=self._now(),
            breakpoints=self.plan.breakpoints,
            variables=self.plan.variables,
        )
        self.live[spot] = run
        # A request of its own: the cell's would keep its bytes for as long as the sweep is there.
        request = Request(params, cell.request.turns)
        endpoint, key = self._chosen.endpoint, self._chosen.key
        task = self._runner.start(run, request, endpoint, key, ask=self._ask, wire=self._wire(run.id))
        self._tasks[task] = spot
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        spot = self._tasks.pop(task)
        run = self.live.pop(spot)
        self._awake.set()
        bug = None if task.cancelled() else task.exception()
        if bug is None and run.state is State.CANCELLED and not run.sent:
            self._line_up()
        elif bug is None:
            try:
                self._take(spot, run)
            except Exception as error:  # a bug of `keep`: raised in a callback it would be lost
                bug = error
        if bug is not None:
            self._bug = self._bug or bug
            self.stop()
        self.changed += 1

    def _take(self, spot: Spot, run: Run) -> None:
        """Keep what came of a run; what was cancelled is missing again."""
        cell = self.plan.cells[spot.cell]
        record = run.record(usage.charged(run, self._chosen.endpoint, self._catalogue))
        told = {"sweep": self.plan.sweep.id, "cell": cell.plain, "repeat": spot.repeat}
        record = replace(record, extra={**record.extra, **told})
        if record.state is not State.CANCELLED:
            self.records[spot] = record
        try:
            self._keep(record)
        except StoreError as error:
            self.unkept.append(record)
            self._give_up(error.problem)
        if (problem := self._faults.ends(record)) is not None:
            self._give_up(problem)

    def _give_up(self, problem: Problem) -> None:
        self.problem = self.problem or problem
        self.stop()

    async def _end(self) -> None:
        """Leave nothing on its way, whatever happened."""
        for task in self._tasks:
            task.cancel()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)  # their callbacks come after them
        self._line_up()
        self._turn("stopped" if self._queue else "done")


def _highest(sweep: str, records: Iterable[RunRecord]) -> int:
    """The highest number that a run of the sweep has, so that no two have the same id."""
    pattern = re.compile(rf"{re.escape(sweep)}-([0-9]{{1,9}})")
    return max((int(found[1]) for record in records if (found := pattern.fullmatch(record.id))), default=0)
