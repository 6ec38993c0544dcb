"""Against the real simulator, on a clock that jumps: what the limits allow is used, and nobody sees a 429."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.running import KEY, REQUEST, endpoint, new_run
from tests.engine.virtual import clock, now, on_virtual_time
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.run import Run, State
from workbench.core.usage import Tokens
from workbench.engine.runner import Runner
from workbench.simulator import Simulator
from workbench.simulator.faults import Fault

PLENTY = 10_000_000


@dataclass
class Load:
    """More than the limits allow, of one kind of request."""

    limits: tuple[int, int, int] | None
    prompt: str
    max_tokens: int
    minutes: float = 1.0
    programs: int = 1
    faults: tuple[Fault, ...] = ()
    runs: list[Run] = field(default_factory=list)
    concurrency: int = 0

    async def put(self) -> None:
        async with Simulator(limits=self.limits, faults=self.faults, clock=clock, now=now) as simulator:
            runners = [Runner(clock=clock, sleep=asyncio.sleep, now=now) for _ in range(self.programs)]
            tasks = [
                asyncio.create_task(self._ask(runner, simulator.base_url)) for runner in runners for _ in range(16)
            ]
            await asyncio.sleep(self.minutes * 60)
            params = self.runs[0].params
            self.concurrency = runners[0].line_of(endpoint(simulator.base_url), params).limiter.concurrency
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for runner in runners:
                await runner.aclose()

    async def _ask(self, runner: Runner, url: str) -> None:
        while True:
            run = new_run()
            run.params = Params(model="claude-sonnet-4-6", max_tokens=self.max_tokens)
            self.runs.append(run)
            turn = Turn("user", f"{len(self.runs)}: {self.prompt}")
            await runner.stream(run, Request(run.params, (turn,)), endpoint(url), KEY)

    @property
    def used(self) -> tuple[float, float, float]:
        """The share of what the limits allowed in that time: full buckets, and what refilled them."""
        assert self.limits is not None
        tokens = [Tokens.of(run.usage) for run in self.runs if run.usage]
        taken = (
            sum(1 for run in self.runs if run.usage),
            sum((each.input or 0) + (each.write_5m or 0) for each in tokens),
            sum(run.output_tokens_so_far for run in self.runs),
        )
        requests, input_, output = (
            each / (limit * (1 + self.minutes)) for each, limit in zip(taken, self.limits, strict=True)
        )
        return requests, input_, output

    @property
    def failed(self) -> list[State | None]:
        ends = {State.COMPLETE, State.CANCELLED, None}
        return [run.state for run in self.runs if run.state not in ends]

    @property
    def refused(self) -> int:
        """429s on the wire."""
        return sum(run.attempts for run in self.runs) - sum(1 for run in self.runs if run.attempts)


BOUND = {
    "requests": (Load((60, PLENTY, PLENTY), "Say hi.", 30, minutes=1.5), 0),
    "input": (Load((1000, 20_000, PLENTY), "word " * 1500, 50), 1),
    "output": (Load((1000, PLENTY, 6000), "Explain how a lighthouse works.", 1000), 2),
    "output of a default simulator": (Load((50, 20_000, 4000), "Explain how a lighthouse works.", 400), 2),
}


@pytest.mark.parametrize("name", BOUND)
def test_nine_tenths_of_what_the_limits_allow_are_used_without_a_refusal(name: str) -> None:
    load, scarce = BOUND[name]
    on_virtual_time(load.put())
    assert 0.9 <= load.used[scarce] <= 1.01
    assert (load.failed, load.refused) == ([], 0)


def test_a_first_burst_that_is_too_large_is_refused_once_and_then_fits() -> None:
    load = Load((1000, 20_000, PLENTY), "word " * 6000, 50, minutes=2)
    on_virtual_time(load.put())
    assert 0.9 <= load.used[1] <= 1.01
    assert load.failed == []
    assert load.refused <= 7


def test_two_programs_share_one_limit_without_a_failure() -> None:
    load = Load((60, PLENTY, PLENTY), "Say hi.", 30, minutes=1.5, programs=2)
    on_virtual_time(load.put())
    assert 0.9 <= load.used[0] <= 1.01
    assert load.failed == []
    assert load.refused < 0.2 * len(load.runs)


def test_without_limits_the_number_at_once_grows_to_the_most_there_may_be() -> None:
    load = Load(None, "Say hi.", 30, minutes=0.1)
    on_virtual_time(load.put())
    assert (load.failed, load.concurrency) == ([], 16)


def test_refusals_that_come_by_chance_fail_nobody() -> None:
    load = Load((1000, PLENTY, PLENTY), "Say hi.", 30, minutes=0.5, faults=(Fault("429", 0.1), Fault("529", 0.02)))
    on_virtual_time(load.put())
    assert (load.failed, load.refused > 10) == ([], True)


@pytest.mark.parametrize("retry_after", [None, 1])
def test_a_server_that_takes_four_at_once_and_tells_no_limits(retry_after: int | None) -> None:
    """Nobody fails, and its four places are always taken."""
    active = refused = 0

    async def four(talk: fault.Talk) -> None:
        nonlocal active, refused
        if active >= 4:
            refused += 1
            told: dict[str, Any] = {} if retry_after is None else {"retry_after": retry_after}
            await fault.says("429 Slow", b"", **told)(talk)
            return
        active += 1
        try:
            await asyncio.sleep(1)
            await fault.answers(talk)
        finally:
            active -= 1

    async def main() -> list[Run]:
        async with fault.serving(four) as server:
            runner = Runner(clock=clock, sleep=asyncio.sleep, now=now)
            runs = [new_run() for _ in range(200)]
            await asyncio.gather(*(runner.stream(run, REQUEST, endpoint(server.base_url), KEY) for run in runs))
            await runner.aclose()
            assert clock() < 1.1 * len(runs) / 4
            return runs

    runs = on_virtual_time(main())
    assert {run.state for run in runs} == {State.COMPLETE}
    assert refused < 20
