"""What is on the screen is on the disk a moment later, without anybody saving; and nothing waits for it."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, beats, closed, opened, reaching, saves, streams
from tests.ui.kept import after_a_kill, file_of, journal
from tests.ui.lane_acts import one_a_value
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import store
from workbench.engine.open_session import OpenSession
from workbench.ui.chat import opening
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm


@pytest.mark.fault("F06")
async def test_what_came_of_an_answer_is_in_the_journal_before_the_next_second(start: Start, tmp_path: Path) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        shown = user.chat.lives[0].run.text
        await beats(user)
        kept = after_a_kill(file_of(user), tmp_path / "killed")
        assert shown
        assert [message.text for message in kept.messages] == ["Hello.", shown]
        assert kept.runs[0].state is State.INTERRUPTED
        held.go_on.set()
        await user.settles()
        whole = after_a_kill(file_of(user), tmp_path / "killed later")
        assert whole == user.chat.session
        assert whole.runs[0].state is State.COMPLETE


async def test_the_journal_knows_whose_prices_hold_whatever_the_endpoint_is_called(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url, name="anthropic")) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await beats(user)
        assert b'"official":false' in journal(file_of(user)).read_bytes()
        held.go_on.set()
        await user.settles()


async def test_pieces_of_an_answer_are_noted_once_each(start: Start, tmp_path: Path) -> None:
    held = Held(3)
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await beats(user, 3.0)
        await user.does("save")
        await beats(user, 3.0)
        kept = after_a_kill(file_of(user), tmp_path / "killed")
        assert kept.messages[-1].text == user.chat.lives[0].run.text == "word0 word1 word2 "
        held.go_on.set()
        await user.settles()


@pytest.mark.fault("F06")
async def test_a_draft_and_a_parameter_are_kept_after_a_pause(start: Start, tmp_path: Path) -> None:
    async with start("usual", file=tmp_path / "mine.toml") as user:
        await user.asks("Hello.")
        user.chat.prompt.focus()
        await user.types("half a thought")
        user.chat.change(user.chat.session.with_param(user.chat.lane, "top_k", 3))
        await beats(user)
        kept = after_a_kill(tmp_path / "mine.toml", tmp_path / "killed")
        assert (kept.prompt, kept.params["top_k"]) == ("half a thought", 3)
        user.reads("●")  # a person has not saved it: it can still be given up


async def test_who_goes_on_typing_is_kept_too(start: Start, tmp_path: Path) -> None:
    async with start("usual", file=tmp_path / "mine.toml") as user:
        for letter in "a thought":
            await user.types(letter)
            await beats(user, 0.0)
        assert store.load(tmp_path / "mine.toml").session.prompt.startswith("a thou")


async def test_an_untitled_session_gets_a_file_with_its_first_change_and_a_name_with_its_title(start: Start) -> None:
    async with start("usual") as user:
        folder = user.chat.desk.places.sessions
        await beats(user, 2.0)
        assert not folder.exists()
        await user.types("Tides and the moon.")
        await beats(user)
        assert file_of(user) == folder / "untitled-2026-11-22-1.toml"
        assert store.load(file_of(user)).session.prompt == "Tides and the moon."
        await user.does("run")
        await user.settles()
        assert file_of(user) == folder / "tides-and-the-moon.toml"
        assert [each.name for each in folder.glob("*.toml")] == ["tides-and-the-moon.toml"]


async def test_a_draft_that_was_taken_back_leaves_no_file(start: Start) -> None:
    async with start("usual") as user:
        await user.types("Never mind.")
        await beats(user)
        assert file_of(user).exists()
        user.chat.prompt.clear()
        await user.does("new")
        await user.until(lambda: user.chat.document.path is None)
        await closed(user)
        assert [*user.chat.desk.places.sessions.iterdir()] == []


async def test_when_nothing_happens_the_file_is_written_anew_and_undo_goes_on(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        path = file_of(user)
        assert len(tomllib.loads(path.read_text())["messages"]) == 1
        await beats(user, 4.0)
        assert journal(path).exists()
        await beats(user, 2.0)
        assert not journal(path).exists()
        assert len(tomllib.loads(path.read_text())["messages"]) == 2
        user.chat.change(user.chat.session.with_param(user.chat.lane, "top_k", 3))
        await beats(user, 7.0)
        assert tomllib.loads(path.read_text())["params"]["top_k"] == 3
        user.chat.view.focus()
        await user.does("undo")
        await beats(user, 7.0)
        assert "top_k" not in tomllib.loads(path.read_text())["params"]


async def test_while_an_answer_comes_the_file_is_left_to_the_journal(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        written = file_of(user).read_bytes()
        await beats(user, 8.0)
        assert file_of(user).read_bytes() == written
        held.go_on.set()
        await user.settles()


@pytest.mark.fault("F17")
async def test_nothing_of_a_file_is_done_where_the_screen_would_wait_for_it(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at_work: dict[str, set[int]] = {}

    def watched(name: str) -> None:
        do: Callable[..., Any] = getattr(OpenSession, name)

        def noted(*arguments: Any, **named: Any) -> Any:
            at_work.setdefault(name, set()).add(threading.get_ident())
            return do(*arguments, **named)

        made = staticmethod(noted) if name in {"open", "create"} else noted
        monkeypatch.setattr(OpenSession, name, made)

    for each in ("open", "create", "started", "came", "note", "sync", "fold", "close"):
        watched(each)
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await beats(user)
        held.go_on.set()
        await user.settles()
        await beats(user, 7.0)
        await saves(user)
        await opening.open_file(user.chat, file_of(user))
        await user.does("save-as")
        (await opened(user, Ask)).field.value = str(tmp_path / "other")
        await user.presses("enter")
        await closed(user)
        await user.does("quit")
        await user.until(lambda: user.app._exit)
    assert at_work.keys() == {"open", "create", "started", "came", "note", "sync", "fold", "close"}
    assert all(threading.get_ident() not in threads for threads in at_work.values())


@pytest.mark.fault("C06")
async def test_who_quits_while_lanes_stream_has_what_came_on_disk_before_the_screen_goes(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(held))
        user = await stack.enter_async_context(start("usual", chosen=reaching(server.base_url)))
        chat = user.chat
        await one_a_value(user, "param:temperature", "0, 0.3, 0.6, 1")
        user.chat.to_prompt()
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: len([live for live in chat.lives if live.run.text]) == 4)
        found: list[Session] = []
        monkeypatch.setattr(user.app, "exit", lambda: found.append(store.load(file_of(user)).session))
        await user.does("quit")
        await opened(user, Confirm)
        await user.presses("s")
        await user.until(lambda: found)
        assert [run.state for run in found[0].runs] == [State.CANCELLED] * 4
        assert [each.text for each in found[0].messages if each.role == "assistant"] == [
            "word0 word1 word2 word3 word4 word5 "
        ] * 4
        assert not journal(file_of(user)).exists()
