"""A session after a crash: what came back is said in a plain report, and nothing where nothing happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.acts import Start, closed, notes, opened
from workbench.core.session import Session
from workbench.engine import names, store
from workbench.engine.open_session import OpenSession
from workbench.ui.chat import opening
from workbench.ui.screens.confirm import Confirm


def killed(path: Path) -> Session:
    """A program that was killed left this session: two messages are in the journal alone."""
    before = Session(title="killed")
    held = OpenSession.create(path, before)
    said = before.say(before.lane(), "What is a tide?", parent=None)
    session = said.say(said.lane(), "The sea, as the moon pulls it.", parent="m1", role="assistant")
    held.note(session)
    held.sync()
    held._lock.release()  # as the system does
    return session


@pytest.mark.fault("F06", "P05")
async def test_what_came_back_after_a_kill_is_told_once(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    session = killed(file)
    async with start("usual", file=file) as user:
        await opened(user, Confirm)
        user.reads("Recovered", "mine.toml: 2 messages came back from its journal")
        await user.presses("enter")
        await closed(user)
        user.reads("What is a tide?", "The sea, as the moon pulls it.")
        assert user.chat.session.messages == session.messages
    async with start("usual", file=file) as user:
        await user.pilot.pause()
        assert user.app.screen is user.chat
        user.reads("What is a tide?")


@pytest.mark.fault("F04")
async def test_what_was_dropped_is_told_with_the_place_of_the_damaged_copy(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    killed(file)
    journal = names.beside(file, names.JOURNAL)
    journal.write_bytes(journal.read_bytes()[:-5])
    async with start("usual") as user:
        await opening.open_file(user.chat, file)
        await opened(user, Confirm)
        user.reads("Recovered", "dropped", ".damaged")
        await user.presses("enter")
        await closed(user)
        assert _damaged(tmp_path)


async def test_a_session_that_was_closed_opens_without_a_word(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    OpenSession.create(file, Session(title="mine")).close()
    async with start("usual", file=file) as user:
        await user.pilot.pause()
        assert user.app.screen is user.chat
        assert "sets no model" in notes(user)
        assert "came back" not in notes(user)


@pytest.mark.fault("P05")
async def test_a_start_without_a_file_tells_of_a_session_that_a_crash_left(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "data" / "sessions"
    folder.mkdir(parents=True)
    killed(folder / "tides.toml")
    store.save(folder / "closed.toml", Session(title="closed"))
    open_elsewhere = OpenSession.create(folder / "elsewhere.toml", Session(title="elsewhere"))
    open_elsewhere.note(Session(title="changed"))
    async with start("usual") as user:
        await user.until(lambda: "was not closed" in notes(user))
        assert notes(user) == "tides was not closed when a program ended: ^O brings back what came."
    open_elsewhere.close()


def _damaged(folder: Path) -> list[Path]:
    return [*folder.glob("*.damaged")]
