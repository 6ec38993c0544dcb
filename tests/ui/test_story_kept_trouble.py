"""A disk that refuses, a file that another holds: the program goes on, says so, and loses nothing."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, beats, closed, full_disk, notes, opened, reaching, saves, streams
from tests.ui.story import User
from workbench.core.problem import Problem
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import files, lock, names, store
from workbench.engine.open_session import OpenSession
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm


async def saves_as(user: User, path: Path) -> None:
    await user.does("save-as")
    (await opened(user, Ask)).field.value = str(path)
    await user.presses("enter")
    await closed(user)


def _sessions(folder: Path) -> list[Path]:
    return [*folder.glob("*.toml")]


@contextmanager
def held_by_another(path: Path) -> Iterator[OpenSession]:
    """Somebody else has the session open."""
    other = OpenSession.create(path, Session(title="theirs", prompt="A draft of theirs."))
    try:
        yield other
    finally:
        other.close()


@pytest.mark.fault("F01")
async def test_on_a_full_disk_everything_goes_on_and_is_saved_by_itself_once_there_is_room(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual") as user:
        await user.asks("Before.")
        with monkeypatch.context() as patched:
            full_disk(patched)
            await user.asks("In between.")
            user.reads("! not saved: the disk is full · tried again by itself · Save as…")
            await user.types("half a thought")
            await beats(user, 12.0)
            assert notes(user).count("is not saved · the disk is full") == 1
            assert len(user.chat.session.messages) == 4
            await user.sees("not-saved")
        await beats(user, 6.0)
        assert "! not saved" not in user.screen
        assert user.chat.document.path is not None
        kept = store.load(user.chat.document.path).session
        assert [len(kept.messages), kept.prompt] == [4, "half a thought"]


@pytest.mark.fault("F01")
async def test_an_answer_that_streams_on_a_full_disk_is_whole_in_the_journal_afterwards(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        with monkeypatch.context() as patched:
            full_disk(patched)
            held.go_on.set()
            await user.settles()
            user.reads("! not saved: the disk is full")
        await beats(user, 6.0)
        assert user.chat.document.path is not None
        kept = store.load(user.chat.document.path).session
        assert kept == user.chat.session
        assert kept.runs[0].state is State.COMPLETE


@pytest.mark.fault("F01", "F02")
async def test_a_disk_that_never_recovers_leaves_a_copy_elsewhere_and_says_where(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sealed: Path
) -> None:
    async with start("usual", file=tmp_path / "mine.toml") as user:
        await user.asks("Before.")
        full_disk(monkeypatch, but=sealed)
        user.chat.desk.folder = sealed
        await user.asks("In between.")
        await user.types("half a thought")
        await user.does("quit")
        await opened(user, Confirm)
        user.reads("the disk is full", "Answers are kept, whatever you choose.")
        await user.presses("d")
        await user.until(lambda: user.app._exit)
    (copy,) = _sessions(sealed)
    assert user.said == (f"mine.toml is not saved: the disk is full. The session was kept in {copy}",)
    assert len(store.load(copy).session.messages) == 4


@pytest.mark.fault("F01")
async def test_where_no_disk_takes_anything_the_answers_are_not_lost_by_a_slip(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual") as user:
        full_disk(monkeypatch)
        await user.asks("Hello.")
        await user.does("quit")
        await opened(user, Confirm)
        await user.presses("d")
        await user.until(lambda: "would be lost" in user.screen)
        await user.presses("n")
        await closed(user)
        assert not user.app._exit
        monkeypatch.undo()
        await beats(user, 6.0)
        await saves(user)
        assert "! not saved" not in user.screen


@pytest.mark.fault("F03")
async def test_a_folder_that_takes_nothing_is_said_and_another_place_is_offered(start: Start, tmp_path: Path) -> None:
    (tmp_path / "home" / "data").rmdir()
    (tmp_path / "home" / "data").write_text("no folder")
    async with start("usual") as user:
        await user.asks("Hello.")
        user.reads("! not saved: a part of its path is a file", "tried again by itself")
        await user.does("save")
        await opened(user, Confirm)
        await user.presses("e")
        (await opened(user, Ask)).field.value = str(tmp_path / "elsewhere")
        await user.presses("enter")
        await closed(user)
        assert "! not saved" not in user.screen
        await user.asks("And more.")
        assert len(store.load(tmp_path / "elsewhere.toml").session.messages) == 4


@pytest.mark.fault("F03")
async def test_a_session_in_a_folder_that_cannot_be_written_opens_read_only_and_says_why(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    store.save(file, Session(title="mine"))

    def refused(path: Path) -> lock.Lock:
        raise files.StoreError(Problem(f"{path.name} can't be locked", "permission is denied"))

    with monkeypatch.context() as patched:
        patched.setattr(lock.Lock, "take", refused)
        async with start("usual", file=file) as user:
            user.reads("! read-only: mine.toml can't be locked", "permission is denied")
            await user.asks("Hello.")
            assert user.chat.session.runs[0].state is State.COMPLETE


@pytest.mark.fault("F07")
async def test_a_session_that_another_program_has_open_is_read_only_and_what_comes_is_kept_beside_it(
    start: Start, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.toml"
    with held_by_another(file):
        before = file.read_bytes()
        async with start("usual", file=file) as user:
            folder = user.chat.desk.places.sessions
            user.reads(f"! read-only: process {os.getpid()}", "has it open", "A draft of theirs.")
            await user.asks(" And mine.")
            assert user.chat.session.runs[0].state is State.COMPLETE
            await beats(user, 7.0)
            assert file.read_bytes() == before
            await user.does("quit")
            await opened(user, Confirm)
            user.reads("Answers are kept, whatever you choose.")
            await user.presses("d")
            await user.until(lambda: user.app._exit)
        (said,) = user.said
        (copy,) = _sessions(folder)
        assert said.startswith("theirs.toml is not saved: process ")
        assert said.endswith(f"The session was kept in {copy}")
        assert [message.role for message in store.load(copy).session.messages] == ["user", "assistant"]
        assert file.read_bytes() == before


@pytest.mark.fault("F07")
async def test_what_is_read_only_can_be_saved_elsewhere_and_goes_on_there(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    with held_by_another(file):
        async with start("usual", file=file) as user:
            await user.asks("Hello.")
            await saves_as(user, file)
            assert "read-only here" in notes(user)
            await saves_as(user, tmp_path / "mine")
            assert "! read-only" not in user.screen
            await user.asks("More.")
        assert len(store.load(tmp_path / "mine.toml").session.messages) == 4


@pytest.mark.fault("F13")
async def test_a_session_of_a_newer_program_is_read_only_and_says_so(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "newer.toml"
    file.write_text('format = 99\n[session]\ntitle = "newer"\n')
    async with start("usual", file=file) as user:
        await user.sees("read-only")
        await user.asks("Hello.")
        user.reads("! read-only: a newer Workbench wrote it", "tok/s")
    assert file.read_text() == 'format = 99\n[session]\ntitle = "newer"\n'


@pytest.mark.fault("F08")
async def test_a_file_that_another_program_changed_is_never_written_by_itself(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        path = await saves(user)
        path.write_text('format = 1\n[session]\ntitle = "theirs"\n')
        await user.asks("More.")
        await beats(user, 20.0)
        assert tomllib.loads(path.read_text())["session"]["title"] == "theirs"
        user.reads("! not saved: another program changed it", "^S asks what to do")
        assert notes(user).count("another program changed it") == 1
        assert names.beside(path, names.JOURNAL).exists()
        await user.does("save")
        await opened(user, Confirm)
        await user.presses("o")
        await closed(user)
        assert len(tomllib.loads(path.read_text())["messages"]) == 4
        assert "! not saved" not in user.screen


@pytest.mark.fault("F08")
async def test_whoever_leaves_a_file_that_another_changed_loses_neither(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    async with start("usual", file=file) as user:
        folder = user.chat.desk.places.sessions
        await user.asks("Hello.")
        await saves(user)
        file.write_text('format = 1\n[session]\ntitle = "theirs"\n')
        await user.asks("More.")
        await user.does("quit")
        await user.until(lambda: user.app._exit)
    assert tomllib.loads(file.read_text())["session"]["title"] == "theirs"
    (said,) = user.said
    (copy,) = _sessions(folder)
    assert said.endswith(f"The session was kept in {copy}")
    assert len(store.load(copy).session.messages) == 4
