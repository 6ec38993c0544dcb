"""Waiting until a program has nothing to do: seen from its event loop, and so at once.

Textual's own way watches how much the process computes, for a fiftieth of a second at a time and thrice a key, and
asks every widget whether it is done: that was two thirds of what the stories took. All of a story runs on one loop,
the simulator too, so the loop knows: nothing is ready, no socket has something, no timer is due, no thread works.
"""

from __future__ import annotations

import asyncio
from asyncio import sleep
from time import process_time
from typing import Any, Final

TURNS: Final = 3
"""Turns of the loop in a row without anything to do: what one of them has read may be given on in the next."""
SOON_S: Final = 0.012
"""A timer that is due within this is waited for: Textual gathers changes of size for 8 ms, and frames for two."""
LOOK_S: Final = 0.002
BUSY_S: Final = 0.0005
TICKS: Final = 25
"""So many timers, one after the other: a screen under another that has changed asks again and again to be drawn."""
HELD: Final = 8
"""Looks in a row at a thread that computes nothing: it is held by the story, or waits as long as a person would."""


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Return when the loop has nothing to do any more, or after `max_sleep` seconds."""
    loop: Any = asyncio.get_running_loop()
    begun = loop.time()
    quiet = held = ticks = 0
    while quiet < TURNS and held < HELD and ticks < TICKS and loop.time() - begun < max_sleep:
        quiet += 1
        await sleep(0)
        if loop._ready:
            quiet = 0
        elif (due := _due(loop)) is not None:
            quiet = 0
            ticks += 1
            await sleep(due)
        elif _threads_work(loop):
            quiet = 0
            before = process_time()
            await sleep(LOOK_S)
            held = held + 1 if process_time() - before < BUSY_S else 0
    if (rest := min_sleep - (loop.time() - begun)) > 0:
        await sleep(rest)


def _due(loop: Any) -> float | None:
    """In how many seconds the next timer goes off, if soon."""
    now = loop.time()
    first = min((each.when() for each in loop._scheduled if not each.cancelled()), default=now + 1.0)
    return max(0.0, first - now) if first - now < SOON_S else None


def _threads_work(loop: Any) -> bool:
    """Whether something that was handed to a thread is not done."""
    pool = loop._default_executor
    return pool is not None and len(pool._threads) > pool._idle_semaphore._value
