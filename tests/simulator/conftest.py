"""The official SDK in front of a running simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.simulator.official import anthropic
from tests.simulator.world import FakeClock
from workbench.simulator import Simulator


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def simulator(time: FakeClock) -> AsyncIterator[Simulator]:
    served = Simulator(
        speed=0, limits=(500, 400_000, 80_000), batch_seconds=60.0, clock=time.clock, now=time.now, sleep=time.sleep
    )
    async with served:
        yield served


@pytest.fixture
async def sdk(simulator: Simulator) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """A client as people make it, but for certificates, which take 70 ms to load and are of no use here."""
    http = anthropic.DefaultAsyncHttpxClient(verify=False, trust_env=False)
    async with anthropic.AsyncAnthropic(base_url=simulator.base_url, api_key="sk-test", http_client=http) as client:
        yield client
