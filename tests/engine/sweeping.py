"""A simulator, and a sweeper in front of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

from tests.engine.running import KEY, running
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import Plan, plan
from workbench.engine.endpoints import Chosen
from workbench.engine.sweeper import Sweeper
from workbench.simulator import Simulator

SESSION = Session(params=Params(model="claude-haiku-4-5", max_tokens=40), prompt="Name a colour.")


AXES = (read_axis("model=claude-haiku-4-5,claude-sonnet-4-6"), read_axis("temperature=0,1"))


GRID = plan(SESSION, Sweep("w1", AXES, 4))


class Setting:
    """A simulator and what sends to it."""

    def __init__(self, base_url: str, runner: Any, received: Callable[[], Counter[str]]) -> None:
        self.chosen = Chosen(Endpoint("test", base_url), KEY)
        self.runner = runner
        self.received = received
        self.kept: list[RunRecord] = []

    def sweeper(self, made: Plan = GRID, **options: Any) -> Sweeper:
        return Sweeper(
            self.runner,
            made,
            self.chosen,
            Catalogue.builtin(),
            **{"keep": self.kept.append, "concurrency": 4, **options},
        )


@asynccontextmanager
async def setting(**options: Any) -> AsyncIterator[Setting]:
    async with Simulator(**{"speed": 0, "limits": None, **options}) as simulator, running() as runner:
        yield Setting(
            simulator.base_url,
            runner,
            lambda: Counter(sha256(request.body).hexdigest() for request in simulator.received),
        )


def wanted(made: Plan = GRID) -> Counter[str]:
    return Counter(made.cells[spot.cell].sha256 for spot in made.order)
