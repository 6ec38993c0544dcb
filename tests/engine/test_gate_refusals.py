"""A 429 is waited out by all who share the limits, and counts as a failure only where waiting is no use."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import says, serving
from tests.engine.running import KEY, REQUEST, Time, endpoint, new_run, running
from tests.engine.test_gate import SPENT, limiter, refuses, requests_left, several
from tests.engine.test_runner_cancel import until
from tests.engine.virtual import clock, on_virtual_time
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run, State
from workbench.engine.runner import Runner


def test_all_who_share_the_limits_wait_for_a_refusal_and_nobody_fails() -> None:
    """A burst of refusals: once halved, everyone waits what the server said, and is then let go."""

    async def main() -> tuple[list[Run], float, int, list[str]]:
        behaviours = [*[refuses(20)] * 8, fault.answers]
        async with serving(*behaviours) as server:
            runner = Runner(clock=clock, sleep=asyncio.sleep)
            async with several(runner, server, 12) as (runs, tasks):
                await until(lambda: all(run.queued and run.queued.reason for run in runs))
                said = [run.queued.text(clock()) for run in runs if run.queued]
                waiting = runner.gate.waiting(endpoint(server.base_url).origin)
                assert [run.id for run, _ in waiting] == [run.id for run in runs]
                assert runner.gate.waiting("http://elsewhere:1") == ()
                assert limiter(runner, server).concurrency == 4
                await asyncio.gather(*tasks)
            await runner.aclose()
            return runs, clock(), len(server.requests), said

    runs, seconds, requests, said = on_virtual_time(main())
    assert {run.state for run in runs} == {State.COMPLETE}
    assert {run.timings.retry_wait_s for run in runs} == {None}
    assert max(run.timings.total_s or 0 for run in runs) < 1
    assert said == ["waiting for the rate limit · 20s"] * 12
    assert 20 <= seconds < 23
    assert requests == 20


REFUSALS = {
    "with a time": ([*[refuses(3)] * 9, fault.answers], State.COMPLETE, 10, [3.0] * 9),
    "without one": ([*[refuses()] * 9, fault.answers], State.REJECTED, 3, [0.5, 1.0]),
    "too long": ([refuses(61)], State.REJECTED, 1, []),
    "spent": ([refuses(3, SPENT)], State.REJECTED, 1, []),
    "final": ([refuses(3, x_should_retry="false")], State.REJECTED, 1, []),
    "without end": ([refuses(0.5)], State.REJECTED, 63, [0.5] * 62),
    "for ten minutes": ([refuses(60)], State.REJECTED, 13, [60.0] * 12),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_rate_limit_is_waited_out_and_counts_as_no_failure(name: str) -> None:
    behaviours, state, attempts, slept = REFUSALS[name]
    time, run = Time(), new_run()
    async with serving(*behaviours) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert (run.state, run.attempts) == (state, attempts)
    waits = [seconds for seconds in time.slept if seconds > 0.1]
    assert waits == pytest.approx(slept)


async def test_a_refusal_without_a_time_waits_for_the_bucket_that_is_known_to_be_empty() -> None:
    time, run = Time(), new_run()
    async with serving(*[refuses(**requests_left(0, limit=6))] * 5, fault.answers) as server, running(time) as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert (run.state, run.attempts, run.timings.retry_wait_s) == (State.COMPLETE, 6, None)
    assert time.slept == pytest.approx([20.0, 40.0, 40.0, 40.0, 40.0]), "somebody else draws from it too"


async def test_failures_of_the_server_shrink_nothing() -> None:
    async with serving(says("500 Oh"), says("529 Busy"), fault.answers) as server, running() as runner:
        await runner.stream(run := new_run(), REQUEST, endpoint(server.base_url), KEY)
        assert (run.state, limiter(runner, server).concurrency) == (State.COMPLETE, 8)


@pytest.mark.parametrize(("answer", "state"), [(True, State.COMPLETE), (False, State.REJECTED)])
async def test_about_a_long_wait_that_many_meet_a_person_is_asked_once(answer: bool, state: State) -> None:
    asked: list[Run] = []
    answered = asyncio.Event()

    async def ask(run: Run, wait: Wait) -> bool:
        asked.append(run)
        await answered.wait()
        return answer

    async with serving(*[refuses(600)] * 4, fault.answers) as server, running() as runner:
        runs = [new_run() for _ in range(4)]
        address = endpoint(server.base_url)
        tasks = [runner.start(run, REQUEST, address, KEY, ask=ask) for run in runs]
        await until(lambda: all(run.phase is Phase.ASKING for run in runs))
        first = next(at for at, run in enumerate(runs) if run is asked[0])
        tasks[first].cancel()  # whoever was asked goes away: another is
        await until(lambda: len(asked) == 2)
        answered.set()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert len(asked) == 2
    assert [run.state for at, run in enumerate(runs) if at != first] == [state] * 3
    assert runs[first].state is State.CANCELLED
