"""The Runs screen: every run there is, sorted, filtered, added up, opened, compared, run again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from tests.core.test_run_list import record
from tests.engine.fault_server import answers, says, serving
from tests.ui.acts import Start, closed, notes, opened, reaching, saves, simulator
from tests.ui.story import NOON, User
from workbench.core.params import Params
from workbench.core.session import Lane, Session
from workbench.engine import results, store
from workbench.ui import clipboard
from workbench.ui.runs.screen import RunsScreen
from workbench.ui.screens.choose import Choose
from workbench.ui.wire.screen import WireScreen

PROMPTS = ("Explain caching with a list.", "Name a colour.", "Why are there tides?")


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied; nothing reaches the machine's clipboard."""
    found: list[str] = []

    async def copy(app: object, text: str, **_: object) -> str:
        del app
        found.append(text)
        return "Copied to the clipboard."

    monkeypatch.setattr(clipboard, "copy", copy)
    return found


async def three(user: User) -> RunsScreen:
    """Three prompts at three temperatures, then the list of runs."""
    for number, prompt in enumerate(PROMPTS):
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", 0.35 * number))
        await user.asks(prompt)
    return await goes(user)


async def goes(user: User) -> RunsScreen:
    await user.does("runs")
    await user.until(lambda: isinstance(user.app.screen, RunsScreen))
    await user.rests()
    screen = user.app.screen
    assert isinstance(screen, RunsScreen)
    return screen


def more_than(copied: list[str], count: int) -> bool:
    return len(copied) > count


def ids(screen: RunsScreen) -> list[str]:
    return [row.record.id for row in screen.table.rows]


async def filters(user: User, text: str) -> None:
    await user.does("find")
    await user.presses(*text)


async def test_an_empty_session_says_what_will_be_here(start: Start) -> None:
    async with start("usual") as user:
        await goes(user)
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
        await user.does("next", "next")
        user.reads("Explain caching with a list.")
        await user.does("first")
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
        screen = await three(user)
        await filters(user, "out<10")
        assert ids(screen) == ["r2"]
        user.reads("1 of 3 runs")
        await user.presses("enter")
        assert screen.table.has_focus
        await filters(user, " tides")
        assert ids(screen) == []
        user.reads("No run fits the filter.", "0 of 3 runs")
        await user.presses(*["backspace"] * 12)
        await user.presses(*"temperture=1")
        user.reads("did you mean temperature=1?")
        assert len(ids(screen)) == 3
        await user.presses("escape")
        assert not screen.search.open
        assert len(ids(screen)) == 3
        assert screen.table.has_focus


async def test_a_run_opens_where_it_stands(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("One.")
        await user.asks("Two.")
        await goes(user)
        await user.does("last", "enter")
        await closed(user)
        assert user.chat.view.current == user.chat.session.messages[1].id
        assert user.chat.view.has_focus


async def test_a_run_without_an_answer_opens_at_its_question_and_says_why(start: Start) -> None:
    refused = says("400 Bad Request", b'{"type":"error","error":{"type":"invalid_request_error","message":"No."}}')
    async with serving(refused) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        await goes(user)
        user.reads("✗", "rejected", "1 run", "No.")
        await user.does("copy")
        assert "This run has no answer to copy." in notes(user)
        await user.does("enter")
        await closed(user)
        user.reads("no answer")


async def test_a_run_is_sent_again_with_the_same_bytes(start: Start) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", 0.5))
        await user.asks("Hello {x}\tthere.  ")
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", None))
        screen = await goes(user)
        await user.does("rerun")
        await user.until(lambda: len(user.chat.session.runs) == 2)
        await user.settles()
        screen.show_all()
        assert server.received[-1].body == server.received[-2].body
        assert ids(screen) == ["r2", "r1"]


async def test_the_two_that_are_marked_are_compared(start: Start) -> None:
    from workbench.ui.diff.screen import DiffScreen

    async with start("usual") as user:
        screen = await three(user)
        await user.does("diff")
        assert "A diff takes two runs" in notes(user)
        await user.does("fold")
        user.reads("● 1 marked")
        await user.does("next", "diff")
        await user.until(lambda: isinstance(user.app.screen, DiffScreen))
        await user.rests()
        user.reads("run r3", "run r1")
        await user.does("back")
        assert user.app.screen is screen
        await user.does("back")
        assert screen.table.marked == []


async def test_answers_requests_and_records_are_copied(start: Start, copied: list[str]) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        screen = await goes(user)
        await user.does("copy")
        await user.until(lambda: copied)
        assert copied[-1] == user.chat.session.messages[-1].text
        for form in ("JSON", "Run record", "Markdown"):
            count = len(copied)
            await user.does("copy-as")
            chooser = await opened(user, Choose)
            chooser.field.value = form
            await user.pilot.pause()
            await user.presses("enter")
            await user.until(partial(more_than, copied, count))
        assert json.loads(copied[1]) == json.loads(server.received[-1].body)
        assert json.loads(copied[2])["id"] == "r1"
        assert copied[3] == copied[0]
        user.chat.change(user.chat.session.with_variable("x", "1"))
        changed = replace(user.chat.session.runs[0], request_sha256="0")
        user.chat.document.record(replace(user.chat.session, runs=(changed,)))
        screen.show_all()
        await user.does("copy-as")
        await opened(user, Choose)
        await user.presses("enter")
        await user.until(lambda: "can't be made again exactly" in notes(user))


async def test_the_wire_of_a_run_is_one_key_away(start: Start) -> None:
    async with start("usual") as user:
        screen = await three(user)
        await user.does("last", "wire")
        await user.until(lambda: isinstance(user.app.screen, WireScreen))
        await user.rests()
        user.reads("run r1", "POST http")
        await user.does("back")
        assert user.app.screen is screen


async def test_one_run_can_have_all_the_room(start: Start) -> None:
    async with start("small") as user:
        screen = await three(user)
        assert not screen.answer.display
        await user.does("zoom")
        user.reads("Why are there tides?")
        assert screen.answer.has_focus
        await user.does("more")
        user.reads("Name a colour.")
        await user.does("back")
        assert screen.table.has_focus
        assert screen.table.highlighted == 1


def other(number: int, answer: str) -> Session:
    """A saved session with one run."""
    made = record(number, parent="m1", text=answer, cost_usd=Decimal("0.25"), started=NOON - timedelta(days=number))
    session = Session(title=f"Session {number}", params=Params(model="m"))
    return session.say(Lane(), f"Question {number}?", parent=None).finish(made, answer)


async def test_the_runs_of_all_sessions_are_read_and_opened(start: Start) -> None:
    async with start("usual") as user:
        folder = user.chat.desk.places.sessions
        for number in (1, 2):
            store.save(folder / f"s{number}.toml", other(number, f"Answer {number}."))
        sweep = record(7, text="Swept.", extra={"sweep": "w1", "repeat": 0, "cell": {}}, request_sha256="0")
        results.Results(results.results_path(folder / "s1.toml")).append(sweep)
        await asyncio.to_thread((folder / "broken.toml").write_text, "[session\n")
        await user.asks("Mine.")
        await saves(user)
        screen = await goes(user)
        assert ids(screen) == ["r1"]
        await user.does("view")
        await user.until(lambda: len(screen.rows) == 4 and not screen.reading)
        await user.rests()
        user.reads(
            "session",
            "Session 1",
            "Session 2",
            "4 runs",
            "3 sessions",
            "w1·1",
            "v this session",
            "1 simulated not counted",
        )
        assert "broken.toml" in notes(user)
        assert {row.place != "" for row in screen.rows} == {True, False}
        await filters(user, "session:2")
        await user.presses("enter")
        await user.does("rerun")
        assert "That run belongs to another session" in notes(user)
        await user.does("wire")
        await user.until(lambda: isinstance(user.app.screen, WireScreen))
        await user.rests()
        user.reads("not kept")
        await user.does("back", "enter")
        await closed(user)
        assert user.chat.session.title == "Session 2"
        user.reads("Question 2?", "Answer 2.")


async def test_the_runs_of_a_sweep_stand_among_the_others(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        cell = {"sweep": "w1", "cell": {"temperature": 0.5}}
        user.chat.document.results += [record(9, text=f"Swept {n}.", extra={**cell, "repeat": n}) for n in range(2)]
        screen = await goes(user)
        user.reads("lane", "w1·1", "w1·2", "3 runs", "1 simulated not counted")
        assert len({row.key for row in screen.rows}) >= 2
        await filters(user, "sweep:w1")
        await user.presses("enter", "enter")
        assert screen.has_class("-zoomed")


@pytest.mark.parametrize("size", ["tiny", "large"])
async def test_it_stands_at_every_size(start: Start, size: str) -> None:
    async with start(size) as user:
        await user.asks("Hello.")
        await goes(user)
        await user.does("last", "first", "zoom", "back", "find", "back", "sort")
        await opened(user, Choose)
        await user.presses("escape")
        await user.does("back")
        assert user.app.screen is user.chat


async def test_ten_thousand_runs_are_drawn_as_far_as_they_are_in_sight(start: Start) -> None:
    async with start("usual") as user:
        runs = tuple(record(number, text=f"Answer {number}") for number in range(10_000))
        user.chat.document.record(replace(user.chat.session, runs=runs))
        screen = await goes(user)
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
    async with serving(answers) as server, start("usual", chosen=reaching(server.base_url)) as user:
        screen = await goes(user)
        user.chat.prompt.text = "Hello."
        await user.chat.do("run")
        await user.settles()
        assert ids(screen) == ["r1"]
        user.reads("1 run", "word0")
