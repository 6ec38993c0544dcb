"""What is done with runs: opened, sent again, compared, copied, looked into; those of other sessions too."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.core.test_run_list import record
from tests.engine.fault_server import says, serving
from tests.ui.acts import Start, closed, notes, opened, reaching, saves, simulator
from tests.ui.board_acts import catch_copies, copies, filters, goes_to_runs, ids, worked
from tests.ui.story import NOON
from tests.ui.test_story_runs import three
from workbench.core.params import Params
from workbench.core.session import Lane, Session
from workbench.engine import results, store
from workbench.ui.screens.choose import Choose
from workbench.ui.wire.screen import WireScreen


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return catch_copies(monkeypatch)


async def test_a_run_opens_where_it_stands(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("One.")
        await user.asks("Two.")
        await goes_to_runs(user)
        await user.does("last", "enter")
        await closed(user)
        assert user.chat.view.current == user.chat.session.messages[1].id
        assert user.chat.view.has_focus


async def test_a_run_without_an_answer_opens_at_its_question_and_says_why(start: Start) -> None:
    refused = says("400 Bad Request", b'{"type":"error","error":{"type":"invalid_request_error","message":"No."}}')
    async with serving(refused) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        await goes_to_runs(user)
        user.reads("✗", "rejected", "1 run", "No.")
        await user.does("copy")
        assert "This run has no answer to copy." in notes(user)
        await user.does("enter")
        await closed(user)
        user.reads("no answer")


async def test_a_run_is_sent_again_with_the_same_bytes(start: Start) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", 0.5))
        user.chat.change(user.chat.session.with_variable("who", "#7"))
        await user.asks("Hello {x}\t{{who}}.  ")
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", None))
        # as `workbench run --var who=#7` leaves it
        once = replace(user.chat.session.runs[0], variables={"who": "#7"})
        user.chat.document.record(replace(user.chat.session.with_variable("who", "#88231"), runs=(once,)))
        screen = await goes_to_runs(user)
        await user.does("rerun")
        await user.until(lambda: len(user.chat.session.runs) == 2)
        await user.settles()
        screen.show_all()
        assert b"#7" in server.received[-1].body
        assert server.received[-1].body == server.received[-2].body
        assert user.chat.session.runs[1].variables == {"who": "#7"}
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
        screen = await goes_to_runs(user)
        answer = f"plain: {user.chat.session.messages[-1].text}"
        assert await copies(user, "copy", copied) == answer
        assert await copies(user, "copy-as", copied, "Markdown") == answer
        said = await copies(user, "copy-as", copied, "JSON")
        assert json.loads(said.removeprefix("plain: ")) == json.loads(server.received[-1].body)
        said = await copies(user, "copy-as", copied, "Run record")
        assert json.loads(said.removeprefix("plain: "))["id"] == "r1"
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
        screen = await goes_to_runs(user)
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
        screen = await goes_to_runs(user)
        user.reads("lane", "w1·1", "w1·2", "3 runs", "1 simulated not counted")
        assert len({row.key for row in screen.rows}) >= 2
        await filters(user, "sweep:w1")
        await user.presses("enter", "enter")
        assert screen.has_class("-zoomed")


async def test_runs_of_two_sessions_are_compared_and_each_says_whose_it_is(start: Start) -> None:
    from workbench.ui.diff.screen import DiffScreen

    async with start("usual") as user:
        store.save(user.chat.desk.places.sessions / "s1.toml", replace(other(1, "The Moon pulls."), title=""))
        user.chat.document.record(worked())
        screen = await goes_to_runs(user)
        await user.does("view")
        await user.until(lambda: len(screen.rows) == 16 and not screen.reading)
        await user.does("fold", "last", "diff")
        await user.until(lambda: isinstance(user.app.screen, DiffScreen))
        await user.rests()
        user.reads("run r15 of refund-triage", "run r1 of s1", "The Moon pulls.")
