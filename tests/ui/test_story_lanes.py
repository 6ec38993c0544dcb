"""Stories of runs in several lanes: each its own fate, its own conversation, its own end."""

from __future__ import annotations

import json

from tests.engine.fault_server import CHUNKED, EVENTS, Talk, head, says, sends, serving, stalls
from tests.ui.acts import Held, Start, notes, opened, reaching
from tests.ui.lane_acts import PROMPT, clones, comes, one_a_value
from workbench.core.models import Catalogue
from workbench.core.state import State
from workbench.ui.screens.confirm import Confirm

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


async def test_a_lane_closed_while_it_ran_comes_back_with_what_came(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.until(lambda: sum(bool(live.run.text) for live in user.chat.lives) == 2)
        await user.does("pick-2", "unset")
        held.go_on.set()
        await user.settles()
        await user.does("undo")
        assert user.screen.count("word5") == 2
        assert "no answer" not in user.screen


async def test_steps_across_runs_of_several_lanes_are_taken_back_and_done_again(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        await user.does("run")
        await user.settles()

        def stands() -> list[tuple[str, str | None]]:
            return [(lane.id, lane.tip) for lane in user.chat.session.lanes]

        after = [stands()]
        for _ in range(2):
            await user.does("undo")
            after.append(stands())
        assert [tip for _, tip in after[2]] == [None, None]
        assert len({str(each) for each in after}) == 3
        for expected in reversed(after[:2]):
            await user.does("redo")
            assert stands() == expected
        assert len(user.chat.session.runs) == 4


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
