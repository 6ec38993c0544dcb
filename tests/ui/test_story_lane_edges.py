"""Stories of lanes at their edges: whose failure, whose system prompt, whose turn, and what the border promises."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest

from tests.engine.fault_server import CHUNKED, EVENTS, Talk, head, says, sends, serving, stalls
from tests.ui.acts import PRESETS, Start, closed, notes, on, opened, reaching, types_into
from tests.ui.lane_acts import PROMPT, clones, comes, one_a_value, temperatures
from workbench.core.config import Config
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.state import State
from workbench.ui.chat import comparing, parts
from workbench.ui.screens.confirm import Confirm


def _error(kind: str, words: str) -> bytes:
    return json.dumps({"type": "error", "error": {"type": kind, "message": words}}).encode()


async def _refusing(talk: Talk) -> None:
    fates = {
        0.0: says("400 Bad Request", _error("invalid_request_error", "too cold")),
        1.0: says("403 Forbidden", _error("permission_error", "too warm")),
    }
    await fates[json.loads(talk.body)["temperature"]](talk)


async def test_each_lane_says_its_own_failure(start: Start) -> None:
    async with serving(_refusing) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        assert user.screen.count("too cold") == 1
        assert user.screen.count("too warm") == 1


async def test_a_system_prompt_changed_for_one_lane_leaves_the_others_theirs(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "system", "Be brief."))
        user.chat.view.focus()
        await clones(user)
        await user.does("parameters")
        await types_into(user, "system", "Be long.")
        await comes(user)
        systems = [user.chat.session.params_of(lane).system for lane in user.chat.session.lanes]
        assert systems == ["Be brief.", "Be long."]
        on(user, "system")
        await user.does("unset")
        systems = [user.chat.session.params_of(lane).system for lane in user.chat.session.lanes]
        assert systems == ["Be brief.", None]


async def test_the_estimate_of_all_lanes_is_of_what_run_would_send(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        user.chat.to_prompt()
        await user.rests()
        before = user.chat.prompt.border_subtitle
        await user.does("run")
        await user.settles()
        await user.does("prompt")
        await user.rests()
        assert user.chat.prompt.border_subtitle == before


async def test_lanes_that_share_their_limits_show_what_all_have_used(start: Start) -> None:
    async with start("usual", limits=(50, 20_000, 4_000)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.5, 1")
        await user.does("run")
        await user.settles()
        answers = [run.usage["output_tokens"] for run in user.chat.session.runs]
        for lane in ("pick-1", "pick-2", "pick-3"):
            await user.does(lane)
            used = {meter.name: meter.used for meter in parts.meters(user.chat).meters}
            assert used["output_tokens"] > 2 * max(answers), "all three, less what came back meanwhile"


async def test_base_gives_a_lane_the_defaults_back(start: Start) -> None:
    async with start("usual", config=PRESETS) as user:
        user.chat.view.focus()
        await clones(user)
        on(user, "param:temperature")
        await user.does("pick-2")
        assert temperatures(user) == [None, 0.0]
        await user.does("pick-1")
        assert [user.chat.session.params_of(lane) for lane in user.chat.session.lanes] == [PRESETS.defaults] * 2


async def test_a_turn_edited_in_compare_is_sent_to_every_lane_that_stands_on_it(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        await user.does("edit")
        assert user.chat.draft == PROMPT
        user.chat.prompt.text = "Name four."
        await user.does("run")
        await user.settles()
        asked = [
            [m.text for m in user.chat.session.path(lane.tip) if m.role == "user"] for lane in user.chat.session.lanes
        ]
        assert asked == [["Name four."]] * 2
        assert len({run.parent for run in user.chat.session.runs[-2:]}) == 1


async def test_run_all_while_a_turn_is_edited_runs_the_edited_turn(start: Start) -> None:
    async with start("usual") as user:
        await user.asks(PROMPT)
        user.chat.view.focus()
        user.chat.view.current = "m1"
        await user.does("edit")
        user.chat.prompt.text = "Name four."
        user.chat.view.focus()
        await user.does("run-all")
        await user.settles()
        asked = [m.text for m in user.chat.session.path(user.chat.lane.tip) if m.role == "user"]
        assert asked == ["Name four."]


async def _half(talk: Talk) -> None:
    whole = sends(head() + b"".join(EVENTS))
    refused = says("400 Bad Request", _error("invalid_request_error", "no"))
    await (refused if json.loads(talk.body)["temperature"] == 1.0 else whole)(talk)


async def test_a_lane_without_an_answer_is_named_before_its_next_turn(start: Start) -> None:
    async with serving(_half) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        await user.does("prompt")
        await user.types("And now shorter.")
        await user.does("run")
        await user.settles()
        assert "The turn above of lane 2 has no answer" in notes(user)


async def test_a_stop_meant_for_a_lane_that_has_just_ended_stops_no_other(start: Start) -> None:
    async def fated(talk: Talk) -> None:
        whole = sends(head() + b"".join(EVENTS))
        await (whole if json.loads(talk.body)["temperature"] == 0.0 else stalls(CHUNKED))(talk)

    async with serving(fated) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 0.5, 1")
        await user.does("run")
        await user.until(lambda: len(user.chat.session.runs) == 1 and len(server.requests) == 3)
        await user.does("stop")
        assert "Lane 1 isn't running" in notes(user)
        assert not any(live.stopped for live in user.chat.lives)
        await user.does("stop")
        await user.settles()
        assert [run.state for run in user.chat.session.runs[1:]] == [State.CANCELLED] * 2


async def test_a_lane_closed_while_it_runs_gives_its_answer_to_no_other(start: Start) -> None:
    async with serving(stalls(CHUNKED)) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.until(lambda: len(server.requests) == 2)
        user.chat.lane_id = "B"
        comparing.unset(user.chat)
        await comparing.add(user.chat)
        assert [lane.id for lane in user.chat.session.lanes] == ["A", "C"]
        await user.until(lambda: len(user.chat.lives) == 1)
        await user.does("stop")
        await user.does("stop")
        await user.settles()


@pytest.mark.parametrize("fate", ["stopped", "refused"])
async def test_where_the_first_comes_to_nothing_the_next_warms_the_cache(start: Start, fate: str) -> None:
    seen: list[float] = []
    go_on = asyncio.Event()

    async def fated(talk: Talk) -> None:
        seen.append(json.loads(talk.body)["temperature"])
        if seen[-1] == 0.0:
            refused = says("400 Bad Request", _error("permission_error", "no"))
            await (stalls(CHUNKED) if fate == "stopped" else refused)(talk)
            return
        await go_on.wait()
        await sends(head() + b"".join(EVENTS))(talk)

    async with serving(fated) as server, start("usual", chosen=reaching(server.base_url)) as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "cache_control", "auto"))
        user.chat.prompt.text = "word " * 6000
        await one_a_value(user, "param:temperature", "0, 0.5, 1")
        await user.does("run")
        await opened(user, Confirm)
        await user.presses("w")
        await user.until(lambda: seen)
        if fate == "stopped":
            assert seen == [0.0]
            await user.does("stop")
        await user.until(lambda: len(seen) > 1)
        user.chat.show()
        await user.rests()
        user.reads("waiting for the cache")
        assert seen == [0.0, 0.5], "the third waits for the second, which writes now"
        go_on.set()
        await user.settles()
        assert seen == [0.0, 0.5, 1.0]
        assert [run.state for run in user.chat.session.runs[1:]] == [State.COMPLETE] * 2


async def test_the_budget_counts_what_is_on_its_way(start: Start) -> None:
    config = Config(defaults=Params(model="claude-sonnet-4-6", max_tokens=1024), budget_usd=Decimal("0.02"))
    async with (
        serving(stalls(CHUNKED)) as server,
        start("usual", chosen=reaching(server.base_url), config=config) as user,
    ):
        prices = {"prices": {"claude-sonnet-4-6": {"input": 3.0, "output": 15.0}}}
        user.chat.desk.catalogue, _ = Catalogue.builtin().with_overrides(prices)
        await user.types(PROMPT)
        user.chat.view.focus()
        await clones(user)
        await user.does("pick-1", "rerun")
        await user.until(lambda: server.requests)
        await user.does("prompt")
        await user.types(PROMPT)
        user.chat.lanes.focus()
        await user.does("pick-2", "rerun")
        await opened(user, Confirm)
        user.reads("is on its way")
        await user.presses("n")
        await closed(user)
        assert len(server.requests) == 1
        await user.does("stop", "stop")
        await user.settles()


async def test_an_answer_that_other_values_made_is_marked(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_system(user.chat.lane, "Speak {{how}}.").with_variable("how", "low"))
        await user.types(PROMPT)
        await one_a_value(user, "param:temperature", "0, 1")
        await user.does("run")
        await user.settles()
        assert "older settings" not in user.screen
        on(user, "param:temperature")
        await user.presses("l")
        assert user.screen.count("older settings") == 1
        user.chat.lanes.mode = "list"
        await user.rests()
        assert user.screen.count("older settings") == 2, "in its line, and in the facts of the lane below"
        user.chat.lanes.focus()
        await user.does("diff")
        user.reads("older settings")
        await user.does("back", "undo")
        assert "older settings" not in user.screen
