"""The Runs screen: every run there is, sorted, filtered, added up; at every size and of any number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.test_run_list import record
from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, notes, opened, reaching
from tests.ui.board_acts import filters, goes_to_runs, ids, worked
from tests.ui.story import User
from workbench.ui.runs.screen import RunsScreen
from workbench.ui.screens.choose import Choose

PROMPTS = ("Explain caching with a list.", "Name a colour.", "Why are there tides?")


async def three(user: User) -> RunsScreen:
    """Three prompts at three temperatures, then the list of runs."""
    for number, prompt in enumerate(PROMPTS):
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", 0.35 * number))
        await user.asks(prompt)
    return await goes_to_runs(user)


async def test_an_empty_session_says_what_will_be_here(start: Start) -> None:
    async with start("usual") as user:
        await goes_to_runs(user)
        user.reads("No run yet.", "v shows the runs of all sessions", "0 runs")
        await user.does("enter", "fold", "wire", "copy", "rerun", "diff")
        assert "There is no run here." in notes(user)
        await user.does("back")
        assert user.app.screen is user.chat


async def test_every_run_has_a_row_and_the_highlighted_one_is_shown_below(start: Start) -> None:
    async with start("usual") as user:
        screen = await three(user)
        assert ids(screen) == ["r3", "r2", "r1"]
        user.reads(
            "run", "model", "differs", "ttft", "cost", "T 0.00", "T 0.35", "T 0.70", "sim", "Why are there tides?"
        )
        user.reads("3 runs", "simulated", "started, newest first", "enter open", "v all sessions")
        await user.presses("down", "down")
        user.reads("Explain caching with a list.")


async def test_an_afternoon_of_runs_reads_at_a_glance(start: Start) -> None:
    async with start("usual") as user:
        user.chat.document.record(worked())
        screen = await goes_to_runs(user)
        user.reads("15 runs", "≥$0.", "haiku-4-5", "✗", "Rate limited", "T 0.25")
        await user.does("next", "next", "fold")
        user.reads("● 1 marked", "Dear Ms Arden,")
        assert screen.table.rows[screen.table.highlighted].record.id == "r12"
        await user.sees("runs")


async def test_runs_are_sorted_by_what_a_person_chooses(start: Start) -> None:
    async with start("usual") as user:
        screen = await three(user)
        await user.does("sort")
        chooser = await opened(user, Choose)
        assert chooser.items[chooser.rows.highlighted].id == "started:1"
        chooser.field.value = "output tokens, smallest"
        await user.pilot.pause()
        await user.presses("enter")
        await user.until(lambda: screen.order == "out")
        assert ids(screen)[0] == "r2"
        assert screen.table.highlighted == 0
        user.reads("out▴", "output tokens, smallest first")
        await user.does("less")
        assert screen.order == "cost"
        assert ids(screen)[-1] == "r2"
        await user.does("more")
        assert (screen.order, screen.down) == ("out", True)
        await user.pilot.click("#titles", offset=(11, 0))
        await user.rests()
        assert (screen.order, screen.down) == ("started", True)
        await user.pilot.click("#titles", offset=(11, 0))
        await user.rests()
        assert ids(screen) == ["r1", "r2", "r3"]


async def test_a_filter_works_while_it_is_typed_and_esc_takes_it_back(start: Start) -> None:
    async with start("usual") as user:
        user.chat.document.record(worked())
        screen = await goes_to_runs(user)
        await filters(user, "out<60")
        assert ids(screen) == ["r11", "r6", "r1"]
        user.reads("3 of 15 runs")
        await user.presses("enter")
        assert screen.table.has_focus
        await filters(user, " zebra")
        assert ids(screen) == []
        user.reads("No run fits the filter.", "0 of 15 runs")
        screen.search.field.value = "temperature>"
        await user.presses(".")
        user.reads("a number belongs there")
        screen.search.field.value = "temperture="
        await user.presses("1")
        user.reads("did you mean temperature=1?")
        assert len(ids(screen)) == 15
        await user.pilot.resize_terminal(80, 24)
        screen.search.field.value = "state:nonsens"
        await user.presses("e")
        words = " ".join(user.screen.split())
        assert screen.filter.mistakes[0] in words  # all of it, under what was typed
        screen.search.field.value = "out<6"
        await user.presses("0")
        assert screen.search.size.height == 1
        await user.presses("escape")
        assert not screen.search.open
        assert len(ids(screen)) == 15
        assert screen.table.has_focus


async def test_one_run_can_have_all_the_room(start: Start) -> None:
    async with start("small") as user:
        screen = await three(user)
        assert screen.table.display
        await user.does("zoom")
        user.reads("Why are there tides?")
        assert screen.answer.has_focus
        await user.does("more")
        user.reads("Name a colour.")
        await user.does("back")
        assert screen.table.has_focus
        assert screen.table.highlighted == 1


@pytest.mark.parametrize("size", ["tiny", "small", "large"])
async def test_it_stands_at_every_size(start: Start, size: str) -> None:
    async with start(size) as user:
        await user.asks("Hello.")
        screen = await goes_to_runs(user)
        assert screen.answer.display is (size != "tiny")  # a few rows leave room for it on a low terminal too
        await user.does("last", "first", "zoom", "back", "find", "back", "sort")
        await opened(user, Choose)
        await user.presses("escape")
        await user.does("back")
        assert user.app.screen is user.chat


async def test_ten_thousand_runs_are_drawn_as_far_as_they_are_in_sight(start: Start) -> None:
    async with start("usual") as user:
        runs = tuple(record(number, text=f"Answer {number}") for number in range(10_000))
        user.chat.document.record(replace(user.chat.session, runs=runs))
        screen = await goes_to_runs(user)
        drawn: list[int] = []
        draw = screen.table.draw

        def counted(row: int, width: int) -> object:
            drawn.append(row)
            return draw(row, width)

        screen.table.draw = counted  # type: ignore[assignment]
        await user.does("last", "previous")
        user.reads("10 000 runs")
        await filters(user, "4321")
        assert ids(screen) == ["r4321"]
        assert len(set(drawn)) < 200


async def test_an_answer_that_ends_while_the_list_is_up_joins_it(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        screen = await goes_to_runs(user)
        user.chat.prompt.text = "Hello."
        await user.chat.do("run")
        await user.until(lambda: user.chat.lives)
        screen.show_all()
        await user.rests()
        user.reads("1 running")
        held.go_on.set()
        await user.settles()
        assert ids(screen) == ["r1"]
        user.reads("1 run", "word0")
        assert "running" not in user.screen


async def test_who_reads_a_long_answer_is_not_thrown_back_by_the_list(start: Start) -> None:
    async with start("usual") as user:
        screen = await three(user)
        screen.answer.scroll_rows(6)
        await user.rests()
        assert "Why are there tides?" not in user.screen
        screen.refill()
        await user.rests()
        assert "Why are there tides?" not in user.screen
        await user.does("next", "previous")
        user.reads("Why are there tides?")
