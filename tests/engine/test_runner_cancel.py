"""Stopping a run at any moment: one end state, an exact prefix of the text, a closed socket (faults C)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import CHUNKED, EVENTS, TEXT, FaultServer, says, sends, serving, stalls
from tests.engine.running import KEY, REQUEST, Time, endpoint, new_run, running
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run, State
from workbench.engine.runner import Runner

PART = [b"%x\r\n%s\r\n" % (len(each), each) for each in EVENTS[:8]]


class CancelledAt:
    """Awaits a coroutine, and cancels its task where it suspends for the k-th time."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], k: int) -> None:
        self.coroutine = coroutine
        self.k = k
        self.suspensions = 0

    def __await__(self) -> Generator[Any, Any, None]:
        awaited = self.coroutine.__await__()
        try:
            future = next(awaited)
            while True:
                self.suspensions += 1
                if self.suspensions == self.k and (task := asyncio.current_task()):
                    task.cancel()
                try:
                    value = yield future
                except BaseException as error:
                    future = awaited.throw(error)
                else:
                    future = awaited.send(value)
        except StopIteration:
            return

    async def over(self) -> None:
        await self


async def slowly(talk: fault.Talk) -> None:
    """A turn of the loop for each event, so that each arrives by itself."""
    await talk.send(CHUNKED)
    for each in EVENTS:
        await talk.chunks(each)
        await asyncio.sleep(0.001)
    await talk.send(fault.ENDED)


async def until(condition: Any) -> None:
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0)


@asynccontextmanager
async def streaming(server: FaultServer, runner: Runner) -> AsyncIterator[tuple[Run, asyncio.Task[None]]]:
    run = new_run()
    yield run, runner.start(run, REQUEST, endpoint(server.base_url), KEY)


async def test_a_cancel_at_every_suspension_point_leaves_a_prefix_and_no_socket() -> None:
    states: list[State | None] = []
    for k in range(1, 200):
        async with serving(slowly) as server:
            run = new_run()
            async with running() as runner:
                sweep = CancelledAt(runner.stream(run, REQUEST, endpoint(server.base_url), KEY), k)
                await asyncio.gather(asyncio.create_task(sweep.over()), return_exceptions=True)
                assert run.state in {State.CANCELLED, State.COMPLETE}
                assert TEXT.startswith(run.text)
                assert run.state is State.CANCELLED or run.text == TEXT
                await runner.stream(again := new_run(), REQUEST, endpoint(server.base_url), KEY)
                assert again.state is State.COMPLETE
            await until(lambda server=server: server.open == 0)
        states.append(run.state)
        if sweep.suspensions < k:
            break
    else:
        pytest.fail("the run never came to its end")
    assert len(states) > 20
    assert State.CANCELLED in states


async def test_a_stop_in_mid_stream_closes_the_connection() -> None:
    async with serving(stalls(CHUNKED, *PART)) as server, running() as runner, streaming(server, runner) as (run, task):
        await until(lambda: run.text == "word0 word1 word2 word3 word4 ")
        before = asyncio.get_running_loop().time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.get_running_loop().time() - before < 0.2
        await until(lambda: server.open == 0)
    assert (run.state, run.phase, run.problem) == (State.CANCELLED, Phase.ENDED, None)
    assert run.text == "word0 word1 word2 word3 word4 "
    assert run.timings.total_s is not None


async def test_a_stop_before_the_first_step() -> None:
    async with serving(fault.answers) as server, running() as runner, streaming(server, runner) as (run, task):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.connections == 0
    assert run.state is State.CANCELLED


async def test_a_second_stop_during_the_first_still_closes_the_connection() -> None:
    async with serving(stalls(CHUNKED, *PART)) as server, running() as runner, streaming(server, runner) as (run, task):
        await until(lambda: run.events == 8)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open == 0)
    assert run.state is State.CANCELLED


async def test_a_stop_after_the_end_changes_nothing() -> None:
    async with serving(fault.answers) as server, running() as runner, streaming(server, runner) as (run, task):
        await task
        task.cancel()
        run.end(State.CANCELLED)
    assert (run.state, run.text) == (State.COMPLETE, TEXT)


async def test_a_stop_that_races_message_stop() -> None:
    stream = b"%x\r\n%s\r\n" % (len(fault.STREAM), fault.STREAM)
    async with (
        serving(stalls(CHUNKED, stream)) as server,
        running() as runner,
        streaming(server, runner) as (run, task),
    ):
        await until(lambda: run.state is not None)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open == 0)
    assert (run.state, run.text) == (State.COMPLETE, TEXT)


class Asleep(Time):
    """A sleep that only a cancel ends."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


async def test_a_stop_while_waiting_for_a_retry() -> None:
    async with (
        serving(says("529 Busy", b"", retry_after=20)) as server,
        running(Asleep()) as runner,
        streaming(server, runner) as (run, task),
    ):
        await until(lambda: run.phase is Phase.RETRYING)
        assert run.waiting is not None
        assert (run.waiting.seconds, run.waiting.attempt, run.waiting.until) == (20, 1, 120)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (run.state, run.attempts) == (State.CANCELLED, 1)
    assert new_run().waiting == run.waiting


async def test_a_stop_while_the_user_is_asked() -> None:
    async def ask(run: Run, wait: Wait) -> bool:
        await asyncio.Event().wait()
        return True

    async with serving(says("429 Slow", b"", retry_after=3600)) as server, running() as runner:
        run = new_run()
        task = runner.start(run, REQUEST, endpoint(server.base_url), KEY, ask=ask)
        await until(lambda: run.phase is Phase.ASKING)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert run.state is State.CANCELLED


async def test_a_stop_before_the_head_arrives() -> None:
    async with serving(stalls()) as server, running() as runner, streaming(server, runner) as (run, task):
        await until(lambda: run.phase is Phase.WAITING)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open == 0)
    assert run.state is State.CANCELLED


async def test_stopping_one_of_four_leaves_the_others() -> None:
    async with serving(slowly) as server, running() as runner:
        runs = [new_run(lane) for lane in "ABCD"]
        tasks = [runner.start(run, REQUEST, endpoint(server.base_url), KEY) for run in runs]
        await until(lambda: runs[1].events >= 5)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert [run.state for run in runs] == [State.COMPLETE, State.CANCELLED, State.COMPLETE, State.COMPLETE]
    assert all(TEXT.startswith(run.text) for run in runs)


async def test_sending_works_after_many_stops() -> None:
    async with serving(*[stalls(CHUNKED, *PART)] * 120, fault.answers) as server, running(start=12) as runner:
        for seen in range(12, 121, 12):
            runs = [new_run() for _ in range(12)]
            tasks = [runner.start(run, REQUEST, endpoint(server.base_url), KEY) for run in runs]
            await until(lambda seen=seen: len(server.requests) >= seen)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert {run.state for run in runs} == {State.CANCELLED}
        await runner.stream(last := new_run(), REQUEST, endpoint(server.base_url), KEY)
    assert last.state is State.COMPLETE


async def test_one_lane_that_fails_stops_no_other() -> None:
    async with serving(sends(), slowly) as server, running(retries=0) as runner:
        first, second = new_run("A"), new_run("B")
        await asyncio.gather(*(runner.stream(run, REQUEST, endpoint(server.base_url), KEY) for run in (first, second)))
    assert {first.state, second.state} == {State.UNREACHABLE, State.COMPLETE}
