"""A sweep as a batch, in front of a simulator whose clock the test moves, or of any other server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.engine.running import KEY, WHEN, Time, running
from workbench.core.batch import Batch
from workbench.core.batch_items import Item, Parcel, of_sweep, parcels
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import plan
from workbench.engine.batching import Batching
from workbench.engine.endpoints import Chosen
from workbench.simulator import Simulator

SESSION = Session(params=Params(model="claude-haiku-4-5", max_tokens=20), prompt="Name a colour.")
GRID = plan(SESSION, Sweep("w1", (read_axis("max_tokens=10,12,100000"), read_axis("user_id=a,b")), 2))
ROW = Batch("b1", "test", sweep="w1")
FILE = Path("s.toml")


def items(endpoint: Endpoint) -> tuple[Item, ...]:
    return of_sweep(GRID, GRID.order, endpoint)


class Desk:
    """One session's batches as a front end keeps them, in memory."""

    def __init__(self, batching: Batching, parcel: Parcel, time: Time) -> None:
        self.batching = batching
        self.parcel = parcel
        self.time = time
        self.rows: list[Batch] = []
        self.records: list[RunRecord] = []

    async def keep(self, batch: Batch) -> None:
        self.rows.append(batch)

    @property
    def known(self) -> set[str]:
        return {record.id for record in self.records}


@asynccontextmanager
async def desk(base_url: str, time: Time | None = None) -> AsyncIterator[Desk]:
    time = time or Time()
    chosen = Chosen(Endpoint("test", base_url), KEY)
    async with running(time) as runner:
        (parcel,) = parcels(items(chosen.endpoint), chosen.endpoint)
        yield Desk(Batching(runner, chosen, Catalogue.builtin(), FILE), parcel, time)


@asynccontextmanager
async def simulated(**options: Any) -> AsyncIterator[Desk]:
    time = Time()
    settings: dict[str, Any] = {"speed": 0, "limits": None, "batch_seconds": 60.0, "clock": time.clock, **options}
    simulator = Simulator(now=lambda: WHEN + timedelta(seconds=time.seconds - 100), **settings)
    async with simulator, desk(simulator.base_url, time) as made:
        yield made
