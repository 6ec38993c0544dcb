"""To another session and out of the program: asked only when something would be lost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, closed, full_disk, notes, opened, reaching, saves, streams
from workbench.core.state import State
from workbench.ui.chat import opening
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm


async def test_an_untitled_session_is_kept_without_asking_and_opens_again_from_the_list(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("The first session.")
        await user.does("new")
        await user.until(lambda: not user.chat.session.messages)
        assert user.app.screen is user.chat
        await user.asks("The second session.")
        await user.does("open")
        chooser = await opened(user, Choose)
        assert {item.title for item in chooser.items} == {"The first session.", "The second session."}
        chooser.field.value = "first"
        await user.pilot.pause()
        await user.presses("enter")
        await closed(user)
        user.reads("The first session.", "end_turn")
        assert user.chat.session.title == "The first session."


async def test_a_named_session_asks_only_when_something_is_unsaved(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    async with start("usual", file=file) as user:
        await user.asks("Hello.")
        await user.until(file.exists)
        await user.settles()
        user.chat.change(user.chat.session.with_param(user.chat.lane, "top_k", 3))
        user.reads("●")
        await user.does("new")
        await opened(user, Confirm)
        user.reads("Begin anew?", "not saved", "Discard")
        await user.presses("n")
        await closed(user)
        assert user.chat.session.messages
        await saves(user)
        await user.does("new")
        await user.until(lambda: not user.chat.session.messages)
        assert tomllib.loads(file.read_text())["params"]["top_k"] == 3


async def test_opening_what_cannot_be_opened_keeps_the_present_session(start: Start, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("format = 99999999999\nx = ")
    async with start("usual") as user:
        await user.asks("Hello.")
        await user.does("open")
        chooser = await opened(user, Choose)
        chooser.field.value = str(tmp_path / "bad.toml")
        await user.pilot.pause()
        await user.presses("enter")
        await closed(user)
        assert "bad.toml" in notes(user)
        user.reads("Hello.")


async def test_a_path_that_is_not_there_yet_begins_there(start: Start, tmp_path: Path) -> None:
    async with start("usual") as user:
        await user.does("open")
        chooser = await opened(user, Choose)
        chooser.field.value = str(tmp_path / "later.toml")
        await user.pilot.pause()
        await user.presses("enter")
        await closed(user)
        assert "saving makes it" in notes(user)
        user.chat.prompt.focus()
        await user.types("Hello.")
        assert await saves(user) == tmp_path / "later.toml"


async def test_a_session_that_names_an_unknown_endpoint_says_so_when_it_is_opened(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    file.write_text('format = 1\n[session]\nendpoint = "evil"\n')
    async with start("usual") as user:
        await opening.open_file(user.chat, file)
        await user.pilot.pause()
        assert '"evil"' in notes(user)
        user.reads("simulated")


async def test_quitting_while_an_answer_streams_asks_and_keeps_what_came(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await user.does("quit")
        await opened(user, Confirm)
        user.reads("Quit?", "A run is going on", "keep what came")
        await user.presses("n")
        await closed(user)
        assert user.chat.lives
        await user.does("quit")
        await opened(user, Confirm)
        await user.presses("s")
        await user.until(lambda: user.app._exit)
        path = user.chat.document.path
        assert path is not None
        kept = tomllib.loads(path.read_text())
        assert kept["runs"][0]["state"] == State.CANCELLED
        assert kept["messages"][1]["text"].startswith("word0 word1")


async def test_an_end_from_outside_keeps_what_came_and_says_where(start: Start, tmp_path: Path) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        user.app.exit()
    (said,) = user.said
    (path,) = (tmp_path / "home").rglob("*.toml")
    assert said == f"The session was kept in {path}"
    assert tomllib.loads(path.read_text())["messages"][1]["text"].startswith("word0 word1")


async def test_quitting_an_untouched_session_asks_nothing_and_leaves_nothing(start: Start, tmp_path: Path) -> None:
    async with start("usual") as user:
        await user.does("quit")
        await user.until(lambda: user.app._exit)
        assert list((tmp_path / "home").rglob("*.toml")) == []


async def test_quitting_asks_when_the_draft_cannot_be_kept(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk(monkeypatch)
    async with start("usual") as user:
        await user.types("A draft.")
        await user.does("quit")
        await opened(user, Confirm)
        user.reads("not saved")
        await user.presses("d")
        await user.until(lambda: user.app._exit)
