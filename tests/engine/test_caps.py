"""How much of an answer is taken, and that what is taken freezes nobody (faults N13, S16–S18, S23)."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from tests.engine import fault_server as fault
from tests.engine.behaviours import PART, PLAIN, bomb, for_ever
from tests.engine.fault_server import CHUNKED, EVENTS, Behave, Talk, chunk, delta, sends, serving, stalls
from tests.engine.running import KEY, REQUEST, endpoint, new_run, run_once, running
from workbench.core.run import Run, State
from workbench.core.sse import MAX_EVENT, Decoder, TooLargeError
from workbench.engine.client import MAX_ANSWER
from workbench.engine.timeouts import Timeouts

MIB = 1024 * 1024
EMPTY = delta("")


@contextmanager
def at_most(seconds: float, mebibytes: int) -> Iterator[None]:
    """Of this process's time, and of memory that Python takes at once."""
    tracemalloc.start()
    before = time.process_time()
    try:
        yield
        assert time.process_time() - before < seconds
        assert tracemalloc.get_traced_memory()[1] < mebibytes * MIB
    finally:
        tracemalloc.stop()


def pieces(size: int, *, of: int = 64 * 1024) -> Iterator[bytes]:
    piece = b"x" * of
    return (piece for _ in range(0, size, of))


@pytest.mark.fault("S16")
@pytest.mark.parametrize("size", [4096, 64 * 1024, 50 * MIB])
def test_an_event_of_50_mib_is_refused_at_once_and_never_held(size: int) -> None:
    decoder = Decoder()
    assert MAX_EVENT == 16 * MIB
    parts = [*pieces(50 * MIB, of=size)]
    with at_most(1.0, 3 * 16), pytest.raises(TooLargeError):
        _ = [decoder.feed(part) for part in parts]
    assert decoder.flush() == ""


@pytest.mark.fault("S16")
async def test_what_was_whole_before_an_event_that_is_too_large_is_kept() -> None:
    async with serving(sends(PLAIN, PART + b"data: " + b"x" * MAX_EVENT + b"\n\n")) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text) == (State.MALFORMED, "word0 word1 word2 ")


@pytest.mark.fault("S18")
async def test_a_bomb_meets_the_cap_of_an_answer_before_it_fills_the_memory() -> None:
    turns = 0

    async def meanwhile() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with serving(bomb()) as server, asyncio.TaskGroup() as group:
        screen = group.create_task(meanwhile())
        with at_most(2.0, 8):
            run = await run_once(server.base_url)
        screen.cancel()
    assert run.state is State.MALFORMED
    assert f"It passed {MAX_ANSWER // MIB} MiB." in str(run.problem)
    assert turns > 1000, "others go on while it is unpacked"


@pytest.mark.fault("N13")
async def test_a_header_without_an_end_is_not_read_for_ever() -> None:
    async with serving(for_ever) as server:
        with at_most(1.0, 4):
            run = await run_once(server.base_url)
    assert (run.state, run.attempts) == (State.UNREACHABLE, 1)


def chunked(*events: bytes) -> Behave:
    """All of them in one chunk, and the connection left open."""
    return stalls(CHUNKED, chunk(b"".join(events)))


@asynccontextmanager
async def begun(behave: Behave, events: int) -> AsyncIterator[tuple[Run, asyncio.Task[None]]]:
    """A run of which so many events came."""
    async with serving(behave) as server, running() as runner:
        run = new_run()
        task = runner.start(run, REQUEST, endpoint(server.base_url), KEY)
        async with asyncio.timeout(20):
            while run.events < events:  # noqa: ASYNC110 - a run tells nobody, it is looked at
                await asyncio.sleep(0)
        yield run, task


async def stopped(task: asyncio.Task[None]) -> float:
    """The CPU seconds that a stop takes."""
    before = time.process_time()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return time.process_time() - before


@pytest.mark.fault("S23")
@pytest.mark.parametrize(
    ("events", "text"), [((EMPTY,) * 100_000, ""), (tuple(delta("x") for _ in range(10_000)), "x")]
)
async def test_a_stop_works_in_the_middle_of_a_burst(events: tuple[bytes, ...], text: str) -> None:
    """And what it leaves is as small as what it showed."""
    async with begun(chunked(*EVENTS[:2], *events), 1000) as (run, task):
        assert not task.done(), "the burst still goes on"
        assert await stopped(task) < 0.2
    assert run.state is State.CANCELLED
    assert set(run.text) == set(text)
    assert len(run.text) < len(events)


@pytest.mark.fault("S23")
async def test_a_hundred_thousand_empty_deltas_are_an_answer_without_text() -> None:
    async with serving(sends(PLAIN, b"".join((*EVENTS[:2], *[EMPTY] * 100_000, *EVENTS[-3:])))) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text, run.events, run.blocks[0].parts) == (State.COMPLETE, "", 100_005, [])


@pytest.mark.fault("S17")
async def test_a_stop_works_between_the_bytes_of_an_event() -> None:
    async def dribbles(talk: Talk) -> None:
        await talk.send(CHUNKED)
        await talk.chunks(PART)
        for at in range(1, 40):
            await talk.chunks(EVENTS[6][at : at + 1])
        await talk.until_closed()

    async with begun(dribbles, 6) as (run, task):
        assert await stopped(task) < 0.2
    assert (run.state, run.text) == (State.CANCELLED, "word0 word1 word2 ")


@pytest.mark.fault("S20")
async def test_an_answer_that_ended_lets_its_connection_go_although_the_server_keeps_it() -> None:
    async with serving(chunked(fault.STREAM)) as server, running(timeouts=Timeouts(read=60)) as runner:
        before = asyncio.get_running_loop().time()
        await runner.stream(run := new_run(), REQUEST, endpoint(server.base_url), KEY)
        while server.open:  # noqa: ASYNC110 - as it is the other end that closes
            await asyncio.sleep(0)
        assert asyncio.get_running_loop().time() - before < 30
    assert (run.state, run.text) == (State.COMPLETE, fault.TEXT)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count the peak in other units")
@pytest.mark.fault("S16")
async def test_a_huge_event_over_the_network_takes_no_more_memory_than_its_cap_allows() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def behave(talk: Talk) -> None:
        await talk.send(PLAIN, *EVENTS[:6], b"data: ", *pieces(50 * MIB))

    async with serving(behave) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text) == (State.MALFORMED, "word0 word1 word2 ")
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 3 * 16
