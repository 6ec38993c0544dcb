"""Stories of a sweep's answers: marked, diffed, made into lanes, copied, looked into."""

from __future__ import annotations

from tests.ui.acts import Start, notes
from tests.ui.sweeps import (
    AMPLE,
    PROMPT,
    defined,
    done,
    ends,
    looks,
    sends,
    sweeping,
)
from workbench.core.sweep_plan import Spot
from workbench.ui.diff.screen import DiffScreen
from workbench.ui.sweep.screen import SweepScreen
from workbench.ui.wire.screen import WireScreen


async def test_marks_are_set_and_taken_away(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        screen = await looks(user)
        await user.does("fold", "more", "enter", "next", "fold")
        assert screen.marks.spots == [Spot(0, -1), Spot(1, 1)]
        user.reads("◆")
        await user.does("fold")
        assert screen.marks.spots == [Spot(0, -1)]
        await user.does("diff")
        assert "A diff takes two answers" in notes(user)


async def test_two_marked_cells_are_diffed(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        await looks(user)
        await sends(user)
        await ends(user)
        await user.does("fold", "next", "fold", "diff")
        assert isinstance(user.app.screen, DiffScreen)
        user.reads("opus-4-6", "sonnet-4-6")


async def test_marked_cells_become_lanes(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user)
        await looks(user)
        await user.does("fold", "next", "more", "fold", "view")
        await done(user)
        session = user.chat.session
        asked_for = [(session.params_of(lane).model, session.params_of(lane).temperature) for lane in session.lanes]
        assert asked_for == [("claude-opus-4-6", 0), ("claude-sonnet-4-6", 0.25)]
        assert user.chat.comparing
        user.chat.lanes.focus()
        await user.does("run")
        await user.settles()
        cells = {(run.params["model"], run.params["temperature"]) for run in user.chat.session.runs}
        assert cells == {*asked_for}
        asked = {user.chat.session.by_id[run.parent or ""].text for run in user.chat.session.runs}
        assert asked == {PROMPT}, "what the sweep asks"


async def test_the_chosen_answer_is_copied(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user, "temperature=0.5", repeats=1)
        screen = await looks(user)
        await user.does("copy")
        assert "no answer here yet" in notes(user)
        await user.does("run")
        await user.until(lambda: sweeping(user).records)
        await ends(user)
        await user.does("copy")
        await user.settles()
        assert screen.record is not None
        assert user.app.clipboard == screen.record.text


async def test_the_wire_of_an_answer_is_a_key_away(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user, "temperature=0.5,1", repeats=1)
        await looks(user)
        await sends(user)
        await ends(user)
        await user.does("wire")
        await user.until(lambda: isinstance(user.app.screen, WireScreen))
        user.reads("POST http", "HTTP 200")
        await user.does("back")
        await user.until(lambda: isinstance(user.app.screen, SweepScreen))
