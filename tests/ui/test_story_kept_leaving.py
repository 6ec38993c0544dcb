"""Whoever leaves a session, or takes it elsewhere, leaves it whole; and what was paid for is never given up."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, beats, closed, notes, opened, reaching, saves, streams
from tests.ui.kept import after_a_kill, file_of
from workbench.core.params import Params
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import names, store
from workbench.ui.chat import filing, on_disk, opening
from workbench.ui.chat.document import Document
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm


async def test_changes_that_are_given_up_take_no_answer_with_them(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    async with start("usual", file=file) as user:
        await user.asks("Hello.")
        user.chat.change(user.chat.session.with_param(user.chat.lane, "top_k", 3))
        user.chat.prompt.focus()
        await user.types("half a thought")
        await beats(user, 7.0)
        assert tomllib.loads(file.read_text())["params"]["top_k"] == 3
        await user.does("quit")
        await opened(user, Confirm)
        user.reads("Quit?", "not saved")
        await user.presses("d")
        await user.until(lambda: user.app._exit)
    kept = store.load(file).session
    assert (kept.prompt, kept.params["top_k"]) == ("", None)
    assert [message.role for message in kept.messages] == ["user", "assistant"]
    assert kept.lanes[0].tip == "m2"
    assert user.said == ()


async def test_a_session_that_is_saved_elsewhere_while_it_streams_goes_on_there(start: Start, tmp_path: Path) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await beats(user)
        before = file_of(user)
        await user.does("save-as")
        (await opened(user, Ask)).field.value = str(tmp_path / "elsewhere")
        await user.presses("enter")
        await closed(user)
        await beats(user)
        kept = after_a_kill(tmp_path / "elsewhere.toml", tmp_path / "killed")
        assert kept.messages[-1].text == user.chat.lives[0].run.text
        assert list(before.parent.iterdir()) == []  # the program had chosen that name
        held.go_on.set()
        await user.settles()
        assert store.load(tmp_path / "elsewhere.toml").session.runs[0].state is State.COMPLETE


async def test_another_session_takes_the_place_and_nothing_of_the_first_stays_open(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("The first session.")
        first = file_of(user)
        await user.does("new")
        await user.until(lambda: not user.chat.session.messages)
        await closed(user)
        assert sorted(each.name for each in first.parent.iterdir()) == [first.name]
        assert len(tomllib.loads(first.read_text())["messages"]) == 2


async def test_the_session_on_the_screen_can_be_opened_again(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        path = file_of(user)
        await opening.open_file(user.chat, path)
        assert not user.chat.document.read_only
        assert notes(user) == ""
        user.reads("Hello.")
        user.chat.change(user.chat.session.with_param(user.chat.lane, "top_k", 3))
        await saves(user)
        assert store.load(path).session.params["top_k"] == 3


def test_giving_up_keeps_what_was_asked_of_a_session_that_was_never_saved() -> None:
    fresh = Session(params=Params(model="m"))
    document = Document(fresh)
    said = fresh.say(fresh.lane(), "Hello.", parent=None)
    document.change(said.with_param(said.lane(), "top_k", 3))
    document.change(document.session.with_variable("x", "1"))
    given_up = document.given_up()
    assert given_up.messages == said.messages
    assert given_up.lane().tip == "m1"
    assert given_up.variables == ()


async def test_what_streams_while_its_session_is_saved_elsewhere_is_in_one_file_only(
    start: Start, tmp_path: Path
) -> None:
    held, file = Held(), tmp_path / "mine.toml"
    async with serving(held) as server, start("usual", file=file, chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await beats(user)
        document, chat = user.chat.document, user.chat
        said = chat.lives[0].run.text
        pieces = chat.keeping.pieces(document)
        trouble = on_disk.move(document, tmp_path / "b.toml", document.session, document.given_up(), pieces)
        assert trouble == ""
        kept = after_a_kill(tmp_path / "b.toml", tmp_path / "killed")
        assert (kept.messages[-1].text, kept.runs[0].state) == (said, State.INTERRUPTED)
        assert not names.beside(file, names.JOURNAL).exists()
        assert [message.role for message in store.load(file).session.messages] == ["user"]
        held.go_on.set()
        await user.settles()


async def test_a_session_that_gets_its_name_while_it_streams_takes_along_what_came(
    start: Start, tmp_path: Path
) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        await beats(user)
        document, before = user.chat.document, file_of(user)
        document.unnamed, titled = True, replace(document.session, title="Another name")
        pieces = user.chat.keeping.pieces(document)
        on_disk.note(document, titled, partial(filing.first_path, user.chat.desk), pieces)
        assert [each.name for each in before.parent.glob("*.toml")] == ["another-name.toml"]
        assert not names.beside(before, names.JOURNAL).exists()
        kept = after_a_kill(file_of(user), tmp_path / "killed")
        assert kept.messages[-1].text == user.chat.lives[0].run.text
        held.go_on.set()
        await user.settles()
