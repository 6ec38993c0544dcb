"""Tools in the screens: loops that need nobody, calls that are answered by hand, and the list of tools."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fault_server import CHUNKED, ENDED, EVENTS, Talk, event, serving
from tests.ui.acts import Start, closed, notes, opened, reaching
from tests.ui.board_acts import catch_copies, copies
from tests.ui.story import User
from workbench.core import tool_loop
from workbench.core.canned import CannedResult, Result
from workbench.core.config import Config
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.session import Lane, Session
from workbench.ui.chat import outlining
from workbench.ui.screens.answer_call import AnswerCall
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm

LOOP = Path(__file__).parent.parent / "sessions" / "tool-loop.toml"
TOOLS = [
    {
        "name": "get_weather",
        "description": "The weather in a city now.",
        "input_schema": {"type": "object", "properties": {"city": {"enum": ["Paris"]}}, "required": ["city"]},
    },
    {"name": "read_clock", "description": "The time.", "input_schema": {"type": "object", "properties": {}}},
]
BOTH = "Use get_weather and read_clock for Paris."


def with_tools(user: User, *rows: CannedResult, **params: object) -> None:
    session = user.chat.session
    for key, value in {"model": "claude-sonnet-4-6", "tools": TOOLS, **params}.items():
        session = replace(session, params=session.params.set(key, value))
    user.chat.change(replace(session, tool_results=rows))


def last_turn(session: Session) -> list[dict[str, Any]]:
    """The blocks of the newest turn that a person, or the file, said."""
    return [message.blocks for message in session.messages if message.role == "user"][-1]


async def test_a_loop_of_three_rounds_needs_nobody(start: Start, tmp_path: Path) -> None:
    file = Path(shutil.copy(LOOP, tmp_path / "tool-loop.toml"))
    async with start("usual", file=file) as user:
        await user.until(lambda: user.chat.draft)
        await user.does("run")
        await user.settles()
        session = user.chat.session
        assert [run.stop_reason for run in session.runs] == ["tool_use"] * 3 + ["end_turn"]
        assert session.lane().tip == session.messages[-1].id
        user.reads("✓ result of track_parcel", "held at the depot", "4 rounds", "get_weather", "results  7")
        user.chat.view.focus()
        await user.sees("tool-loop")
        assert "✓ snow, −3 °C, roads closed" in [leaf.text for leaf in outlining.outline(user.chat)]
        await user.does("compare")
        user.reads("▸ tool use find_order  {", "▸ ✓ result of get_weather  snow, −3", "4 rounds $", " · 1 turn")
        await user.does("fold")
        user.reads("▾ tool use get_weather", '"city": "Lyon"')
        await user.does("chat")
        user.chat.view.focus()
        await user.does("undo")
        assert session.by_id[user.chat.lane.tip or ""].role == "assistant"
        user.reads("A call waits for its result: ^J or c answers.", "c answer i prompt", "NEXT RUN", "comes first")
        await user.does("redo")
        assert user.chat.session.lane().tip == session.messages[-1].id


async def test_calls_are_answered_by_hand_all_in_one_message(start: Start, tmp_path: Path) -> None:
    (tmp_path / "clock.txt").write_text("12:03\n")
    async with start("usual") as user:
        with_tools(user)
        await user.asks(BOTH)
        assert 'get_weather {"city": "Paris"}, read_clock wait for their results: ^J or c answers.' in notes(user)
        user.reads("2 calls wait for their results: ^J or c answers.", '"city": "Paris"')
        await user.types("And then?")
        await user.does("run")
        dialog = await opened(user, AnswerCall)
        user.reads("1 of 2 · get_weather", "Your prompt goes along, after the results.")
        await user.types("12 °C, rain")
        await user.presses("f2", "f3")
        user.reads("an error ✓", "kept as canned ✓")
        await user.sees("tool-result")
        await user.presses("f2", "ctrl+j")
        await user.until(lambda: user.app.screen is not dialog)
        second = await opened(user, AnswerCall)
        assert second.heading.title.startswith("2 of 2 · read_clock")
        await user.presses("escape")
        await closed(user)
        assert "Nothing was sent: read_clock has no result yet. c asks again." in notes(user)
        assert len(user.chat.session.runs) == 1
        user.chat.view.focus()
        await user.does("answer")
        first = await opened(user, AnswerCall)
        image = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
        user.chat.record(replace(user.chat.session, attachments=(Json.of(image),)))
        assert first.text == "12 °C, rain"
        await user.presses("f3", "ctrl+j")
        await user.until(lambda: user.app.screen is not first)
        await opened(user, AnswerCall)
        await user.presses("f5")
        ask = await opened(user, Ask)
        ask.field.value = "none.txt"
        await user.presses("enter")
        assert "none.txt can't be read" in ask.note.text
        ask.field.value = str(tmp_path / "clock.txt")
        await user.presses("enter")
        await opened(user, AnswerCall)
        await user.presses("ctrl+j")
        await closed(user)
        await user.settles()
        results = last_turn(user.chat.session)
        said = [block.get("content", block.get("text")) for block in results if block != image]
        assert said == ["12 °C, rain", "12:03\n", "And then?"]
        assert results[2] == image
        assert user.chat.session.attachments == ()
        assert user.chat.draft == ""
        assert user.chat.session.tool_results == (
            CannedResult("get_weather", Json.of({"city": "Paris"}), Result("12 °C, rain")),
        )
        user.reads("✓ result of get_weather", "✓ result of read_clock", "12:03")


async def test_what_no_canned_result_answers_is_asked_and_the_others_are_ready(start: Start) -> None:
    async with start("small") as user:
        with_tools(user, CannedResult("read_clock", result=Result("noon", is_error=True)))
        await user.asks(BOTH)
        assert 'get_weather {"city": "Paris"} waits for its result: ^J or c answers.' in notes(user)
        user.chat.view.focus()
        await user.does("enter")
        first = await opened(user, AnswerCall)
        await user.types("rain")
        await user.presses("ctrl+j")
        await user.until(lambda: user.app.screen is not first)
        second = await opened(user, AnswerCall)
        user.reads("A canned result of this session stands ready.", "an error ✓")
        assert second.text == "noon"
        await user.presses("ctrl+j")
        await closed(user)
        await user.settles()
        assert [block.get("is_error", False) for block in last_turn(user.chat.session)] == [False, True]
        user.reads("✗ error of read_clock")
        await user.does("answer")
        assert "No tool call waits for a result here." in notes(user)


async def test_every_lane_has_its_own_loop_and_a_paused_turn_goes_on(start: Start) -> None:
    async with start("usual") as user:
        with_tools(user, CannedResult("get_weather", result=Result("rain")), CannedResult("read_clock"))
        user.chat.change(user.chat.session.with_lane(Lane("B", unset=("tools",))))
        await user.does("compare")
        await user.asks(BOTH)
        by_lane = {
            lane.id: [run.stop_reason for run in user.chat.session.runs if run.lane == lane.id]
            for lane in user.chat.session.lanes
        }
        assert sorted(by_lane.values()) == [["end_turn"], ["tool_use", "end_turn"]]
        user.reads("Use get_weather and read_clock")
        (loop,) = (each for each in user.chat.lanes.cards if each.cost.startswith("2 rounds $"))
        (plain,) = (each for each in user.chat.lanes.cards if each is not loop)
        spent = {each.lane: Decimal(0) for each in user.chat.session.runs}
        for run in user.chat.session.runs:
            spent[run.lane] += run.cost_usd or 0
        assert loop.cheapest == (spent[loop.id] < spent[plain.id])
        user.reads("2 rounds $")
    async with start("usual") as user:
        with_tools(user, tools=[{"type": "web_search_20260318", "name": "web_search"}])
        await user.asks("Search for lighthouses: pause_turn.")
        assert [run.stop_reason for run in user.chat.session.runs] == ["pause_turn", "end_turn"]
        assert [message.role for message in user.chat.session.messages] == ["user", "assistant", "assistant"]


class Calling:
    """A server that calls one tool twice, and stops in the middle of the second until it may go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def __call__(self, talk: Talk) -> None:
        await talk.send(CHUNKED)
        await talk.chunks(EVENTS[0], *self.call(0, '{"title": "Light"}'), *self.call(1, '{"title": "Ha')[:-1])
        await self.go_on.wait()
        delta = {"type": "input_json_delta", "partial_json": 'rbour", "tags": ["a", "b"]}'}
        stop = event("message_delta", delta={"stop_reason": "tool_use"}, usage={"input_tokens": 3, "output_tokens": 9})
        end = (event("content_block_stop", index=1), stop, event("message_stop"))
        await talk.chunks(event("content_block_delta", index=1, delta=delta), *end)
        await talk.send(ENDED)

    @staticmethod
    def call(index: int, text: str) -> tuple[bytes, ...]:
        block = {"type": "tool_use", "id": f"toolu_{index}", "name": "save_note", "input": {}}
        pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
        deltas = ({"type": "input_json_delta", "partial_json": each} for each in pieces)
        return (
            event("content_block_start", index=index, content_block=block),
            *(event("content_block_delta", index=index, delta=each) for each in deltas),
            event("content_block_stop", index=index),
        )


async def test_the_input_of_a_call_grows_as_readable_json(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    calling = Calling()
    async with serving(calling) as server, start("usual", chosen=reaching(server.base_url)) as user:
        with_tools(user, CannedResult("save_note"))
        await user.types("Save two notes.")
        await user.does("run")
        await user.until(lambda: any("Ha" in block.text for live in user.chat.lives for block in live.run.blocks))
        user.draws()
        await user.pilot.pause()
        user.reads("▾ tool use save_note  …", '"title": "Light"', "▾ tool use save_note · 2", '"title": "Ha')
        user.chat.change(replace(user.chat.session, tool_results=()))
        calling.go_on.set()
        await user.settles()
        user.reads("▾ tool use save_note · 2", '"title": "Harbour"', '"tags": [', "2 calls wait for their results")
        user.chat.view.focus()
        text = await copies(user, "copy", catch_copies(monkeypatch))
        assert text.startswith('plain: {\n  "title": "Light"\n}\n\n{\n  "title": "Harbour"')


async def test_a_round_that_comes_by_itself_asks_nothing_of_who_types(start: Start) -> None:
    calling, config = Calling(), Config(budget_usd=Decimal(1))
    prices = {"claude-sonnet-4-6": {"input": 3.0, "output": 15.0}}
    async with serving(calling) as server, start("usual", chosen=reaching(server.base_url), config=config) as user:
        user.app.desk.catalogue, _ = Catalogue.builtin().with_overrides({"prices": prices})
        with_tools(user, CannedResult("save_note"))
        await user.types("Save two notes.")
        await user.does("run")
        await user.until(lambda: any("Ha" in block.text for live in user.chat.lives for block in live.run.blocks))
        user.app.desk.config = Config(budget_usd=Decimal("0.001"))
        user.chat.prompt.focus()
        calling.go_on.set()
        await user.settles()
        await user.types("this")
        assert user.chat.draft == "this"
        assert user.app.screen is user.chat
        assert len(user.chat.session.runs) == 1
        assert "Over the budget?" in notes(user)
        assert "The loop waits: c goes on." in notes(user)
        await user.chat.do("answer")
        for _ in range(2):
            await opened(user, AnswerCall)
            await user.presses("ctrl+j")
            await user.pilot.pause()
        await opened(user, Confirm)
        await user.presses("s")
        await closed(user)
        await user.settles()
        assert len(user.chat.session.runs) >= 2


async def test_a_loop_that_goes_on_and_on_waits_for_a_person(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_loop, "MOST_ROUNDS", 3)
    async with start("usual") as user:
        with_tools(user, CannedResult("get_weather", result=Result("rain")), tool_choice={"type": "any"})
        await user.asks("What is the weather, get_weather?")
        assert "3 rounds went by without you. c goes on with the next." in notes(user)
        assert len(user.chat.session.runs) == 3
        await user.does("compare")
        user.reads("A call waits for its result: ^J or c answers.", "What is the weather, get_weather?")
        user.chat.change(user.chat.session.with_lane(Lane("B")))
        await user.chat.do("answer")
        dialog = await opened(user, AnswerCall)
        user.reads("lane 1 · get_weather")
        assert dialog.text == "rain"
        await user.presses("ctrl+j")
        await closed(user)
        await user.settles()
        assert len(user.chat.session.runs) == 4


async def test_a_call_that_was_cut_off_is_said(start: Start) -> None:
    async with start("usual") as user:
        with_tools(user, max_tokens=4, tool_choice={"type": "any"})
        await user.asks(BOTH)
        cut = "The call was cut off before its end, so nothing can answer it."
        assert f"{cut} Raise max_tokens, then r runs the turn again." in notes(user)
        await user.does("back")
        await user.does("answer")
        assert len(user.chat.session.runs) == 1
    async with serving(Calling()) as server, start("usual", chosen=reaching(server.base_url)) as user:
        with_tools(user, CannedResult("save_note"))
        await user.types("Save two notes.")
        await user.does("run")
        await user.until(lambda: any("Ha" in block.text for live in user.chat.lives for block in live.run.blocks))
        await user.does("stop")
        await user.settles()
        assert [str(run.state) for run in user.chat.session.runs] == ["cancelled"]
        user.chat.view.focus()
        await user.does("answer")
        assert f"{cut} r runs the turn again." in notes(user)
