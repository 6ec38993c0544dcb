"""Stopping by signal: what is running is told, ends in its own way, and the exit status says which signal it was."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if isinstance(getattr(signal, name, None), int)
)


class Stopped:
    """Whether a signal came, and which."""

    def __init__(self) -> None:
        self._came = asyncio.Event()
        self.status = 0
        """The exit status that the signal calls for: 128 and its number."""

    def __bool__(self) -> bool:
        return self._came.is_set()

    async def wait(self) -> None:
        await self._came.wait()

    def stop(self, number: int) -> None:
        """The first signal counts."""
        self.status = self.status or 128 + number
        self._came.set()


@contextmanager
def stoppable(stopped: Stopped) -> Iterator[None]:
    """Signals set `stopped` inside the block, in place of killing the process."""
    loop = asyncio.get_running_loop()
    handled: list[int] = []
    for number in SIGNALS:
        try:
            loop.add_signal_handler(number, stopped.stop, number)
        except (NotImplementedError, RuntimeError, ValueError):
            continue  # not the main thread, or a platform without signal handlers
        handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
