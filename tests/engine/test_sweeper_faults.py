"""What stops a sweep: a fault that every cell would meet, a result that can't be kept, a bug."""

from __future__ import annotations

import pytest

from tests.engine import fault_server as fault
from tests.engine.running import KEY, running
from tests.engine.sweeping import AXES, GRID, SESSION, setting
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import plan
from workbench.engine.endpoints import Chosen
from workbench.engine.files import StoreError
from workbench.engine.sweeper import Sweeper
from workbench.simulator.faults import Fault


@pytest.mark.parametrize(
    ("status", "title"),
    [(401, "Key rejected"), (402, "Payment needed"), (413, "Request too large")],
)
async def test_a_fault_that_every_cell_would_meet_stops_the_sweep(status: int, title: str) -> None:
    async with setting(faults=(Fault(str(status), 1.0),)) as at:
        sweeper = at.sweeper(concurrency=2)
        await sweeper.run()
        assert sweeper.problem is not None
        assert sweeper.problem.title == title
        assert sweeper.state == "stopped"
        assert len(sweeper.missing) >= 14
        assert sum(at.received().values()) <= 2


@pytest.mark.parametrize("status", [403, 404])
async def test_a_model_that_is_not_there_fails_its_own_cells_alone(status: int) -> None:
    gone = fault.sends(fault.head(f"{status} Gone", "application/json", content_length=0))
    whole = fault.sends(fault.head(content_length=len(fault.STREAM)), fault.STREAM)

    async def only_haiku(talk: fault.Talk) -> None:
        await (whole if b"haiku" in talk.body else gone)(talk)

    async with fault.serving(only_haiku) as server, running() as runner:
        chosen = Chosen(Endpoint("test", server.base_url), KEY)
        sweeper = Sweeper(runner, GRID, chosen, Catalogue.builtin(), keep=lambda _: None)
        await sweeper.run()
    assert (sweeper.problem, sweeper.state) == (None, "done")
    assert {spot.cell for spot in sweeper.failed} == {2, 3}
    assert sweeper.done == 8


@pytest.mark.parametrize(("status", "title"), [(403, "Not permitted"), (404, "Not found")])
async def test_where_every_model_is_refused_the_sweep_stops(status: int, title: str) -> None:
    one = plan(SESSION, Sweep("w1", AXES[1:], 8))
    async with setting(faults=(Fault(str(status), 1.0),)) as at:
        alone = at.sweeper(one, concurrency=1)
        await alone.run()
        both = at.sweeper(concurrency=1)
        await both.run()
    assert [each.problem and each.problem.title for each in (alone, both)] == [title, title]
    assert len(alone.records) == 1
    assert len(both.records) == 3  # two of the first model, and one of the second


async def test_a_refused_combination_leaves_the_others_alone() -> None:
    async with setting() as at:
        made = plan(SESSION, Sweep("w1", (read_axis("max_tokens=10,-1,20"),), 2))
        sweeper = at.sweeper(made)
        await sweeper.run()
        assert sweeper.problem is None
        assert sweeper.state == "done"
        assert {spot.cell for spot in sweeper.failed} == {1}
        assert sweeper.done == 4


async def test_a_server_that_is_not_there_stops_it_after_three() -> None:
    async with running() as runner:
        chosen = Chosen(Endpoint("test", "http://127.0.0.1:1"), KEY)
        sweeper = Sweeper(runner, GRID, chosen, Catalogue.builtin(), keep=lambda _: None, concurrency=1)
        await sweeper.run()
    assert len(sweeper.records) == 3
    assert sweeper.problem is not None
    assert sweeper.problem.title == "Connection refused"
    assert sweeper.state == "stopped"


async def test_a_key_that_is_not_there_stops_it_at_once() -> None:
    async with running() as runner:
        chosen = Chosen(Endpoint("test", "https://example.invalid"), None)
        sweeper = Sweeper(runner, GRID, chosen, Catalogue.builtin(), keep=lambda _: None, concurrency=1)
        await sweeper.run()
    assert sweeper.problem is not None
    assert len(sweeper.records) == 1


async def test_a_server_that_fails_ten_times_in_a_row_stops_it() -> None:
    made = plan(SESSION, Sweep("w1", AXES, 20))
    async with setting(faults=(Fault("cut", 1.0),)) as at:
        sweeper = at.sweeper(made, concurrency=1)
        await sweeper.run()
    assert len(sweeper.records) == 10
    assert sweeper.problem is not None


async def test_a_result_that_cannot_be_kept_stops_it_and_is_held() -> None:
    def refuse(record: RunRecord) -> None:
        raise StoreError(Problem("s.runs.jsonl is not written", "the disk is full"))

    async with setting() as at:
        sweeper = at.sweeper(keep=refuse, concurrency=1)
        await sweeper.run()
    assert sweeper.problem is not None
    assert sweeper.problem.detail == "the disk is full"
    assert (sweeper.state, len(sweeper.unkept), sweeper.done) == ("stopped", 1, 1)


async def test_a_bug_in_keeping_is_raised_and_leaves_nothing_running() -> None:
    def broken(record: RunRecord) -> None:
        raise ZeroDivisionError

    async with setting() as at:
        sweeper = at.sweeper(keep=broken)
        with pytest.raises(ZeroDivisionError):
            await sweeper.run()
    assert sweeper.live == {}
    assert sweeper.state == "stopped"
