"""Whatever a person does to a sweep, and however its runs end: no spot is lost, and none is paid for twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from hashlib import sha256
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.running import WHEN
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.run import Run
from workbench.core.session import Session
from workbench.core.state import FULL_STATES, State
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import Spot, plan
from workbench.engine.endpoints import Chosen
from workbench.engine.sweeper import Sweeper

GRID = plan(
    Session(params=Params(model="m", max_tokens=9), prompt="hi"), Sweep("w1", (read_axis("temperature=0,0.5,1"),), 4)
)
CHOSEN = Chosen(Endpoint("test", "http://127.0.0.1:1"))
AT_ONCE = 3
ACTIONS = ("turn", "pause", "resume", "stop", "retry", "run")


class Stage:
    """A runner whose runs end as they are told, after a few turns of the loop."""

    def __init__(self, ends: list[tuple[int, State]]) -> None:
        self._ends = ends
        self._number = 0
        self.paid: Counter[str] = Counter()
        """Whole answers, by what was asked."""

    def now(self) -> Any:
        return WHEN

    def start(self, run: Run, request: Request, *_: object, **__: object) -> asyncio.Task[None]:
        turns, state = self._ends[self._number % len(self._ends)] if self._ends else (1, State.COMPLETE)
        self._number += 1
        task = asyncio.create_task(self._go(run, request, turns, state))
        task.add_done_callback(lambda _: run.end(State.CANCELLED))
        return task

    async def _go(self, run: Run, request: Request, turns: int, state: State) -> None:
        run.sent, run.attempts = True, 1
        run.request_sha256 = sha256(request.encoded).hexdigest()
        for _ in range(turns):
            await asyncio.sleep(0)
        self.paid[run.request_sha256] += state is State.COMPLETE
        run.end(state, None if state is State.COMPLETE else Problem("Not accepted", status=400))

    def give_in(self) -> None:
        """From now on every run is complete."""
        self._ends = []


class Person:
    """Does one thing after another, and looks each time whether everything has its place."""

    def __init__(self, sweeper: Sweeper) -> None:
        self.sweeper = sweeper
        self.sending: asyncio.Task[None] | None = None

    async def does(self, action: str) -> None:
        match action:
            case "pause" | "resume" | "stop":
                getattr(self.sweeper, action)()
            case "retry":
                self.sweeper.retry_failed()
            case "run" if self.sending is None or self.sending.done():
                self.sending = asyncio.create_task(self.sweeper.run())
        await asyncio.sleep(0)
        self.looks()

    def looks(self) -> None:
        sweeper = self.sweeper
        assert len(sweeper.live) <= AT_ONCE
        answered = set(sweeper.records)
        assert not answered & set(sweeper.live)
        assert not answered & set(sweeper.missing)
        if self.sending is None or self.sending.done():
            assert answered | set(sweeper.missing) == set(GRID.order)
            assert sweeper.state == "idle" if self.sending is None else sweeper.state in {"done", "stopped"}


ENDS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([State.COMPLETE, State.COMPLETE, State.REJECTED])), max_size=9
)


@settings(deadline=None, max_examples=120)
@given(st.lists(st.sampled_from(ACTIONS), max_size=40), ENDS)
def test_every_spot_is_answered_once_in_the_end(actions: list[str], ends: list[tuple[int, State]]) -> None:
    asyncio.run(_play(actions, ends))


async def _play(actions: list[str], ends: list[tuple[int, State]]) -> None:
    kept: list[RunRecord] = []
    stage = Stage(ends)
    sweeper = Sweeper(cast(Any, stage), GRID, CHOSEN, Catalogue.builtin(), keep=kept.append, concurrency=AT_ONCE)
    person = Person(sweeper)
    await person.does("run")
    for action in actions:
        await person.does(action)
    stage.give_in()
    sweeper.resume()
    if person.sending is not None:
        await person.sending
    while sweeper.retry_failed() or sweeper.missing:
        await sweeper.run()
    whole = [record for record in kept if record.state in FULL_STATES]
    places = Counter((GRID.cells[spot.cell].sha256, spot.repeat) for spot in GRID.order)
    assert Counter((record.request_sha256, record.extra["repeat"]) for record in whole) == places
    assert stage.paid == Counter(body for body, _ in places)
    assert len({record.id for record in kept}) == len(kept)
    assert GRID.done(kept) == {spot: sweeper.records[spot] for spot in GRID.order}
    assert set(sweeper.records) == {Spot(cell, repeat) for cell in range(3) for repeat in range(4)}
