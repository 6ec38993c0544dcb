"""What happens at the same time: runs, dialogs, files and keys that overtake each other."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, notes, reaching, streams
from tests.ui.story import User
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import store
from workbench.simulator import Fault
from workbench.ui.chat import opening, streaming

Start = Callable[..., AbstractAsyncContextManager[User]]
STALL = (Fault("stall", 1.0),)


async def test_a_run_that_ends_while_quitting_is_asked_about_ends_the_program_well(start: Start) -> None:
    async with start("usual") as user:
        await user.types("Say hello.")
        await user.does("run", "quit")
        await user.until(lambda: not user.chat.lives)
        await user.presses("s")
        await user.until(lambda: user.app._exit)
        assert user.app.return_code == 0


@pytest.mark.parametrize("keys", [("n", "n"), ("d", "d"), ("n", "enter"), ("escape", "escape")])
async def test_a_second_key_on_its_way_closes_nothing_beneath_a_dialog(start: Start, keys: tuple[str, ...]) -> None:
    async with start("usual") as user:
        file = user.app.desk.folder / "kept.toml"
        store.save(file, Session(title="kept"))
        await opening.open_file(user.chat, file)
        user.chat.change(replace(user.chat.session, title="changed"))
        await user.does("quit")
        await user.until(lambda: user.app.screen is not user.chat)
        for key in keys:
            user.app.screen.dismiss(None) if key == "x" else user.app.simulate_key(key)
        await user.pilot.pause()
        assert user.app.screen_stack[0] is user.chat


async def test_a_stop_right_behind_the_run_finds_it(start: Start) -> None:
    async with start("usual", faults=STALL) as user:
        await user.types("Hello.")
        user.app.simulate_key("ctrl+j")
        user.app.simulate_key("ctrl+c")
        await user.settles()
        assert [run.state for run in user.chat.session.runs] in ([State.CANCELLED], [])
        assert not user.chat.lives


async def test_no_other_session_is_taken_while_a_run_goes_on(start: Start) -> None:
    async with start("usual", faults=STALL) as user:
        file = user.app.desk.folder / "other.toml"
        store.save(file, Session(title="other"))
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: user.chat.lives and user.chat.lives[0].run.text)
        await opening.open_file(user.chat, file)
        await user.pilot.pause()
        assert user.chat.session.title == "Hello."
        user.reads("A run is going on")
        await user.does("stop")
        await user.settles()
        assert tomllib.loads(file.read_text()).get("messages") is None


async def test_an_answer_goes_to_the_session_that_asked(start: Start) -> None:
    async with start("usual", faults=STALL) as user:
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: user.chat.lives)
        asked, live = user.chat.document, user.chat.lives[0]
        user.chat.document = type(asked)(Session(title="elsewhere"))
        live.stop()
        await user.until(lambda: not user.chat.lives)
        assert [run.id for run in asked.session.runs] == [live.run.id]
        assert user.chat.session.runs == ()


async def test_undoing_a_parameter_changed_during_a_run_keeps_the_answer_in_view(start: Start) -> None:
    async with start("usual", faults=STALL) as user:
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: user.chat.lives and user.chat.lives[0].run.text)
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", 0.5))
        await user.does("stop")
        await user.settles()
        answer = user.chat.lane.tip
        user.chat.view.focus()
        await user.does("undo")
        assert user.chat.session.params.temperature is None
        assert user.chat.lane.tip == answer


TWO = Config(
    endpoints={name: Endpoint(name, f"http://127.0.0.1:{port}", auth="none") for name, port in (("a", 1), ("b", 2))}
)


async def test_the_endpoint_follows_the_session(start: Start) -> None:
    async with start("usual", config=TWO) as user:
        chat = user.chat
        chat.change(replace(chat.session, endpoint="a"))
        assert chat.desk.chosen.endpoint.name == "a"
        chat.view.focus()
        await user.does("undo")
        assert chat.desk.chosen.endpoint.simulated
        file = user.app.desk.folder / "b.toml"
        store.save(file, Session(title="b", endpoint="b"))
        await opening.open_file(chat, file)
        assert chat.desk.chosen.endpoint.name == "b"


async def test_a_session_that_names_an_unknown_endpoint_is_not_sent_to_another_unasked(start: Start) -> None:
    config = replace(TWO, endpoint="a")
    async with start("usual", config=config) as user:
        user.chat.change(replace(user.chat.session, endpoint="nowhere"))
        assert user.chat.desk.chosen.endpoint.name == "a"
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: user.app.screen is not user.chat)
        user.reads("nowhere", "Send to a?")
        await user.presses("n")
        assert user.chat.session.runs == ()
        assert user.chat.draft == "Hello."


async def test_a_file_of_a_newer_program_is_not_saved_over(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "newer.toml"
    text = 'format = 2\n[session]\ntitle = "newer"\n'
    file.write_text(text)
    async with start("usual", file=file) as user:
        await user.does("save")
        await user.until(lambda: user.app.screen is not user.chat)
        user.reads("newer-copy.toml")
        await user.presses("enter")
        await user.settles()
        assert file.read_text() == text
        assert user.chat.document.path == file.with_name("newer-copy.toml")


async def test_a_held_answer_is_drawn_once_it_comes(start: Start) -> None:
    async with start("usual", faults=STALL) as user:
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: user.chat.lives and user.chat.lives[0].run.text)
        streaming.draw_new(user.chat)
        user.reads(user.chat.lives[0].run.text.split()[0])
        await user.does("stop")
        await user.settles()


async def test_a_second_run_waits_for_the_first(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await user.types("And now?")
        await user.does("run")
        assert "A run is going on" in notes(user)
        assert user.chat.prompt.text == "And now?"
        held.go_on.set()
        await user.settles()
        assert len(server.requests) == 1


async def test_a_prompt_under_an_unanswered_one_says_that_both_are_sent(start: Start) -> None:
    async with start("usual", faults=(Fault("529", 1.0),)) as user:
        await user.asks("One.")
        await user.types("Two.")
        await user.does("run")
        assert "both are sent" in notes(user)
        await user.settles()
        assert [message.text for message in user.chat.session.path(user.chat.lane.tip)] == ["One.", "Two."]


async def test_an_answer_may_end_while_one_looks_at_a_question_that_failed(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching("http://127.0.0.1:9")) as user:
        await user.asks("One.")
        failed = user.chat.lane
        user.chat.desk.chosen = reaching(server.base_url)
        user.chat.record(user.chat.session.with_lane(replace(failed, tip=None)))
        await user.types("Two.")
        await user.does("run")
        await streams(user)
        user.chat.record(user.chat.session.with_lane(failed))
        held.go_on.set()
        await user.settles()
        assert [run.state for run in user.chat.session.runs] == [State.UNREACHABLE, State.COMPLETE]
        user.reads("One.", "no answer")
