"""A sweep being sent to the simulator: each spot once, pauses, stops, faults, and what is done already."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from tests.engine import fault_server as fault
from tests.engine.running import KEY, running
from tests.engine.sweeping import GRID, setting, wanted
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.record import RunRecord
from workbench.core.state import State
from workbench.engine.endpoints import Chosen
from workbench.engine.gate import Gate
from workbench.engine.sweeper import Sweeper
from workbench.simulator.faults import Fault


async def test_each_spot_is_sent_once_and_kept_with_its_place() -> None:
    async with setting() as at:
        sweeper = at.sweeper()
        assert (sweeper.state, sweeper.missing, sweeper.changed) == ("idle", GRID.order, 0)
        await sweeper.run()
        assert at.received() == wanted()
    assert (sweeper.state, sweeper.missing, sweeper.failed, sweeper.live) == ("done", (), (), {})
    assert set(sweeper.records) == set(GRID.order)
    assert sorted(record.id for record in at.kept) == sorted(f"w1-{number}" for number in range(1, 17))
    for spot, record in sweeper.records.items():
        assert record.state is State.COMPLETE
        assert record.extra == {"sweep": "w1", "cell": GRID.cells[spot.cell].plain, "repeat": spot.repeat}
        assert (record.lane, record.parent, record.endpoint) == ("A", None, "test")
        assert record in at.kept
    assert sweeper.changed >= 16


async def test_no_more_exist_at_a_time_than_may() -> None:
    most = 0
    async with setting() as at:
        sweeper = at.sweeper(concurrency=3, keep=lambda record: look())

        def look() -> None:
            nonlocal most
            most = max(most, len(sweeper.live) + 1)  # and the one that ended

        await sweeper.run()
    assert most == 3


async def test_what_is_done_is_not_paid_twice_whatever_became_of_the_rest() -> None:
    async with setting() as at:
        await at.sweeper().run()
        kept = at.kept[:]
        before = at.received()
        again = at.sweeper(done=kept)
        await again.run()
        assert at.received() == before
        assert (again.state, len(again.records)) == ("done", 16)
        partly = [kept[0], *(RunRecord(**{**vars(each), "state": State.CANCELLED}) for each in kept[1:9]), *kept[9:]]
        third = at.sweeper(done=partly)
        assert len(third.missing) == 8
        await third.run()
        assert sum((at.received() - before).values()) == 8
        assert at.received() - before == Counter(each.request_sha256 for each in kept[1:9])
        assert sorted(int(record.id[3:]) for record in at.kept[16:]) == list(range(17, 25))


async def test_what_another_endpoint_answered_is_asked_here() -> None:
    async with setting() as at:
        await at.sweeper().run()
        other = [RunRecord(**{**vars(each), "endpoint": "llama"}) for each in at.kept]
        assert len(at.sweeper(done=other).missing) == 16


async def until(condition: Callable[[], bool]) -> None:
    """Turns of the loop until the condition holds."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for happens on this loop
            await asyncio.sleep(0)


async def test_a_pause_lets_arrive_what_is_on_its_way_and_sends_nothing_more() -> None:
    async with setting() as at:

        def keep(record: RunRecord) -> None:
            at.kept.append(record)
            if len(at.kept) == 3:
                sweeper.pause()

        sweeper = at.sweeper(keep=keep)
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: sweeper.state == "paused" and not sweeper.live)
        sent = len(at.kept)
        assert 3 <= sent <= 3 + 3
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(at.kept) == len(sweeper.records) == sent
        assert not sending.done()
        sweeper.resume()
        await sending
        assert at.received() == wanted()
    assert sweeper.state == "done"


async def test_a_pause_takes_back_what_waits_for_its_turn() -> None:
    async with setting(faults=(Fault("stall", 1.0),)) as at:
        at.runner.gate = Gate(at.runner.clock, at.runner.sleep, concurrency=1, start=1)
        sweeper = at.sweeper()
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: sum(bool(run.text) for run in sweeper.live.values()) == 2)
        sweeper.pause()
        await until(lambda: len(sweeper.live) == 2)
        assert [run.attempts for run in sweeper.live.values()] == [1, 1]  # one of each class of models
        assert sum(at.received().values()) == 2
        assert set(sweeper.missing) == set(GRID.order) - set(sweeper.live)
        assert at.kept == []
        sweeper.resume()
        await until(lambda: len(sweeper.live) == 4)
        sweeper.stop()
        await sending
    assert len(sweeper.missing) == 16


async def test_a_paused_sweep_can_be_stopped_and_sent_on() -> None:
    async with setting() as at:

        def keep(record: RunRecord) -> None:
            sweeper.pause()

        sweeper = at.sweeper(keep=keep)
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: sweeper.state == "paused" and not sweeper.live)
        sweeper.stop()
        await sending
        assert sweeper.state == "stopped"
        first = len(sweeper.records)
        assert len(sweeper.missing) == 16 - first
        second = at.sweeper(done=sweeper.records.values())
        await second.run()
        assert at.received() == wanted()


async def test_a_stop_keeps_what_came_and_its_spots_are_missing_again() -> None:
    async with setting(faults=(Fault("stall", 1.0),)) as at:
        sweeper = at.sweeper()
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: len(sweeper.live) == 4 and all(run.text for run in sweeper.live.values()))
        sweeper.stop()
        await sending
        assert (sweeper.state, sweeper.missing, sweeper.records) == ("stopped", GRID.order, {})
        assert [record.state for record in at.kept] == [State.CANCELLED] * 4
        assert all(record.text for record in at.kept)
        assert sweeper.problem is None


async def test_a_cancel_of_the_sweep_ends_its_runs_first() -> None:
    async with setting(faults=(Fault("stall", 1.0),)) as at:
        sweeper = at.sweeper()
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: len(sweeper.live) == 4 and all(run.text for run in sweeper.live.values()))
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert [record.state for record in at.kept] == [State.CANCELLED] * 4
        assert (sweeper.state, sweeper.live) == ("stopped", {})


async def test_what_was_never_sent_leaves_no_record() -> None:
    async with setting() as at:
        sweeper = at.sweeper()
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: bool(sweeper.live))
        sweeper.stop()
        await sending
        assert (at.kept, at.received()) == ([], Counter())


async def test_failed_ones_are_retried_when_asked() -> None:
    async with setting(faults=(Fault("stream-error", 0.3),)) as at:
        sweeper = at.sweeper()
        assert sweeper.retry_failed() == 0
        await sweeper.run()
        failed = len(sweeper.failed)
        assert 0 < failed < 16
        assert (sweeper.state, sweeper.missing, sweeper.done) == ("done", (), 16 - failed)
        before = sweeper.changed
        assert sweeper.retry_failed() == failed == len(sweeper.missing)
        assert sweeper.changed > before
        while sweeper.missing:
            await sweeper.run()
            sweeper.retry_failed()
        assert sweeper.done == 16
        assert len(at.kept) > 16
        assert len({record.id for record in at.kept}) == len(at.kept)


async def test_failed_ones_are_retried_while_the_others_are_sent() -> None:
    failures = 0

    async def once_refused(talk: fault.Talk) -> None:
        nonlocal failures
        failures += 1
        answer = (
            fault.sends(fault.head("400 Bad Request", "application/json", content_length=0)) if failures == 1 else whole
        )
        await answer(talk)

    whole = fault.sends(fault.head(content_length=len(fault.STREAM)), fault.STREAM)
    kept: list[RunRecord] = []
    async with fault.serving(once_refused) as server, running() as runner:
        chosen = Chosen(Endpoint("test", server.base_url), KEY)

        def keep(record: RunRecord) -> None:
            kept.append(record)
            if record.state is State.REJECTED:
                asyncio.get_running_loop().call_soon(sweeper.retry_failed)

        sweeper = Sweeper(runner, GRID, chosen, Catalogue.builtin(), keep=keep, concurrency=1)
        await sweeper.run()
    assert [record.state for record in kept] == [State.REJECTED] + [State.COMPLETE] * 16
    assert sweeper.done == 16


async def test_it_is_sent_once_at_a_time() -> None:
    async with setting() as at:
        sweeper = at.sweeper()
        sending = asyncio.create_task(sweeper.run())
        await until(lambda: bool(sweeper.live))
        with pytest.raises(RuntimeError):
            await sweeper.run()
        await sending
    assert sweeper.done == 16
