"""Waiting for the limiter: in order, until when it said, and with nothing left over whatever is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.cancelling import CancelledAt
from tests.engine.fault_server import Behave, FaultServer, says, sends, serving, stalls
from tests.engine.running import KEY, PARAMS, REQUEST, Time, endpoint, new_run, running
from tests.engine.test_runner_cancel import Asleep, until
from workbench.core import limits
from workbench.core.limiter import Limiter
from workbench.core.limiter_load import Need
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.run import Phase, Queued, Run, State
from workbench.engine.endpoints import SIMULATOR
from workbench.engine.gate import Line, Pass
from workbench.engine.keys import SIMULATED
from workbench.engine.replay import Recording
from workbench.engine.runner import Runner
from workbench.engine.simulated import Simulated

BODY = b'{"type":"error","error":{"type":"rate_limit_error","message":"Slowly."}}'
SPENT = (
    b'{"type":"error","error":{"type":"rate_limit_error","message":"Spent.",'
    b'"details":{"error_code":"enforced_spend_limit_reached"}}}'
)


def refuses(seconds: float | None = None, body: bytes = BODY, **headers: Any) -> Behave:
    told: dict[str, Any] = {} if seconds is None else {"retry_after": seconds}
    return says("429 Slow", body, **told, **headers)


def requests_left(left: int, limit: int = 60) -> dict[str, Any]:
    return {"anthropic-ratelimit-requests-limit": limit, "anthropic-ratelimit-requests-remaining": left}


@asynccontextmanager
async def several(
    runner: Runner, server: FaultServer, count: int
) -> AsyncIterator[tuple[list[Run], list[asyncio.Task[None]]]]:
    runs = [new_run() for _ in range(count)]
    tasks = [runner.start(run, REQUEST, endpoint(server.base_url), KEY) for run in runs]
    try:
        yield runs, tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def limiter(runner: Runner, server: FaultServer) -> Limiter:
    return runner.line_of(endpoint(server.base_url), PARAMS).limiter


def in_line(line: Line, count: int) -> tuple[list[Run], list[asyncio.Task[Pass]]]:
    runs = [new_run() for _ in range(count)]
    return runs, [asyncio.create_task(line.enter(run, Need(), place)) for place, run in enumerate(runs)]


async def rest() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_they_go_in_the_order_in_which_they_came() -> None:
    line = Line(Limiter(start=1), Time().clock, Asleep().sleep)
    runs, tasks = in_line(line, 4)
    went = []
    for _ in runs:
        await rest()
        (now,) = (at for at, task in enumerate(tasks) if task.done() and at not in went)
        went.append(now)
        assert [run.queued for run in runs[now + 1 :]] == [Queued("", None)] * (3 - now)
        assert (runs[now].queued, [run.phase for run in runs[now + 1 :]]) == (None, [Phase.QUEUED] * (3 - now))
        (await tasks[now]).leave()
    assert went == [0, 1, 2, 3]


async def test_one_that_comes_again_has_its_old_place() -> None:
    line = Line(Limiter(start=1), Time().clock, Asleep().sleep)
    _, tasks = in_line(line, 3)
    await rest()
    again = asyncio.create_task(line.enter(new_run(), Need(), 0))
    await rest()
    (await tasks[0]).leave()
    await rest()
    assert [task.done() for task in (again, *tasks[1:])] == [True, False, False]
    for task in (again, *tasks[1:]):
        (await task).leave()


async def test_a_time_that_a_sleep_reached_is_reached_whatever_the_clock_says() -> None:
    stopped = Time()
    line = Line(Limiter(), stopped.clock, lambda seconds: asyncio.sleep(0))
    first = await line.enter(new_run(), Need(), 0)
    first.refused(20.0)
    first.leave()
    async with asyncio.timeout(30):
        (await line.enter(new_run(), Need(), 0)).leave()
    assert (stopped.seconds, line.now()) == (100.0, 120.0)


async def test_a_bug_in_the_clock_is_not_swallowed() -> None:
    async def broken(seconds: float) -> None:
        raise RuntimeError("no such clock")

    line = Line(Limiter(), Time().clock, broken)
    first = await line.enter(new_run(), Need(), 0)
    first.refused(20.0)
    first.leave()
    with pytest.raises(RuntimeError):
        await line.enter(new_run(), Need(), 0)
    assert line.waiting == []


async def test_a_cancel_at_any_point_of_waiting_leaves_no_slot_and_nobody_behind() -> None:
    for k in range(1, 40):
        time = Time()
        async with serving(refuses(5), fault.answers) as server, running(time, start=1) as runner:
            address = endpoint(server.base_url)
            runs = [new_run() for _ in range(3)]
            sweep = CancelledAt(runner.stream(runs[1], REQUEST, address, KEY), k, partial(getattr, runs[1], "state"))
            others = [runner.stream(run, REQUEST, address, KEY) for run in (runs[0], runs[2])]
            tasks = [asyncio.create_task(each) for each in (others[0], sweep.over(), others[1])]
            await asyncio.gather(*tasks, return_exceptions=True)
            assert [run.state for run in runs[::2]] == [State.COMPLETE] * 2
            assert runs[1].state in {State.CANCELLED, State.COMPLETE}
            assert (limiter(runner, server).in_flight, runner.gate.waiting()) == (0, ())
            assert all(run.queued is None for run in runs)
        if sweep.suspensions < k:
            break
    else:
        pytest.fail("the run never came to its end")
    assert k > 8


async def test_a_wait_for_a_bucket_says_which_and_until_when() -> None:
    time = Asleep()
    behave = sends(fault.head(**requests_left(0)) + fault.STREAM)
    async with serving(behave) as server, running(time) as runner:
        await runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY)
        async with several(runner, server, 3) as (runs, _):
            await until(lambda: all(run.queued for run in runs))
            assert [run.queued for run in runs] == [Queued("requests", 100.0 + wait) for wait in (1, 2, 3)]
            known = runner.limits_of(endpoint(server.base_url), PARAMS)
            assert known is not None
            assert (known[0]["requests"].remaining, known[1]) == (0, 100.0)
            others = Params(model="other", max_tokens=64)
            assert runner.limits_of(endpoint(server.base_url), others) is None
            await runner.stream(
                other := new_run(), Request(others, (Turn("user", "Hi"),)), endpoint(server.base_url), KEY
            )
            assert other.state is State.COMPLETE, "another class of models waits for nothing"


async def test_headers_that_tell_of_room_wake_who_waits() -> None:
    told = [fault.head(**requests_left(left)) for left in (0, 30)]
    behaviours = [sends(told[0] + fault.STREAM), stalls(told[1]), fault.answers]
    async with serving(*behaviours) as server, running(Asleep()) as runner:
        await runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY)
        line = runner.line_of(endpoint(server.base_url), PARAMS)
        line.limiter.buckets[0].level = 1.0
        async with several(runner, server, 2) as (runs, _):
            await until(lambda: runs[1].state)
            assert (runs[0].state, runs[1].state) == (None, State.COMPLETE)


async def test_a_retry_that_waits_holds_no_slot_and_an_answer_that_streams_does() -> None:
    behaviours = [says("529 Busy", b"", retry_after=30), stalls(fault.CHUNKED)]
    async with (
        serving(*behaviours) as server,
        running(Asleep(), start=1) as runner,
        several(runner, server, 3) as (runs, _),
    ):
        await until(lambda: runs[1].phase is Phase.WAITING)
        assert runs[0].phase is Phase.RETRYING
        assert (limiter(runner, server).in_flight, limiter(runner, server).concurrency) == (1, 1)
        assert runs[2].queued == Queued("", None)


async def test_a_recording_waits_for_nobody() -> None:
    replay = Recording(fault.STREAM, per_second=1.0, sleep=lambda seconds: asyncio.Event().wait())
    async with running(replay=replay) as runner:
        runs = [new_run() for _ in range(40)]
        tasks = [runner.start(run, REQUEST, endpoint("http://127.0.0.1:1"), KEY) for run in runs]
        await rest()
        assert {run.phase for run in runs} == {Phase.WAITING}
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_run_begins_when_it_is_sent() -> None:
    async with serving(fault.answers) as server, running() as runner:
        run = new_run()
        before = runner.now()
        moments = iter([before, before.replace(hour=5)])
        runner.now = lambda: next(moments)
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert run.started.hour == 5


async def test_what_all_have_made_is_counted_from_the_newest_word_of_the_limits() -> None:
    line = Line(Limiter(), Time().clock, Asleep().sleep)
    told = limits.parse({key: str(value) for key, value in requests_left(9).items()})
    runs, tasks = in_line(line, 2)
    first, second = [await task for task in tasks]
    first.heard(told)
    runs[0].usage = {"output_tokens": 40}
    assert line.made_since == 40
    second.heard(limits.parse({key: str(value) for key, value in requests_left(8).items()}))
    assert line.made_since == 0, "the newest headers know of those"
    runs[0].usage, runs[1].usage = {"output_tokens": 60}, {"output_tokens": 5}
    first.leave()
    assert line.made_since == 25
    second.leave()
    assert line.made_since == 25


async def test_the_limits_of_the_bundled_simulator_are_found_by_its_configured_address() -> None:
    async with running(simulated=Simulated(speed=0.0)) as runner:
        assert runner.limits_of(SIMULATOR, PARAMS) is None
        run = new_run()
        params = Params(model="claude-haiku-4-5", max_tokens=64)
        await runner.stream(run, Request(params, (Turn("user", "Hi"),)), SIMULATOR, SIMULATED)
        known = runner.limits_of(SIMULATOR, params)
        assert run.state is State.COMPLETE
        assert known is not None
        assert known[0] == run.limits


async def test_the_catalogue_says_which_models_share_a_limiter() -> None:
    async with running(catalogue=Catalogue.builtin()) as runner:
        address = endpoint("http://127.0.0.1:1")
        line = runner.line_of(address, Params(model="claude-sonnet-4-5"))
        assert line is runner.line_of(address, Params(model="claude-sonnet-4-6"))
        assert line is not runner.line_of(address, Params(model="claude-sonnet-4-6", speed="fast"))
        assert line is not runner.line_of(endpoint("http://127.0.0.1:2"), Params(model="claude-sonnet-4-6"))
        assert line.limiter is runner.gate.limiter_of(address.origin, "sonnet-4")


async def test_an_address_that_cannot_be_one_has_no_limits() -> None:
    async with running() as runner:
        assert runner.limits_of(endpoint("http://127.0.0.1:99999"), PARAMS) is None
