"""Several runs at once: started, followed, ended by themselves or by a signal, and each kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from workbench.cli.looping import Follow
from workbench.cli.signals import Stopped, stoppable
from workbench.core import limiter, usage
from workbench.engine.runner import Runner
from workbench.engine.wire import Wire

if TYPE_CHECKING:
    from workbench.cli.answers import Answers
    from workbench.cli.keeping import Keeper
    from workbench.cli.looping import Loops
    from workbench.cli.output import Output
    from workbench.cli.planning import Planned
    from workbench.cli.progress import Progress
    from workbench.core.models import Catalogue
    from workbench.core.record import RunRecord
    from workbench.core.run import Run
    from workbench.engine.endpoints import Chosen

PACE_S: Final = 0.03
"""How often what has come is written out."""


class Conductor:
    """Sends planned runs to one endpoint."""

    def __init__(
        self,
        chosen: Chosen,
        catalogue: Catalogue,
        answers: Answers,
        keeper: Keeper,
        progress: Progress,
        output: Output,
        *,
        wanted: Callable[[], bool],
        loops: Loops,
    ) -> None:
        """`wanted` says whether anybody still waits for an answer: nothing is paid for in vain."""
        self._loops = loops
        self._chosen = chosen
        self._catalogue = catalogue
        self._answers = answers
        self._keeper = keeper
        self._progress = progress
        self._wanted = wanted
        self._output = output
        self._several = False
        self.records: list[RunRecord] = []

    async def conduct(self, planned: Sequence[Planned], *, at_once: int) -> int:
        """The exit status that a signal calls for, or 0. The first `at_once`, a session's lanes, start together."""
        self._several = len(planned) > 1
        stopped = Stopped()
        runner = Runner(
            catalogue=self._catalogue,
            concurrency=max(at_once, limiter.CEILING),
            start=max(at_once, limiter.START),
            confirmed=self._chosen.agreed,
        )
        with stoppable(stopped):
            for each in planned[:at_once]:
                each.run.request_sha256 = each.request.at(self._chosen.endpoint).digest
                self._keeper.started(each.run, self._chosen.endpoint)
            self._keeper.sending()
            tasks = {asyncio.create_task(self._send(each, runner)): each for each in planned}
            signalled = asyncio.create_task(stopped.wait())
            try:
                await self._follow(tasks, signalled, runner)
            finally:
                signalled.cancel()
                await _end(tasks)
                await runner.aclose()
        return stopped.status

    async def _follow(
        self, tasks: dict[asyncio.Task[None], Planned], signalled: asyncio.Task[None], runner: Runner
    ) -> None:
        """Until every run, and each that follows it, has ended and is kept.

        A bug in one stops the others, and raises only then.
        """
        left = dict(tasks)
        bugs: list[BaseException] = []
        stopping = False
        while left:
            watched = {*left} if stopping else {*left, signalled}
            done, _ = await asyncio.wait(watched, timeout=PACE_S, return_when=asyncio.FIRST_COMPLETED)
            self._answers.grow()
            self._progress.draw()
            for each in left.values():
                if each.run.attempts:
                    self._keeper.started(each.run, self._chosen.endpoint)
            self._keeper.tick()
            for task in [each for each in left if each in done]:
                if not task.cancelled() and (bug := task.exception()) is not None:
                    bugs.append(bug)
                next_ = self._ended(left.pop(task), going=not stopping and signalled not in done)
                if next_ is not None:
                    begun = asyncio.create_task(self._send(next_, runner))
                    tasks[begun] = left[begun] = next_
            if not stopping and (signalled in done or bugs or not self._wanted()):
                stopping = True
                for task in left:
                    task.cancel()
        if bugs:
            raise bugs[0]

    async def _send(self, planned: Planned, runner: Runner) -> None:
        await runner.stream(
            planned.run,
            planned.request,
            self._chosen.endpoint,
            self._chosen.key,
            ask=self._progress.ask,
            wire=self._wire(planned.run),
        )

    def _wire(self, run: Run) -> Wire:
        """Keeps nothing itself; what comes goes to the keeper."""
        secrets = self._chosen.key.secrets() if self._chosen.key else ()
        return Wire(keep=False, hear=self._keeper.hearing(run, self._chosen.endpoint, secrets))

    def _ended(self, planned: Planned, *, going: bool) -> Planned | None:
        """Keep the run, unless it was stopped before it was sent; what goes on from it, unless all is stopping."""
        run = planned.run
        if run.state is None or (not run.attempts and run.problem is None):
            return None
        record = run.record(usage.charged(run, self._chosen.endpoint, self._catalogue))
        self.records.append(record)
        self._keeper.take(record)
        follow = self._loops.after(planned, record) if going else Follow()
        if follow.next is not None:
            self._answers.follows(planned, follow.next)
            self._progress.follows(follow.next)
        self._answers.ended(planned, record)
        self._told(planned, follow)
        return follow.next

    def _told(self, planned: Planned, follow: Follow) -> None:
        label = f"{planned.label}: " if self._several else ""
        for line in follow.said:
            self._output.say(f"{label}→ {line}")
        if follow.problem:
            self._output.note(f"{label}{follow.problem}")


async def _end(tasks: dict[asyncio.Task[None], Planned]) -> None:
    """Leave nothing running, whatever happened."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
