"""Stop and send again, thousands of times, twelve at once: the next run works, and nothing is used up (C03–C05)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import cycle

import pytest

from tests.engine.behaviours import CASES, WHOLE_TEXTS, slowly
from tests.engine.cancelling import CancelledAt, asked, nothing_left, on_the_loop
from tests.engine.fault_server import TEXT, Behave, Talk, serving
from tests.engine.running import KEY, REQUEST, agreed, endpoint, new_run
from tests.engine.virtual import on_virtual_time
from workbench.core.run import Run, State
from workbench.engine.runner import Runner

WIDE = 12
LARGE = ("S16 huge event", "N13 huge header", "N13 endless header", "S17 one-byte chunks", "S17 a byte a second")
"""Behaviours that take their time, and that the sweep tries."""


def taking_turns() -> Behave:
    """A server that behaves in another way at each request."""
    behaviours = cycle([case.behave for name, case in CASES.items() if name not in LARGE])

    async def behave(talk: Talk) -> None:
        await next(behaviours)(talk)

    return behave


async def stopped(runner: Runner, url: str, k: int) -> Run:
    run = new_run()
    stream = runner.stream(run, REQUEST, endpoint(url), KEY, ask=asked)
    await CancelledAt(stream, k, lambda: run.state).over()
    return run


@pytest.mark.fault("C04")
def test_after_many_stops_the_next_run_works(rounds: Callable[[int, int], int]) -> None:
    tried = rounds(150, 10_000)

    async def main() -> set[State | None]:
        ended: set[State | None] = set()
        async with serving(taking_turns()) as server:
            url = server.base_url
            limiter = {"start": WIDE, "concurrency": WIDE, "confirmed": agreed(endpoint(url))}
            async with nothing_left(lambda: server.open == 0), on_the_loop(**limiter) as runner:
                for first in range(0, tried, WIDE):
                    runs = await asyncio.gather(
                        *(stopped(runner, url, at % 29 + 1) for at in range(first, first + WIDE))
                    )
                    ended |= {run.state for run in runs}
                    assert all(any(whole.startswith(run.text) for whole in WHOLE_TEXTS) for run in runs)
                    server.requests.clear()
                line = runner.line_of(endpoint(url), REQUEST.params)
                assert (line.limiter.in_flight, line.waiting) == (0, [])
                server.behaviours = (slowly,)
                await runner.stream(last := new_run(), REQUEST, endpoint(url), KEY)
                assert (last.state, last.text, last.attempts) == (State.COMPLETE, TEXT, 1)
        return ended

    assert {State.CANCELLED, State.COMPLETE, State.REJECTED, State.INTERRUPTED} <= on_virtual_time(main())


@pytest.mark.fault("C05")
@pytest.mark.parametrize("k", range(1, 24, 2))
def test_stopping_one_of_four_leaves_the_others(k: int) -> None:
    async def main() -> tuple[list[Run], Run]:
        async with serving(slowly) as server, on_the_loop() as runner:
            url = server.base_url
            others = [new_run(lane) for lane in "ACD"]
            tasks = [runner.start(run, REQUEST, endpoint(url), KEY) for run in others]
            one = await stopped(runner, url, k)
            assert not any(run.state for run in others), "they go on after it"
            await asyncio.gather(*tasks)
        return others, one

    others, one = on_virtual_time(main())
    assert one.state is State.CANCELLED
    assert TEXT.startswith(one.text)
    assert {(run.state, run.text, run.attempts) for run in others} == {(State.COMPLETE, TEXT, 1)}
