"""A sweep's results are the file's: read before anything is sent, written when they can be, shared with others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Start, notes, reaching
from tests.ui.story import User
from tests.ui.sweeps import Counted, agrees, defined, done, ends, lines, looks, results, sends, simulated, sweeping
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.engine.results import Results, results_path
from workbench.engine.store import StoreError
from workbench.simulator import Simulator
from workbench.ui.chat.results import follow


def asked(server: Simulator) -> int:
    return sum(request.path.partition("?")[0].endswith("/messages") for request in server.received)


async def swept(start: Start, server: Simulator) -> Path:
    """A session whose sweep of two has its answers."""
    async with start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0,1", repeats=1)
        await looks(user)
        await sends(user)
        await ends(user)
        assert user.chat.document.path is not None
        return user.chat.document.path


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, *, but: Path | None = None) -> Iterator[None]:
    """No result can be written, but into this folder."""
    append = Results.append

    def refused(self: Results, result: RunRecord) -> None:
        if self.path.parent == but:
            append(self, result)
        else:
            raise StoreError(Problem(f"{self.path.name} is not written", "the disk is full", "Free some space."))

    with monkeypatch.context() as patch:
        patch.setattr(Results, "append", refused)
        yield


async def test_what_is_read_slowly_is_not_asked_again(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    async with simulated() as server:
        file = await swept(start, server)
        go_on = asyncio.Event()
        loop = asyncio.get_running_loop()
        load = Results.load

        def slowly(self: Results) -> tuple[list[RunRecord], tuple[str, ...]]:
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
            return load(self)

        monkeypatch.setattr(Results, "load", slowly)
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            user.chat.view.focus()
            await user.does("sweep", "run")
            go_on.set()
            await done(user)
            user.reads("2/2")
            assert "nothing is missing" in notes(user)
        assert asked(server) == 2


async def test_what_another_program_answered_meanwhile_is_not_asked_again(start: Start) -> None:
    async with simulated() as server:
        file = await swept(start, server)
        kept = results_path(file)
        whole = kept.read_bytes()
        kept.unlink()
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            await looks(user)
            user.reads("0/2")
            kept.write_bytes(whole)
            await user.does("run")
            await done(user)
            user.reads("2/2")
        assert asked(server) == 2


async def test_while_another_program_sends_nothing_is_sent(start: Start) -> None:
    async with simulated() as server:
        file = await swept(start, server)
        kept = results_path(file)
        kept.write_bytes(b"")
        other = Results(kept)
        other.hold()
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            await looks(user)
            await user.does("run")
            await agrees(user)
            await done(user)
            await ends(user)
            user.reads("another program is sending a sweep", "0/2")
            assert asked(server) == 2
            other.release()
            await sends(user)
            await ends(user)
            user.reads("2/2", "done")


async def test_what_cannot_be_read_is_not_asked_again(start: Start) -> None:
    async with simulated() as server:
        file = await swept(start, server)
        kept = results_path(file)
        kept.unlink()
        kept.mkdir()
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            await looks(user)
            await user.does("run")
            await done(user)
            assert "so nothing was sent" in notes(user)
        assert asked(server) == 2


async def test_what_could_not_be_written_is_kept_elsewhere_and_written_later(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with simulated() as server:
        file = await swept(start, server)
        home = file.rename(file.parent.parent / "home.toml")
        async with start("usual", chosen=reaching(server.base_url), file=home) as user:
            spare = user.chat.desk.places.sessions
            await looks(user)
            with full_disk(monkeypatch, but=spare):
                await sends(user)
                await ends(user)
            paid = len(user.chat.document.results)  # counted, whatever the disk says
            assert paid >= 1
            user.reads("stopped by itself", "the disk is full")
            assert len((spare / "home.runs.jsonl").read_text().splitlines()) == paid
            assert not results(user)
            await runs_on(user)
            assert len(results(user)) == len(user.chat.document.results)
            assert len(sweeping(user).records) == 2


async def test_what_the_disk_of_the_sessions_refuses_is_kept_on_another(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with simulated() as server:
        file, room = await swept(start, server), tmp_path / "room"
        results_path(file).unlink()
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            sessions = user.chat.desk.places.sessions
            assert file.parent == sessions
            user.chat.desk.folder = room
            await looks(user)
            with full_disk(monkeypatch, but=room):
                await sends(user)
                await ends(user)
            user.reads("stopped by itself", "the disk is full")
            (kept,) = room.iterdir()
            assert len(kept.read_text().splitlines()) == len(user.chat.document.results) >= 1


async def runs_on(user: User) -> None:
    """Send what is left, if anything is."""
    await user.does("run")
    await done(user)
    if sweeping(user).sweeper.missing:
        await agrees(user)
    await ends(user)


async def test_a_session_that_goes_on_elsewhere_takes_its_results_along(start: Start) -> None:
    async with simulated() as server:
        file = await swept(start, server)
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            document = user.chat.document
            document.path = file.with_name("other.toml")
            assert await follow(document, file) is None
            assert results(user) == lines(file)
            assert await follow(document, None) is None
            results_path(file).unlink()
            results_path(file).mkdir()
            assert "can't be read" in (await follow(document, file) or "")


async def test_a_sweep_that_is_sent_is_shown_when_its_definition_is_taken_back(start: Start) -> None:
    held = Counted()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0,1", repeats=1)
        await looks(user)
        await sends(user)
        await user.until(lambda: any(run.text for run in sweeping(user).live.values()))
        user.chat.change(replace(user.chat.session, sweeps=()))
        user.app.screen.show_all()  # type: ignore[attr-defined]  # the Sweep screen
        await user.pilot.pause()
        user.reads("0/2", "2 live")
        held.go_on.set()
        await ends(user)
        assert len(results(user)) == 2
