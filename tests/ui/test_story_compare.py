"""Stories of Compare: lanes made, run side by side, told apart, and the winner kept."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.engine.fault_server import CHUNKED, EVENTS, Talk, head, says, sends, serving, stalls
from tests.ui.acts import Held, Start, closed, notes, on, opened, reaching
from tests.ui.story import User
from workbench.core.models import Catalogue
from workbench.core.session import Lane
from workbench.core.state import State
from workbench.engine import store
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm

PROMPT = "Name three colours and say why each matters."


def temperatures(user: User) -> list[float | None]:
    return [user.chat.session.params_of(lane).temperature for lane in user.chat.session.lanes]


async def comes(user: User) -> None:
    """What a command began is there and drawn."""
    await closed(user)
    await user.rests()


async def clones(user: User) -> None:
    await user.does("add")
    await comes(user)


async def one_a_value(user: User, row: str, values: str) -> None:
    on(user, row)
    await user.does("view")
    ask = await opened(user, Ask)
    ask.field.value = values
    await user.presses("enter")
    await comes(user)


async def test_a_lane_is_cloned_thrice_and_four_temperatures_answer_side_by_side(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        user.chat.view.focus()
        for lane, times in (("B", 8), ("C", 12), ("D", 20)):
            await clones(user)
            assert user.chat.lane.id == lane
            await user.does("parameters")
            user.chat.panel.at = "param:temperature"
            await user.presses("0", *("h" * 25), *("l" * times))
            await user.presses("escape")
        assert temperatures(user)[1:] == pytest.approx([0.4, 0.6, 1.0])
        await user.does("pick-1")
        await user.does("run")
        await user.settles()
        assert [run.lane for run in user.chat.session.runs] == ["A", "B", "C", "D"]
        assert {run.parent for run in user.chat.session.runs} == {"m1"}, "one message is sent to all"
        user.reads("prompt", "differs", "T", "0.40 2", "0.60 3", "1.00 4", "same", "sonnet-4-6", "1 turn")
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


PRICED = tuple(each.replace(b'"model": "m"', b'"model": "claude-sonnet-4-6"') for each in EVENTS)
"""The scripted answer, of a model whose price is known."""


async def _fated(talk: Talk) -> None:
    """Each lane its own fate, told by its temperature."""
    fates = {
        0.0: sends(head() + b"".join(PRICED[:8])),
        0.25: says("400 Bad Request", b'{"type":"error","error":{"type":"invalid_request_error","message":"no"}}'),
        0.5: stalls(CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in PRICED[:6])),
        1.0: sends(head() + b"".join(PRICED)),
    }
    await fates[json.loads(talk.body)["temperature"]](talk)


async def test_one_lane_is_cut_one_rejected_one_stalls_and_the_fourth_is_undisturbed(start: Start) -> None:
    async with serving(_fated) as server, start("usual", chosen=reaching(server.base_url)) as user:
        prices = {"prices": {"claude-sonnet-4-6": {"input": 3.0, "output": 15.0}}}
        user.chat.desk.catalogue, _ = Catalogue.builtin().with_overrides(prices)
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.25, 0.5, 1")
        await user.does("run")
        await user.until(lambda: len(user.chat.session.runs) == 3)
        (stalled,) = user.chat.lives
        await user.until(lambda: stalled.run.text)
        user.draws()
        await user.pilot.pause()
        states = {run.lane: run.state for run in user.chat.session.runs}
        assert states == {"A": State.INTERRUPTED, "B": State.REJECTED, "D": State.COMPLETE}
        assert stalled.run.lane == "C"
        user.reads("interrupted", "rejected", "streaming")
        await user.does("pick-3")
        await user.does("stop")
        await user.settles()
        last = user.chat.session.runs[-1]
        assert (last.lane, last.state) == ("C", State.CANCELLED)
        assert last.text, "what came of the stalled answer is kept"
        whole = next(run for run in user.chat.session.runs if run.lane == "D")
        assert whole.usage["output_tokens"] == 12
        texts = {lane.id: user.chat.session.by_id[lane.tip or ""].role for lane in user.chat.session.lanes}
        assert texts == {"A": "assistant", "B": "user", "C": "assistant", "D": "assistant"}
        user.reads("cancelled")
        spent = user.chat.document.spent
        assert spent is not None
        assert spent == user.chat.session.spent
        assert str(spent).startswith("≥"), "two answers were cut: the sum is a lower bound"
        assert spent.usd == sum(run.cost_usd for run in user.chat.session.runs if run.cost_usd is not None)


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


async def test_only_the_focused_lane_runs_and_each_goes_on_with_its_own_conversation(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        await user.does("prompt")
        await user.types("And now shorter.")
        user.chat.lanes.focus()
        await user.does("pick-2", "rerun")
        await user.settles()
        first, second = user.chat.session.lanes
        assert [len(user.chat.session.path(lane.tip)) for lane in (first, second)] == [2, 4]
        assert user.chat.draft == ""
        await user.does("run-all")
        await user.settles()
        runs = [run.lane for run in user.chat.session.runs]
        assert runs == ["A", "B", "B", "A", "B"]
        assert [len(user.chat.session.path(lane.tip)) for lane in user.chat.session.lanes] == [2, 4]


async def test_a_lane_branches_off_any_turn(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("One.")
        await user.asks("Two.")
        user.chat.view.focus()
        await clones(user)
        await user.does("chat")
        user.chat.view.focus()
        user.chat.view.current = "m2"
        await user.does("branch")
        await user.types("Another second.")
        await user.does("run")
        await user.settles()
        first, second = user.chat.session.lanes
        assert first.tip == "m4"
        assert [each.text for each in user.chat.session.path(second.tip) if each.role == "user"] == [
            "One.",
            "Another second.",
        ]
        await user.does("compare")
        await comes(user)
        user.reads("Two.", "Another second.")


async def test_stop_ends_the_focused_lane_and_again_all(start: Start) -> None:
    async with serving(stalls(CHUNKED)) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.5, 1")
        await user.does("run")
        await user.until(lambda: len(server.requests) == 3)
        await user.does("stop")
        await user.until(lambda: len(user.chat.lives) == 2)
        assert "again stops all" in notes(user)
        await user.does("stop")
        await user.settles()
        assert [run.state for run in user.chat.session.runs] == [State.CANCELLED] * 3


async def test_a_closed_lane_takes_its_run_with_it_and_no_other(start: Start) -> None:
    async with serving(stalls(CHUNKED)) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.until(lambda: len(server.requests) == 2)
        await user.does("pick-2", "unset")
        await user.until(lambda: len(user.chat.lives) == 1)
        assert user.chat.lives[0].run.lane == "A"
        await user.does("stop")
        await user.settles()
        assert {run.lane for run in user.chat.session.runs} == {"A", "B"}


async def test_lanes_that_share_a_prompt_to_be_cached_may_warm_one_first(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "cache_control", "auto"))
        user.chat.prompt.text = "word " * 6000
        await user.rests()
        await one_a_value(user, "param:temperature", "0, 0.5, 1")
        await user.does("run")
        confirm = await opened(user, Confirm)
        user.reads("Write the cache once?", "3 lanes share", "Warm one first")
        assert confirm is user.app.screen
        await user.presses("w")
        await user.until(lambda: user.chat.lives or user.chat.session.runs)
        await user.settles()
        usages = {run.lane: run.usage for run in user.chat.session.runs}
        assert usages["A"]["cache_creation_input_tokens"] > 1024
        assert usages["B"]["cache_read_input_tokens"] > 1024
        assert usages["C"]["cache_read_input_tokens"] > 1024


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
