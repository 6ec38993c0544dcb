"""The wire view: what it shows of a request is what the server received, byte for byte."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from tests.ui.acts import Start, reaching, simulator
from tests.ui.board_acts import catch_copies, copies, goes_to_section, goes_to_wire
from tests.ui.story import User
from workbench.core.arrivals import arrivals
from workbench.core.config import Config
from workbench.core.endpoint import Endpoint
from workbench.core.rebuilt import rebuild
from workbench.engine.wire import Wire
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
    return catch_copies(monkeypatch)


async def section(user: User, screen: WireScreen, title: str, copied: list[str]) -> str:
    """What is copied of a section."""
    await goes_to_section(user, screen, title)
    return await copies(user, "copy", copied)


async def test_the_body_is_byte_for_byte_what_the_server_received(start: Start, copied: list[str]) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        for prompt in NASTY:
            user.chat.prompt.text = prompt
            await user.chat.do("run")
            await user.settles()
        session = user.chat.session
        for prompt, record, call in zip(NASTY, session.runs, server.received, strict=True):
            assert json.loads(call.body)["messages"][-1]["content"] == prompt.replace("\\{{kept}}", "{{kept}}")
            sent = sections.of_wire(record, user.chat.wires[record.id])
            made = sections.of_record(record, rebuild(session, record))
            assert [each.exact.encode() for each in (*sent, *made) if each.title == "body"] == [call.body, call.body]
        screen = await goes_to_wire(user)
        assert (await section(user, screen, "body", copied)).encode() == server.received[-1].body
        user.chat.wires.clear()
        await user.does("back")
        screen = await goes_to_wire(user)
        user.reads(sections.REBUILT[:40])
        assert (await section(user, screen, "body", copied)).encode() == server.received[-1].body


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
        screen = await goes_to_wire(user)
        user.reads("run r1", "✓ end_turn", "connect", "first token", "tok/s", "peak ≈")
        user.reads("POST http://127.0.0.1", "anthropic-version: 2026-10-21", "HTTP 200")
        user.reads(r"caching\r\nwith a list.", r"\n\tTabs")
        assert "simulated" not in screen.pages.sections[1].exact
        await user.sees("wire")
        await user.does("view")
        user.reads("│ Explain caching␍", "│ with a list.··", "│ →   Tabs too.")
        await user.does("first", "more", "more", "less")
        assert screen.pages.section == 1
        await goes_to_section(user, screen, "events")
        user.reads("+0.", "content_block_delta", "log scale", '0 text "')
        await user.does("raw")
        user.reads("linear scale")
        await user.presses("down")
        await user.does("enter")
        user.reads("event: message_start␊", "▾")
        await user.does("view", "raw")
        user.reads("event: message_start␊", "log scale", "v for reading")
        await user.does("enter")
        assert "message_start␊" not in user.screen


async def test_whatever_is_copied_is_exact(start: Start, copied: list[str]) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Say it.")
        screen = await goes_to_wire(user)
        await user.does("view")
        wire = user.chat.wires["r1"]
        body = b"".join(piece for _, piece in wire.pieces).decode()
        assert await section(user, screen, "events", copied) == body
        assert (await section(user, screen, "body", copied)).encode() == server.received[-1].body
        assert (await section(user, screen, "request", copied)).startswith(f"POST {server.base_url}/v1/messages\n")
        assert "request-id: " in await section(user, screen, "response", copied)
        for form, holds in (
            ("curl", ("printf %s", "$ANTHROPIC_API_KEY", "--data-binary @-")),
            ("request body", ('{"model":',)),
            ("headers", ("POST ", "HTTP 200")),
            ("events", ("event: message_stop",)),
        ):
            said = await copies(user, "copy-as", copied, form)
            assert all(text in said for text in holds), form
        assert "sk-test-of-the-stories-0001" not in "".join(copied)


@pytest.mark.parametrize(("env", "written"), [("MINE_KEY", "$MINE_KEY"), ('X"; rm "', "$ANTHROPIC_API_KEY")])
async def test_a_curl_command_takes_the_key_of_the_endpoint_that_was_asked(
    start: Start, copied: list[str], env: str, written: str
) -> None:
    async with simulator() as server:
        asked = Endpoint("mine", server.base_url, key_env=env)
        config = Config(endpoints={"mine": asked, "other": Endpoint("other", server.base_url, key_env="OTHER_KEY")})
        chosen = replace(reaching(server.base_url), endpoint=asked)
        async with start("usual", chosen=chosen, config=config) as user:
            await user.asks("Hello.")
            user.chat.desk.chosen = replace(chosen, endpoint=config.endpoints["other"])
            await goes_to_wire(user)
            said = await copies(user, "copy-as", copied, "curl")
            assert f'"x-api-key: {written}"' in said
            assert "OTHER_KEY" not in said


async def test_text_is_found_in_everything(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Find the zebra, dear ZEBRA.")
        screen = await goes_to_wire(user)
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
        screen = await goes_to_wire(user)
        await user.does("find")
        await user.presses(*"message_stop")
        await user.presses("enter")
        number, match = screen.pages.matches[screen.pages.match]
        section = screen.pages.sections[number]
        assert isinstance(section, EventSection)
        assert match.line == len(section.arrivals) - 1
        await user.does("enter")
        user.reads("event: message_stop␊")
