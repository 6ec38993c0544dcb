"""A runner with a made clock, and runs to give it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from workbench.core import address
from workbench.core.endpoint import Endpoint
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.run import Run
from workbench.engine.keys import Key, way
from workbench.engine.origins import Way
from workbench.engine.runner import Runner

PARAMS = Params(model="m", max_tokens=64)
REQUEST = Request(PARAMS, (Turn("user", "Say something."),))
SECRET = "sk-ant-canary-0123456789abcdef"
KEY = Key(SECRET, "a test")
WHEN = datetime(2026, 11, 22, tzinfo=UTC)


class Time:
    """A clock that only a sleep moves, and that remembers the sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


def new_run(lane: str = "A") -> Run:
    return Run(id="r1", lane=lane, parent="m1", endpoint="test", params=PARAMS, model="m", started=WHEN)


def endpoint(base_url: str, **members: Any) -> Endpoint:
    return Endpoint("test", base_url, **members)


@asynccontextmanager
async def running(time: Time | None = None, **options: Any) -> AsyncIterator[Runner]:
    time = time or Time()
    runner = Runner(clock=time.clock, sleep=time.sleep, chance=lambda: 0.0, now=lambda: WHEN, **options)
    try:
        yield runner
    finally:
        await runner.aclose()


async def run_once(base_url: str, time: Time | None = None, *, options: Any = None, **members: Any) -> Run:
    """One run against one address, to which the key may go, with its runner opened and closed around it."""
    run = new_run()
    async with running(time, **{"confirmed": agreed(endpoint(base_url)), **(options or {})}) as runner:
        await runner.stream(run, REQUEST, endpoint(base_url), KEY, **members)
    return run


def agreed(place: Endpoint) -> frozenset[Way]:
    """As after a yes to the question where the key may go."""
    wanted = None if address.mistake(place.base_url) else way(place, KEY)
    return frozenset() if wanted is None else frozenset({wanted})
