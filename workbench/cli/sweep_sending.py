"""A sweep being sent without a screen: what its prompts count, and the sending until it ends or a signal comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from workbench.cli.signals import Stopped, stoppable
from workbench.core.problem import Problem
from workbench.engine.runner import Runner
from workbench.engine.sweeper import Sweeper

if TYPE_CHECKING:
    from workbench.cli.sweep_progress import Bar
    from workbench.core.models import Catalogue
    from workbench.core.params import Params
    from workbench.core.request import Request
    from workbench.engine.endpoints import Chosen

PACE_S: Final = 0.1
"""How often the bar may change."""
COUNTS_AT_ONCE: Final = 8


async def count(requests: Mapping[Params, Request], chosen: Chosen) -> tuple[dict[Params, int], Problem | None]:
    """The tokens of each prompt as the endpoint counts them; it is asked no further once it doesn't, and why."""
    if chosen.problem is not None and chosen.key is None:
        return {}, chosen.problem
    counts: dict[Params, int] = {}
    problems: list[Problem] = []
    turnstile = asyncio.Semaphore(COUNTS_AT_ONCE)
    runner = Runner(confirmed=chosen.agreed)

    async def one(key: Params, request: Request) -> None:
        async with turnstile:
            if problems:
                return
            found = await runner.count_tokens(request, chosen.endpoint, chosen.key)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            counts[key] = found

    try:
        async with asyncio.TaskGroup() as tasks:
            for key, request in requests.items():
                tasks.create_task(one(key, request))
    finally:
        await runner.aclose()
    return counts, problems[0] if problems else None


def runner_for(chosen: Chosen, catalogue: Catalogue, concurrency: int) -> Runner:
    """What sends to the chosen endpoint, and to no other with its key."""
    return Runner(catalogue=catalogue, concurrency=concurrency, confirmed=chosen.agreed)


async def send(
    begin: Callable[[Runner], tuple[Sweeper, Bar]], runner: Runner, *, wanted: Callable[[], bool]
) -> tuple[Sweeper, int]:
    """The sweeper when it has ended, and the exit status that a signal calls for, or 0.

    `wanted` says whether anybody still waits for the answers: nothing is paid for in vain.
    """
    stopped = Stopped()
    with stoppable(stopped):
        sweeper, bar = begin(runner)
        sending = asyncio.create_task(sweeper.run())
        signalled = asyncio.create_task(stopped.wait())
        try:
            while not sending.done():
                watched = {sending} if signalled.done() else {sending, signalled}
                await asyncio.wait(watched, timeout=PACE_S, return_when=asyncio.FIRST_COMPLETED)
                bar.draw()
                if signalled.done() or not wanted():
                    sweeper.stop()
            await sending
        finally:
            signalled.cancel()
            sending.cancel()
            await asyncio.gather(sending, signalled, return_exceptions=True)
            await runner.aclose()
    return sweeper, stopped.status
