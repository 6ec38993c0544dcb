"""Stopping a run at any moment: one end state, an exact prefix of the text, a closed socket (faults C)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.behaviours import slowly
from tests.engine.fault_server import CHUNKED, EVENTS, TEXT, FaultServer, says, sends, serving, stalls
from tests.engine.running import KEY, REQUEST, Time, endpoint, new_run, running
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run, State
from workbench.engine.runner import Runner

PART = [b"%x\r\n%s\r\n" % (len(each), each) for each in EVENTS[:8]]


async def until(condition: Any) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0)


@asynccontextmanager
async def streaming(server: FaultServer, runner: Runner) -> AsyncIterator[tuple[Run, asyncio.Task[None]]]:
    run = new_run()
    yield run, runner.start(run, REQUEST, endpoint(server.base_url), KEY)


@pytest.mark.fault("C01")
async def test_a_stop_in_mid_stream_closes_the_connection() -> None:
    async with serving(stalls(CHUNKED, *PART)) as server, running() as runner, streaming(server, runner) as (run, task):
        await until(lambda: run.text == "word0 word1 word2 word3 word4 ")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open == 0)
    assert (run.state, run.phase, run.problem) == (State.CANCELLED, Phase.ENDED, None)
    assert run.text == "word0 word1 word2 word3 word4 "
    assert run.timings.total_s is not None


@pytest.mark.fault("C01")
async def test_a_stop_before_the_first_step() -> None:
    async with serving(fault.answers) as server, running() as runner, streaming(server, runner) as (run, task):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.connections == 0
    assert run.state is State.CANCELLED


@pytest.mark.fault("C03")
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


@pytest.mark.fault("C03")
async def test_a_stop_after_the_end_changes_nothing() -> None:
    async with serving(fault.answers) as server, running() as runner, streaming(server, runner) as (run, task):
        await task
        task.cancel()
        run.end(State.CANCELLED)
    assert (run.state, run.text) == (State.COMPLETE, TEXT)


@pytest.mark.fault("C03")
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


@pytest.mark.fault("C02")
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


@pytest.mark.fault("C02")
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


@pytest.mark.fault("C02")
async def test_a_stop_before_the_head_arrives() -> None:
    async with serving(stalls()) as server, running() as runner, streaming(server, runner) as (run, task):
        await until(lambda: run.phase is Phase.WAITING)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open == 0)
    assert run.state is State.CANCELLED


@pytest.mark.fault("C05")
async def test_one_lane_that_fails_stops_no_other() -> None:
    async with serving(sends(), slowly) as server, running(retries=0) as runner:
        first, second = new_run("A"), new_run("B")
        await asyncio.gather(*(runner.stream(run, REQUEST, endpoint(server.base_url), KEY) for run in (first, second)))
    assert {first.state, second.state} == {State.UNREACHABLE, State.COMPLETE}
