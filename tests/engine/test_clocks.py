"""Clocks that jump, clocks that are wrong, and a laptop that sleeps in the middle of an answer (faults T01–T03)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.engine import fault_server as fault
from tests.engine.behaviours import PART, slowly
from tests.engine.cancelling import on_the_loop
from tests.engine.fault_server import (
    CHUNKED,
    ENDED,
    EVENTS,
    TEXT,
    Behave,
    Talk,
    chunk,
    head,
    says,
    sends,
    serving,
    stalls,
)
from tests.engine.running import KEY, REQUEST, Time, endpoint, new_run, running
from tests.engine.virtual import START, on_virtual_time
from workbench.core.run import Phase, Run, State

ROOT: Final = Path(__file__).parent.parent.parent
HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.fault("T01")
@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_the_wall_clock_jumps_in_the_middle(jump: timedelta) -> None:
    """What is measured is measured on another clock, and no run seems to have begun before the one before it."""

    async def main() -> list[Run]:
        wall = [START]
        runs: list[Run] = []
        async with serving(slowly) as server, on_the_loop() as runner:
            runner.now = lambda: wall[0]
            for _ in range(2):
                run = new_run()
                task = runner.start(run, REQUEST, endpoint(server.base_url), KEY)
                while run.phase is not Phase.STREAMING:  # noqa: ASYNC110 - a run tells nobody, it is looked at
                    await asyncio.sleep(0.001)
                wall[0] += jump
                await task
                runs.append(run)
        return runs

    runs = on_virtual_time(main())
    assert {(run.state, run.text) for run in runs} == {(State.COMPLETE, TEXT)}
    for run in runs:
        times = run.timings
        assert times.total_s is not None
        assert times.first_token_s is not None
        assert 0 < times.first_token_s < times.total_s < 1
    assert [run.started for run in runs] == [START, START + max(jump, 0 * HOUR)]


@pytest.mark.fault("T02")
@pytest.mark.parametrize("off", [timedelta(0), timedelta(days=1), timedelta(days=-1)])
async def test_a_clock_that_is_a_day_wrong_changes_no_countdown(off: timedelta) -> None:
    """A reset time means something only against the Date that came with it; so does a date to try again at."""
    told = {
        "date": "Sun, 22 Nov 2026 12:00:00 GMT",
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "9",
        "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:42Z",
    }
    later = says("429 Slow", b"", **told, retry_after="Sun, 22 Nov 2026 12:00:07 GMT")
    run, time = new_run(), Time()
    async with serving(later, sends(head(**told), fault.STREAM)) as server, running(time) as runner:
        runner.now = lambda: NOON + off
        await runner.stream(run, REQUEST, place := endpoint(server.base_url), KEY)
        known = runner.limits_of(place, REQUEST.params)
    assert (run.state, run.attempts) == (State.COMPLETE, 2)
    assert time.slept == pytest.approx([7])
    assert known is not None
    assert known[0].seconds_until_reset("requests", 2.0) == 40


async def suspended(meanwhile: Behave, seconds: int) -> dict[str, Any]:
    """What becomes of a run whose program stands still in mid-stream, and what its server does `meanwhile`."""
    standing, done = asyncio.Event(), asyncio.Event()

    async def behave(talk: Talk) -> None:
        await talk.send(CHUNKED, chunk(PART))
        await standing.wait()
        await meanwhile(talk)
        done.set()

    async with serving(behave) as server:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.engine.sleeper", server.base_url), stdout=subprocess.PIPE, cwd=ROOT
        )
        assert child.stdout is not None
        try:
            assert await child.stdout.readline() == b"streaming\n"
            child.send_signal(signal.SIGSTOP)
            standing.set()
            await done.wait()
            await asyncio.sleep(seconds)
            child.send_signal(signal.SIGCONT)
            told = json.loads(await child.stdout.read())
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    assert isinstance(told, dict)
    return told


async def goes_on(talk: Talk) -> None:
    await talk.chunks(*EVENTS[6:])
    await talk.send(ENDED)


async def gives_up(talk: Talk) -> None:
    talk.reset()


@pytest.mark.fault("T03")
async def test_a_program_that_slept_goes_on_with_what_came_meanwhile(rounds: Callable[[int, int], int]) -> None:
    told = await suspended(goes_on, rounds(0, 60))
    assert (told["state"], told["text"], told["final"]) == ("complete", TEXT, True)
    first, total = told["seconds"]
    assert 0 < first <= total


@pytest.mark.fault("T03")
async def test_a_connection_that_did_not_outlive_the_sleep_is_a_cut_and_no_end(
    rounds: Callable[[int, int], int],
) -> None:
    told = await suspended(gives_up, rounds(0, 60))
    assert (told["state"], told["text"], told["final"]) == ("interrupted", "word0 word1 word2 ", False)
    assert "What came is kept" in told["problem"]


@pytest.mark.fault("T03", "S01")
def test_a_sleep_on_the_loop_s_own_clock_shows_how_long_nothing_came() -> None:
    """Of a clock that goes on while the machine sleeps the whole night is silence."""

    async def main() -> Run:
        async with serving(stalls(CHUNKED, chunk(PART))) as server, on_the_loop() as runner:
            run = new_run()
            task = runner.start(run, REQUEST, endpoint(server.base_url), KEY)
            while not run.text:  # noqa: ASYNC110 - a run tells nobody, it is looked at
                await asyncio.sleep(0.001)
            await asyncio.sleep(300)
            assert run.last_byte is not None
            assert (run.state, round(runner.clock() - run.last_byte)) == (None, 300)
            await task
        return run

    run = on_virtual_time(main())
    assert (run.state, run.text, run.usage_final) == (State.INTERRUPTED, "word0 word1 word2 ", False)
    assert "no data for 600 s" in str(run.problem)
