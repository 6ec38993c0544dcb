"""Another program changes the file of the session that is open: noticed, and either version can be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.acts import Start, beats, closed, notes, opened, saves
from workbench.core.session import Session
from workbench.engine import store
from workbench.ui.screens.confirm import Confirm

THEIRS = 'format = 1\n[session]\ntitle = "theirs"\n[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 7\n'


@pytest.mark.fault("F08")
async def test_it_is_noticed_within_seconds_though_nothing_is_saved(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    async with start("usual", file=file) as user:
        await user.asks("Hello.")
        await saves(user)
        await beats(user, 8.0)
        assert "! not saved" not in user.screen
        file.write_text(THEIRS)
        await beats(user, 4.0)
        user.reads("! not saved: another program changed it", "^S asks what to do")
        await beats(user, 8.0)
        assert notes(user).count("another program changed it") == 1
    assert file.read_text() == THEIRS


@pytest.mark.fault("F08")
async def test_the_files_version_is_taken_and_what_its_journal_has_is_joined_to_it(
    start: Start, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    store.save(file, Session(title="mine"))
    async with start("usual", file=file) as user:
        await user.until(lambda: user.chat.document.held is not None)
        file.write_text(THEIRS)
        await user.asks("Hello.")
        answer = user.chat.session.messages[-1].text
        await user.does("save")
        await opened(user, Confirm)
        user.reads("Take the file's version", "Overwrite it")
        await user.presses("t")
        await user.until(lambda: "Recovered" in user.screen)
        user.reads("2 messages and 1 run came")
        await user.presses("enter")
        await closed(user)
        assert user.chat.session.title == "theirs"
        assert [message.text for message in user.chat.session.messages] == ["Hello.", answer]
        assert "! not saved" not in user.screen
        assert "kept in" not in notes(user)
        await user.asks("More.")
        await saves(user)
    kept = store.load(file).session
    assert (kept.title, len(kept.messages), kept.params["max_tokens"]) == ("theirs", 4, 7)


@pytest.mark.fault("F08")
async def test_what_neither_the_file_nor_the_journal_has_goes_into_a_copy(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    async with start("usual", file=file) as user:
        await user.asks("Hello.")
        await saves(user)
        file.write_text(THEIRS)
        await user.types("half a thought")
        await user.does("save")
        await opened(user, Confirm)
        await user.presses("t")
        await user.until(lambda: user.chat.session.title == "theirs")
        await user.until(lambda: "What was only here is kept in" in notes(user))
        (copy,) = user.chat.desk.places.sessions.glob("*.toml")
    kept = store.load(copy).session
    assert ([message.role for message in kept.messages], kept.prompt) == (["user", "assistant"], "half a thought")


@pytest.mark.fault("F08")
async def test_a_file_that_cannot_be_read_any_more_leaves_the_session_as_it_is(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    async with start("usual", file=file) as user:
        await user.asks("Hello.")
        await saves(user)
        file.write_text("nonsense = ")
        await beats(user, 4.0)
        await user.does("save")
        await opened(user, Confirm)
        await user.presses("t")
        await closed(user)
        assert len(user.chat.session.messages) == 2
        assert user.chat.document.held is not None
        user.reads("! not saved: another program changed it")
