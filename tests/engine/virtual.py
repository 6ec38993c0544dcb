"""An event loop on which an hour passes in a second: where everybody only waits, its time jumps to the next alarm.

Sockets are real; what one end sends over loopback is there for the other before anything else happens.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
START = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


class _Jumping(selectors.DefaultSelector):
    seconds = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout:
            self.seconds += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.seconds


def now() -> datetime:
    """The date on the loop that runs."""
    return START + timedelta(seconds=asyncio.get_running_loop().time())


def clock() -> float:
    return asyncio.get_running_loop().time()


def on_virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """Run it to its end."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
