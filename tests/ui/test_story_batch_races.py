"""What happens while the server is asked about batches: another session, another endpoint, a row taken off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.acts import Start, notes, opened, simulator
from tests.ui.batched import Hours, batch, goes_as_a_batch, quiet, to_batches
from tests.ui.story import User
from tests.ui.sweeps import AMPLE, defined, done
from tests.ui.test_story_origins import SECRET, no_loopback
from workbench.core.batch import Batch, Status
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.engine.batching import Batching
from workbench.engine.lock import holder
from workbench.ui.batches import asking
from workbench.ui.batches.following import following
from workbench.ui.chat import opening
from workbench.ui.screens.confirm import Confirm

__all__ = ["no_loopback"]

ROW = '[[batches]]\nid = "{}"\nendpoint = "simulator"\nserver_id = "msgbatch_{}"\nlanes = ["A"]\nrequests = 1\n'


def on_its_way(tmp_path: Path, number: int = 1) -> Path:
    file = tmp_path / "kept.toml"
    head = '[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 9\n\n'
    file.write_text(head + "\n".join(ROW.format(f"b{each + 1}", each + 1) for each in range(number)))
    return file


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Awaitable[None]]) -> list[str]:
    """While the server is asked that happens; which batches were asked about."""
    asked: list[str] = []

    async def look(work: Batching, row: Batch, known: Container[str] = ()) -> Batch:
        asked.append(f"{row.id} at {work.endpoint.name}")
        await act()
        return replace(row, status=Status.CANCELING)

    monkeypatch.setattr(Batching, "look", look)
    return asked


async def ready(user: User) -> None:
    await user.until(lambda: user.chat.batching is not None)
    quiet(user)


async def test_a_session_that_was_left_while_its_batch_was_asked_about_is_not_held(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = on_its_way(tmp_path)
    async with start("usual", file=file) as user:
        await ready(user)
        left = user.chat.document

        async def leaves() -> None:
            await opening.open_file(user.chat, tmp_path / "other.toml")

        meanwhile(monkeypatch, leaves)
        await following(user.chat).look()
        assert user.chat.document.path == tmp_path / "other.toml"
        assert holder(file) is None
        assert left.trouble is None


async def test_each_batch_is_asked_about_at_its_own_endpoint_whichever_is_chosen_meanwhile(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual", file=on_its_way(tmp_path, 2)) as user:
        await ready(user)

        async def turns() -> None:
            desk = user.chat.desk
            desk.chosen = replace(desk.chosen, endpoint=replace(desk.chosen.endpoint, name="other"))

        asked = meanwhile(monkeypatch, turns)
        await following(user.chat).look()
        assert asked == ["b1 at simulator", "b2 at simulator"]


@pytest.mark.fault("F14")
async def test_a_key_goes_to_the_endpoint_of_a_batch_only_where_it_is_to_hand_and_may_go(
    start: Start, tmp_path: Path, no_loopback: None
) -> None:
    del no_loopback
    file = on_its_way(tmp_path, 2)
    file.write_text(file.read_text().replace("simulator", "gate", 1))
    async with simulator() as server:
        gate = Endpoint("gate", server.base_url, key_env="GATE_KEY")
        async with start("small", file=file, config=Config(endpoints={"gate": gate})) as user:
            await ready(user)
            await to_batches(user)
            await user.presses("down")
            user.reads("It is not asked about: No key · ", "Set GATE_KEY.")
            await user.does("rerun")
            await done(user)
            assert "b1 is with gate. No key" in notes(user)
            assert [each.status for each in user.chat.session.batches] == [Status.IN_PROGRESS, Status.LOST]
            user.chat.desk.environ = {"GATE_KEY": SECRET}
            await following(user.chat).look()
            user.app.screen.show_all()  # type: ignore[attr-defined]  # a board's
            await user.rests()
            user.reads("The key has not gone to", "r asks whether")
            for key in ("n", "s"):
                assert server.received == []
                await user.does("rerun")
                await opened(user, Confirm)
                user.reads("over plain http?", "…cdef of GATE_KEY")
                await user.presses(key)
                await done(user)
            assert [(each.target, each.headers["x-api-key"]) for each in server.received] == [
                ("/v1/messages/batches/msgbatch_1", SECRET)
            ]
            assert user.chat.session.batches[0].status is Status.LOST
            assert user.chat.desk.chosen.endpoint.simulated


async def test_an_endpoint_that_does_not_answer_keeps_no_other_waiting(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = on_its_way(tmp_path, 3)
    file.write_text(file.read_text().replace("simulator", "gate", 2))
    gate = Endpoint("gate", "http://127.0.0.1:9", auth="none")
    answers, asked = asyncio.Event(), list[str]()

    async def look(work: Batching, row: Batch, known: Container[str] = ()) -> Batch:
        asked.append(f"{row.id} at {work.endpoint.name}")
        if work.endpoint.name == "gate":
            await answers.wait()
            return replace(row, problem="Not reachable")
        return replace(row, status=Status.CANCELING)

    async with start("usual", file=file, config=Config(endpoints={"gate": gate})) as user:
        await ready(user)
        monkeypatch.setattr(Batching, "look", look)
        first = asyncio.create_task(following(user.chat).look())
        await user.until(lambda: batch(user).status is Status.CANCELING)
        assert not first.done()
        answers.set()
        await first
        assert asked == ["b1 at gate", "b3 at simulator"]  # b2 would meet the same as b1
        await following(user.chat).look()
        assert asked[2:] == ["b2 at gate", "b3 at simulator"]


async def test_a_row_that_was_taken_off_while_it_was_asked_about_does_not_come_back(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual", file=on_its_way(tmp_path, 2)) as user:
        await ready(user)

        async def goes() -> None:
            looks = following(user.chat)
            if len(looks.rows) == 2:
                await looks.forget(batch(user))

        meanwhile(monkeypatch, goes)
        await following(user.chat).look()
        assert [each.id for each in user.chat.session.batches] == ["b1"]


async def test_of_very_many_requests_the_first_are_listed_while_they_are_to_come(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SHOWN", 3)
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=Hours()) as user:
        defined(user, "temperature=0,1", repeats=2)
        await goes_as_a_batch(user)
        screen = await to_batches(user)
        quiet(user)
        user.reads("The first 3 of its requests are listed.")
        assert [row.record.id for row in screen.table.rows] == ["b1-1", "b1-2", "b1-3"]
