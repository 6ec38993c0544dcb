"""Waiting until a program has nothing to do: what Textual's pilot does, in half the time.

Its own way sleeps for a fiftieth of a second at a time, thrice a key, which was two thirds of what the stories took.
"""

from __future__ import annotations

from asyncio import sleep
from time import monotonic, process_time
from typing import Final

LOOK_S: Final = 0.002
BUSY_S: Final = 0.0005
QUIET: Final = 5
"""Looks in a row without work: longer than the 8 ms for which Textual gathers changes of size, and not one alone,
in which the machine may have been busy with another process."""


async def wait_for_idle(min_sleep: float = LOOK_S, max_sleep: float = 1.0) -> None:
    """Return when the process computes nothing any more, or after `max_sleep` seconds."""
    begun = monotonic()
    quiet = 0
    while quiet < QUIET or monotonic() - begun < min_sleep:
        if monotonic() - begun >= max_sleep:
            return
        before = process_time()
        await sleep(LOOK_S)
        quiet = quiet + 1 if process_time() - before < BUSY_S else 0
