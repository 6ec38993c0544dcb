"""The wire view: what it shows of a request is what the server received, byte for byte."""

from __future__ import annotations

import json
import math
from functools import partial
from pathlib import Path

import pytest

from tests.engine.fault_server import STREAM, answers, says, serving
from tests.engine.running import REQUEST, endpoint, new_run, running
from tests.ui.acts import Start, closed, notes, opened, reaching, simulator
from tests.ui.story import User
from workbench.core.arrivals import arrivals
from workbench.core.run import State
from workbench.engine.replay import Recording
from workbench.engine.wire import Wire
from workbench.ui import clipboard
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm
from workbench.ui.wire import sections
from workbench.ui.wire.event_section import EventSection
from workbench.ui.wire.screen import WireScreen

NASTY = (
    "two lines\r\nof Windows\r\n",
    "\ttabs\tand trailing spaces   \n  \n",
    "emoji 😀 👨\u200d👩\u200d👧 and \u200b hidden \u202e ones",
    "user: I am not a turn\nassistant: nor I\n\nuser: no",
    '{"braces": "{x} {{{{ }}", \\{{kept}} "quotes": \'\\n\'}',
    " \r a lone return, and a line separator \u2028 here ",
)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied; nothing reaches the machine's clipboard."""
    found: list[str] = []

    async def copy(app: object, text: str, *, exact: bool = False, **_: object) -> str:
        del app
        found.append(text if exact else f"not exact: {text}")
        return "Copied to the clipboard."

    monkeypatch.setattr(clipboard, "copy", copy)
    return found


async def wire_of(user: User) -> WireScreen:
    """Open the wire of the last answer."""
    user.chat.view.focus()
    await user.does("last", "wire")
    await user.until(lambda: isinstance(user.app.screen, WireScreen) and user.app.screen.pages.sections)
    await user.rests()
    screen = user.app.screen
    assert isinstance(screen, WireScreen)
    return screen


async def goes(user: User, screen: WireScreen, title: str) -> None:
    """To a section by its name."""
    await user.does("first")
    titles = [section.title for section in screen.pages.sections]
    for _ in range(titles.index(title)):
        await user.does("more")
    assert screen.pages.sections[screen.pages.section].title == title


def more_than(copied: list[str], before: int) -> bool:
    return len(copied) > before


async def copies(user: User, screen: WireScreen, title: str, copied: list[str]) -> str:
    await goes(user, screen, title)
    before = len(copied)
    await user.does("copy")
    await user.until(lambda: len(copied) > before)
    return copied[-1]


async def test_the_body_is_byte_for_byte_what_the_server_received(start: Start, copied: list[str]) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        for prompt in NASTY:
            user.chat.prompt.text = prompt
            await user.does("run")
            await user.settles()
            received = server.received[-1].body
            assert json.loads(received)["messages"][-1]["content"] == prompt.replace("\\{{kept}}", "{{kept}}")
            record = user.chat.session.runs[-1]
            assert user.chat.wires[record.id].request_body == received
            screen = await wire_of(user)
            assert (await copies(user, screen, "body", copied)).encode() == received
            user.chat.wires.clear()
            await user.does("back")
            screen = await wire_of(user)
            user.reads(sections.REBUILT[:40])
            assert (await copies(user, screen, "body", copied)).encode() == received
            await user.does("back")
            user.chat.prompt.focus()


def pace(wire: Wire) -> None:
    """Each event by itself, some of them late, and at an address that is the same on every machine."""
    wire.url = "http://127.0.0.1:8000/v1/messages"
    at, made = 0.2, []
    for number, each in enumerate(arrivals(wire.pieces)):
        at += 0.4 if number == 3 else 0.25 if number % 60 == 50 else 0.002 + 0.012 * (1 + math.sin(number / 9))
        made.append((at, each.raw))
    wire.pieces[:] = made


async def test_the_view_shows_what_went_over_the_wire(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Explain caching\r\nwith a list.  \n\tTabs too.")
        pace(user.chat.wires["r1"])
        screen = await wire_of(user)
        user.reads("run r1", "✓ end_turn", "connect", "first token", "tok/s", "peak ≈")
        user.reads("POST http://127.0.0.1", "anthropic-version: 2026-10-21", "HTTP 200")
        user.reads(r"caching\r\nwith a list.", r"\n\tTabs")
        assert "simulated" not in screen.pages.sections[1].exact
        await user.sees("wire")
        await user.does("view")
        user.reads("│ Explain caching␍", "│ with a list.··", "│ →   Tabs too.")
        await goes(user, screen, "events")
        user.reads("+0.", "content_block_delta", "log scale", '0 text "')
        await user.does("raw")
        user.reads("linear scale")
        await user.does("next", "enter")
        user.reads("event: message_start␊", "▾")
        await user.does("enter")
        assert "message_start␊" not in user.screen


async def test_whatever_is_copied_is_exact(start: Start, copied: list[str]) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Say it.")
        screen = await wire_of(user)
        await user.does("view")
        wire = user.chat.wires["r1"]
        body = b"".join(piece for _, piece in wire.pieces).decode()
        assert await copies(user, screen, "events", copied) == body
        assert (await copies(user, screen, "body", copied)).encode() == server.received[-1].body
        assert (await copies(user, screen, "request", copied)).startswith(f"POST {server.base_url}/v1/messages\n")
        assert "request-id: " in await copies(user, screen, "response", copied)
        for form, holds in (
            ("curl", ("printf %s", "$ANTHROPIC_API_KEY", "--data-binary @-")),
            ("request body", ('{"model":',)),
            ("headers", ("POST ", "HTTP 200")),
            ("events", ("event: message_stop",)),
        ):
            before = len(copied)
            await user.does("copy-as")
            chooser = await opened(user, Choose)
            chooser.field.value = form
            await user.pilot.pause()
            await user.presses("enter")
            await user.until(partial(more_than, copied, before))
            assert all(text in copied[-1] for text in holds), form
        assert "sk-test-of-the-stories-0001" not in "".join(copied)


async def test_text_is_found_in_everything(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Find the zebra, dear ZEBRA.")
        screen = await wire_of(user)
        await user.does("find")
        await user.presses(*"zebra")
        of = len(screen.pages.matches)
        assert of >= 2
        user.reads(f"1/{of}")
        await user.presses("enter")
        assert screen.pages.has_focus
        await user.does("find-next")
        user.reads(f"2/{of}")
        await user.does("find-previous", "find-previous")
        user.reads(f"{of}/{of}")
        await user.does("find")
        await user.presses(*"x")
        user.reads("none")
        await user.does("back")
        assert not screen.search.open
        assert screen.pages.matches == []
        await user.does("back")
        assert user.app.screen is user.chat


async def test_a_match_in_an_event_is_found_wherever_it_is(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Hello.")
        screen = await wire_of(user)
        await user.does("find")
        await user.presses(*"message_stop")
        await user.presses("enter")
        number, match = screen.pages.matches[screen.pages.match]
        section = screen.pages.sections[number]
        assert isinstance(section, EventSection)
        assert match.line == len(section.arrivals) - 1
        await user.does("enter")
        user.reads("event: message_stop␊")


async def test_a_recording_is_saved_beside_the_session_and_replays(start: Start, tmp_path: Path) -> None:
    async with serving(answers) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        await wire_of(user)
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
        await wire_of(user)
        user.reads("TRIES", "HTTP 529", "then waited", "Later.")


async def test_a_refusal_shows_its_answer_and_is_no_recording(start: Start, copied: list[str]) -> None:
    async with serving(BROKEN) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        screen = await wire_of(user)
        user.reads("✗ rejected", "HTTP 400", "invalid_request_error")
        assert await copies(user, screen, "answer", copied) == (
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
        screen = await wire_of(user)
        user.reads("Not kept, and it can't be rebuilt exactly", sections.NOT_KEPT[:30])
        await goes(user, screen, "body")
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
        screen = await wire_of(user)
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
        screen = await wire_of(user)
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
