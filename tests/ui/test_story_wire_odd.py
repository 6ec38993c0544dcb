"""The wire view where things went otherwise: recordings, failed tries, refusals, what is no longer known, sizes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.engine.fault_server import STREAM, answers, says, serving
from tests.engine.running import REQUEST, endpoint, new_run, running
from tests.ui.acts import Start, closed, notes, opened, reaching
from tests.ui.board_acts import catch_copies, copies, goes_to_section, goes_to_wire
from tests.ui.story import User
from workbench.core.run import State
from workbench.engine.replay import Recording
from workbench.engine.wire import Wire
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm
from workbench.ui.wire import sections
from workbench.ui.wire.event_section import EventSection
from workbench.ui.wire.screen import WireScreen


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return catch_copies(monkeypatch)


async def test_a_recording_is_saved_beside_the_session_and_replays(start: Start, tmp_path: Path) -> None:
    async with serving(answers) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        await goes_to_wire(user)
        file = tmp_path / "mine.sse"
        await names_it(user, file)
        await user.until(file.exists)
        file.write_bytes(b"another's")
        for key, holds in (("n", b"another's"), ("r", STREAM)):
            await names_it(user, tmp_path / "mine")
            await opened(user, Confirm)
            await user.presses(key)
            await user.until(partial(saved, user, file, holds))
        assert file.read_bytes() == STREAM
        assert "Written to" in notes(user)
    run = new_run()
    async with running(replay=Recording.read(file)) as runner:
        await runner.stream(run, REQUEST, endpoint("https://no-such-host.invalid"), None)
    assert run.state is State.COMPLETE


async def names_it(user: User, path: Path) -> None:
    """Save the recording under this name; what is offered stands beside the session."""
    await user.until(lambda: isinstance(user.app.screen, WireScreen))
    await user.does("export")
    ask = await opened(user, Ask)
    assert ask.field.value.endswith(".r1.sse")
    ask.field.value = str(path)
    await user.presses("enter")


def saved(user: User, path: Path, holds: bytes) -> bool:
    return path.read_bytes() == holds and isinstance(user.app.screen, WireScreen)


OVERLOADED = says("529 Overloaded", b'{"type":"error","error":{"type":"overloaded_error","message":"Later."}}')
BROKEN = says("400 Bad Request", b'{"type":"error","error":{"type":"invalid_request_error","message":"No."}}')


async def test_tries_that_failed_before_stand_there(start: Start) -> None:
    async with serving(OVERLOADED, answers) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        await goes_to_wire(user)
        user.reads("TRIES", "HTTP 529", "then waited", "Later.")


async def test_a_refusal_shows_its_answer_and_is_no_recording(start: Start, copied: list[str]) -> None:
    async with serving(BROKEN) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        screen = await goes_to_wire(user)
        user.reads("✗ rejected", "HTTP 400", "invalid_request_error")
        await goes_to_section(user, screen, "answer")
        assert await copies(user, "copy", copied) == (
            '{"type":"error","error":{"type":"invalid_request_error","message":"No."}}'
        )
        await user.does("export")
        assert "There is no recording to save: the server answered HTTP 400" in notes(user)


async def test_what_is_no_longer_known_is_not_claimed(start: Start, copied: list[str]) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_variable("name", "Ada"))
        await user.asks("Hello {{name}}.")
        user.chat.change(user.chat.session.with_variable("name", "Bob"))
        user.chat.wires.clear()
        screen = await goes_to_wire(user)
        user.reads("Not kept, and it can't be rebuilt exactly", sections.NOT_KEPT[:30])
        await goes_to_section(user, screen, "body")
        await user.does("copy")
        assert "There is nothing to copy in body" in notes(user)
        await user.does("copy-as")
        await opened(user, Choose)
        await user.presses("enter")
        await user.until(lambda: "were not kept" in notes(user))
        await user.does("export")
        assert "only until the program ends" in notes(user)
        assert copied == []


@pytest.mark.parametrize("size", ["small", "large", "tiny"])
async def test_it_stands_at_every_size(start: Start, size: str) -> None:
    async with start(size) as user:
        await user.asks("Hello\r\nthere.")
        screen = await goes_to_wire(user)
        user.reads("TIMINGS")
        await user.does("view", "last", "first")
        for _ in screen.pages.sections:
            await user.does("more", "next", "enter")
        await user.does("back")
        assert user.app.screen is user.chat


async def test_twenty_thousand_events_are_drawn_as_far_as_they_are_in_sight(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        event = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{}}\n\n'
        many = Wire(url="http://x", status=200, pieces=[(number / 1000, event) for number in range(20_000)])
        user.chat.wires["r1"] = many
        screen = await goes_to_wire(user)
        section = screen.pages.sections[-1]
        assert isinstance(section, EventSection)
        drawn: list[int] = []
        line = section._line

        def counted(at: int, width: int) -> object:
            drawn.append(at)
            return line(at, width)

        section._line = counted  # type: ignore[assignment,method-assign]
        await user.does("last")
        user.reads("+19.999s")
        assert len(set(drawn)) < 100
        assert await closed_after(user)


async def closed_after(user: User) -> bool:
    await user.does("back")
    await closed(user)
    return user.app.screen is user.chat
