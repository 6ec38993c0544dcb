"""Waiting until a program has nothing to do: what Textual's pilot does, in half the time.

Its own way sleeps for a fiftieth of a second at a time, thrice a key, which was two thirds of what the stories took.
"""

from __future__ import annotations

from asyncio import sleep
from time import monotonic, process_time
from typing import Final

from textual._context import active_app

LOOK_S: Final = 0.002
BUSY_S: Final = 0.0005
QUIET: Final = 8
"""Looks in a row without work: in one alone the machine may have been busy with another process."""


async def wait_for_idle(min_sleep: float = LOOK_S, max_sleep: float = 1.0) -> None:
    """Return when the process computes nothing any more and no change of size waits, or after `max_sleep` seconds."""
    begun = monotonic()
    quiet = 0
    while quiet < QUIET or monotonic() - begun < min_sleep:
        if monotonic() - begun >= max_sleep:
            return
        before = process_time()
        await sleep(LOOK_S)
        rests = process_time() - before < BUSY_S and not _resizing()
        quiet = quiet + 1 if rests else 0


def _resizing() -> bool:
    """Whether the program gathers changes of its size, as Textual does for 8 ms."""
    app = active_app.get(None)
    return app is not None and app._resize_event is not None
