"""Stories of Compare: lanes made, run side by side, told apart, and the winner kept."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, notes, opened, reaching, types_into
from tests.ui.lane_acts import PROMPT, clones, comes, one_a_value, temperatures
from tests.ui.story import User
from workbench.core.session import Lane
from workbench.core.state import State
from workbench.engine import store
from workbench.ui.chat import panel_of, parameter_rows
from workbench.ui.screens.ask import Ask


async def test_a_lane_is_cloned_thrice_and_four_temperatures_answer_side_by_side(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        user.chat.view.focus()
        for lane, temperature in (("B", 0.4), ("C", 0.7), ("D", 1.0)):
            await clones(user)
            assert user.chat.lane.id == lane
            await user.does("parameters")
            await types_into(user, "param:temperature", str(temperature))
            await comes(user)
            await user.presses("escape")
        assert temperatures(user) == [None, 0.4, 0.7, 1.0]
        await user.does("pick-1")
        await user.does("run")
        await user.settles()
        assert [run.lane for run in user.chat.session.runs] == ["A", "B", "C", "D"]
        assert {run.parent for run in user.chat.session.runs} == {"m1"}, "one message is sent to all"
        user.reads("prompt", "differs", "T", "0.40 2", "0.70 3", "1.00 4", "same", "sonnet-4-6", "1 turn")
        await user.does("follow", "first")
        await user.sees("compare")
        await user.does("chat")
        user.reads("run 1 of 4 ‹ ›", "lane 1 of 4")


@pytest.mark.parametrize("size", ["usual", "large"])
async def test_lanes_stream_side_by_side(start: Start, size: str) -> None:
    held = Held()
    async with serving(held) as server, start(size, chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.3, 0.7, 1")
        await user.does("run")
        await user.until(lambda: len(user.chat.lives) == 4 and all(live.run.text for live in user.chat.lives))
        user.draws(3)
        await user.pilot.pause()
        assert user.screen.count("word5") == 4
        assert all(live.view is user.chat.lanes.view(live.run.lane) for live in user.chat.lives)
        await user.does("chat")
        assert user.screen.count("word5") == 1
        user.reads("streaming")
        await user.does("compare")
        await comes(user)
        assert user.screen.count("word5") == 4
        held.go_on.set()
        await user.settles()
        assert user.screen.count("word11") == 4
        assert [run.state for run in user.chat.session.runs] == [State.COMPLETE] * 4


async def test_eight_lanes_are_readable_on_a_small_terminal(start: Start) -> None:
    async with start("small") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:model", "claude-sonnet-4-6, claude-haiku-4-5")
        for lane in ("A", "B"):
            user.chat.lane_id = lane
            await one_a_value(user, "param:temperature", "0, 0.3, 0.7, 1")
        assert len(user.chat.session.lanes) == 8
        user.chat.lane_id = None
        await user.does("run")
        await user.settles()
        await user.does("first")
        for number in range(1, 9):
            user.reads(f" {number}  ✓")
        user.reads("model", "sonnet-4-6 1", "haiku-4-5")
        await user.sees("compare-8-lanes")
    async with start("large") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.1, 0.2, 0.4, 0.5, 0.7, 0.8, 1")
        await user.does("run")
        await user.settles()
        assert len(user.chat.session.runs) == 8
        await user.does("follow", "first")
        await user.sees("compare-8-lanes-large")


async def test_the_winner_is_kept_and_the_lanes_come_back(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        await user.does("pick-2", "keep")
        assert not user.chat.comparing
        assert [lane.id for lane in user.chat.session.lanes] == ["B"]
        assert user.chat.session.params.temperature == 1
        assert len(user.chat.session.runs) == 2, "the other's answer stays in the tree"
        user.reads("run 2 of 2 ‹ ›")
        await user.does("back", "undo")
        assert temperatures(user) == [0, 1]


async def test_lanes_are_named_moved_and_closed(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.5, 1")
        await user.does("lane-name")
        ask = await opened(user, Ask)
        ask.field.value = "strict"
        await user.presses("enter")
        await comes(user)
        user.reads("strict")
        await user.does("move-right")
        assert [lane.id for lane in user.chat.session.lanes] == ["B", "A", "C"]
        assert user.chat.lane_number == 2
        await user.does("unset")
        assert [lane.id for lane in user.chat.session.lanes] == ["B", "C"]
        assert user.chat.lane.id == "C"
        await user.does("unset", "unset")
        assert len(user.chat.session.lanes) == 1
        assert "only lane" in notes(user)
        await user.does("undo")
        assert [lane.id for lane in user.chat.session.lanes] == ["B", "C"]


async def test_a_parameter_is_changed_for_one_lane_or_for_all_and_the_panel_says_which(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("parameters")
        user.reads("changing lane 1", "temperature ◆")
        panel = panel_of.panel(user.chat)
        told = {row.label: row.value for row in parameter_rows.rows(panel) if not row.id}
        assert panel.preview is not None
        assert told["NEXT RUN"] == "lane 1 · simulated"
        assert told["cost"] == panel.preview.cost != told["all 2"]
        user.chat.panel.at = "param:top_p"
        await user.does("more")
        tops = [user.chat.session.params_of(lane).top_p for lane in user.chat.session.lanes]
        assert tops[0] is not None
        assert tops[1] is None
        await user.does("scope")
        user.reads("changing all lanes")
        await user.does("more")
        tops = [user.chat.session.params_of(lane).top_p for lane in user.chat.session.lanes]
        assert tops[0] == tops[1] is not None


async def test_zoom_view_together_and_jump(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        modes = []
        for command in ("zoom", "back", "view"):
            await user.does(command)
            await comes(user)
            modes.append(user.chat.lanes.mode)
        assert modes == ["zoom", "auto", "grid"]
        await user.does("follow")
        assert user.chat.lanes.follow_together
        await user.does("jump")
        await user.presses("s")
        await comes(user)
        assert user.chat.lane.id == "B"
        await user.does("back")
        assert not user.chat.comparing


async def test_a_session_with_lanes_opens_where_it_was_and_runs_on(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "three.toml"
    file.write_text(
        'format = 1\n[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 64\n'
        '[[lanes]]\nid = "A"\nname = "cold"\nparams = { temperature = 0.0 }\n'
        '[[lanes]]\nid = "B"\nparams = { temperature = 1.0 }\n'
        '[[lanes]]\nid = "C"\nunset = ["max_tokens"]\nparams = { max_tokens = 128 }\n'
    )
    async with start("usual", file=file) as user:
        await user.types(PROMPT)
        await user.does("compare")
        await comes(user)
        await user.does("run")
        await user.settles()
        assert len(user.chat.session.runs) == 3
        user.reads("cold", "T", "0.00 1", "1.00 2", "max", "128 3")
        await user.does("save")
        await user.until(lambda: "Saved as" in notes(user))
    assert [lane.id for lane in store.load(file).session.lanes] == ["A", "B", "C"]


async def test_any_number_of_lanes_is_shown_one_line_each(start: Start) -> None:
    async with AsyncExitStack() as stack:
        user = await stack.enter_async_context(start("usual"))
        lanes = tuple(Lane(f"L{number}", name=f"lane no {number}") for number in range(1, 21))
        user.chat.change(user.chat.session.__class__(params=user.chat.session.params, lanes=lanes))
        await user.does("compare")
        await comes(user)
        user.reads("lane no 1", "lane no 9")
        await streams_nothing(user)


async def streams_nothing(user: User) -> None:
    """Twenty lanes without a prompt send nothing, and say so."""
    user.chat.lanes.focus()
    await user.does("run")
    assert "Nothing to send" in notes(user)
    assert not user.chat.lives
