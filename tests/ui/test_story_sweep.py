"""Stories at the Sweep screen: defined, sent, watched, read."""

from __future__ import annotations

import pytest

from tests.engine.fault_server import Behave, says, serving
from tests.ui.acts import Start, notes, reaching
from tests.ui.sweeps import (
    AMPLE,
    Counted,
    asked,
    defined,
    done,
    ends,
    looks,
    one_at_a_time,
    results,
    sends,
    simulated,
    sweeping,
)
from workbench.core.sweep_plan import Spot
from workbench.simulator import Fault
from workbench.ui.screens.confirm import Confirm
from workbench.ui.sweep.head import SweepHead
from workbench.ui.sweep.preflight import AT_ONCE


@pytest.mark.parametrize(
    ("size", "name"), [("usual", "sweep"), ("small", "sweep-small"), ("large", "sweep-large")], ids=str
)
async def test_a_sweep_is_sent_watched_and_read(start: Start, size: str, name: str) -> None:
    async with start(size, limits=AMPLE) as user:
        defined(user, repeats=8)
        screen = await looks(user)
        user.reads("model × temperature × 8 repeats", "0/120", "queued", "opus-4-6", "T 0.25")
        one_at_a_time(user)
        await sends(user)
        await ends(user)
        user.reads("120/120", "done", "haiku-4-5", "8 runs · median", "×8")
        await user.does("next", "more", "more", "more")
        user.reads("sonnet-4-6 · T 0.75", "8 of 8 distinct")
        await user.does("enter")
        await user.presses("down")
        assert screen.pane.spot == Spot(8, 1)
        assert screen.record is sweeping(user).records[Spot(8, 1)]
        await user.sees(name)


async def test_a_sweep_says_what_it_takes_before_it_sends(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        await looks(user)
        await user.does("run")
        await asked(user)
        user.reads("45 requests", "(counted)", "$", "Send 45")
        await user.presses("escape")
        await done(user)
        assert not user.chat.sweeping_now
        assert user.chat.document.path is None


@pytest.mark.parametrize(
    ("answer", "asked_for"),
    [(says("404 Not Found", b"no"), AT_ONCE), (says("400 Bad", b'{"error": {"type": "x", "message": "y"}}'), 12)],
    ids=["no counts", "a refusal"],
)
async def test_a_server_that_counts_nothing_is_not_asked_for_each_prompt(
    start: Start, answer: Behave, asked_for: int
) -> None:
    async with serving(*[answer] * 12) as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "model=" + ",".join(f"m{at}" for at in range(12)))
        await looks(user)
        await user.does("run")
        await asked(user)
        user.reads("36 requests", "≈")
        await user.presses("escape")
        await done(user)
        assert len(server.requests) <= asked_for
        assert len(server.requests) == asked_for or asked_for == AT_ONCE


async def test_one_request_is_sent_without_a_question(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user, "temperature=0.5", repeats=1)
        await looks(user)
        await user.does("run")
        await user.until(lambda: len(sweeping(user).records) == 1)
        await ends(user)
        user.reads("1/1", "done")
        assert len(results(user)) == 1


async def test_pause_holds_what_was_not_sent_and_goes_on(start: Start) -> None:
    held = Counted()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user)
        await looks(user)
        await sends(user)
        await user.until(lambda: any(run.text for run in sweeping(user).live.values()))
        await user.does("pause")
        user.reads("paused · P goes on")
        held.go_on.set()
        await user.until(lambda: not sweeping(user).live)
        assert 0 < len(sweeping(user).records) < 45
        assert user.chat.sweeping_now
        await user.does("pause")
        await ends(user)
        assert len(sweeping(user).records) == 45
        user.reads("45/45", "done")


async def test_a_stop_keeps_what_came_and_the_next_run_asks_the_rest(start: Start) -> None:
    held = Counted()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user)
        await looks(user)
        await sends(user)
        await user.until(lambda: any(run.text for run in sweeping(user).live.values()))
        await user.does("stop")
        await ends(user)
        assert not sweeping(user).records
        assert all('"state": "cancelled"' in line and "word0" in line for line in results(user))
        assert results(user)
        user.reads("0/45", "stopped · ^J begins: 45 requests")
        held.go_on.set()
        await sends(user)
        await ends(user)
        user.reads("45/45", "done")


async def test_another_key_for_run_while_it_goes_on_sends_nothing_twice(start: Start) -> None:
    held = Counted()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user)
        await looks(user)
        await sends(user)
        await user.does("run")
        assert "going on" in notes(user)
        held.go_on.set()
        await ends(user)
        assert len(results(user)) == 45


async def test_a_sweep_goes_on_under_other_screens(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        await looks(user)
        await sends(user)
        await user.does("back")
        assert user.app.screen is user.chat
        await ends(user)
        assert len(results(user)) == 45
        await looks(user)
        user.reads("45/45", "done")


async def test_what_failed_is_marked_and_tried_again(start: Start) -> None:
    async with start("usual", limits=AMPLE, faults=(Fault("cut", 0.2),)) as user:
        defined(user, repeats=2)
        await looks(user)
        await sends(user)
        await ends(user)
        failed = len(sweeping(user).sweeper.failed)
        assert 0 < failed < 30
        user.reads(f"✗{failed} failed", "done · r tries what failed again", "✗1")
        for _ in range(20):
            if not sweeping(user).sweeper.failed:
                break
            await user.does("rerun")
            if isinstance(user.app.screen, Confirm):
                await user.presses("s")
            await done(user)
            await ends(user)
        user.reads("30/30", "done")
        assert not sweeping(user).sweeper.failed
        assert len(results(user)) > 30


async def test_what_every_cell_would_meet_stops_the_sweep_and_is_said(start: Start) -> None:
    async with (
        simulated() as server,
        start("usual", chosen=reaching(server.base_url, "sk-invalid-of-the-stories")) as user,
    ):
        defined(user)
        await looks(user)
        await sends(user)
        await ends(user)
        user.reads("stopped by itself")
        assert len(server.received) < 45


async def test_every_metric_has_its_scale(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        screen = await looks(user)
        await sends(user)
        await ends(user)
        for key, sign in (("cost", "$"), ("latency", "s"), ("ttft", "s"), ("rate", ""), ("variety", "%")):
            while screen.look.metric != key:
                await user.does("raw")
            head = screen.query_one(SweepHead).head
            assert head.low, key
            assert sign in head.low
            user.reads(head.low, head.high)


async def test_rows_and_columns_change_places_and_the_cursor_stays_on_its_cell(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        screen = await looks(user)
        await user.does("next", "more", "more")
        before = screen.cell
        await user.does("transpose")
        assert screen.cell is before
        assert screen.map.grid.rows == ("T 0", "T 0.25", "T 0.5", "T 0.75", "T 1")


async def test_enter_goes_down_and_esc_peels_back(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        screen = await looks(user)
        places = []
        for command in ("enter", "enter", "enter", "back", "back", "back"):
            places.append(screen.focused.id if screen.focused else "")
            await user.does(command)
        assert places == ["map", "repeats", "answer", "answer", "repeats", "map"]
        assert user.app.screen is user.chat


async def test_a_thousand_cells_are_drawn_only_where_they_are_seen(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        many = (
            f"top_k={','.join(map(str, range(1, 41)))}",
            f"temperature={','.join(str(at / 25) for at in range(25))}",
        )
        defined(user, *many, repeats=8)
        screen = await looks(user)
        user.reads("0/8000", "8 000 requests", "top k 1", "T 0.04")
        before = screen.map.drawn
        await user.does("last")
        user.reads("top k 40 · T 0.96")
        assert screen.map.drawn - before < 600
        assert screen.chart is not None
        assert screen.chart.measured == 1000
        shown = screen.map.layout_.rows
        await user.does("zoom")
        assert screen.map.layout_.rows > shown
        assert not screen.pane.display
        await user.does("back")
        assert screen.map.layout_.rows == shown
        assert screen.pane.display
