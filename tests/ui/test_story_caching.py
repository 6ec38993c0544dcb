"""A prompt that is cached: marked, written, read; what that saved; why it was missed. And counted before it is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.engine.fault_server import Behave, says, serving
from tests.ui.acts import Start, closed, notes, on, opened, params, reaching, saves
from tests.ui.lane_acts import one_a_value
from tests.ui.story import User
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.session import Session
from workbench.ui.chat import counting, panel_of
from workbench.ui.screens.confirm import Confirm
from workbench.ui.widgets.parameters import EXCERPT

RULES = "\n".join(f"Rule {at}: promise no date." for at in range(1, 241))


SESSION = Path(__file__).parent.parent / "sessions" / "cached.toml"


def begun(user: User, **more: Any) -> None:
    """A long system prompt, and settings that stay."""
    session = Session(
        params=Params(model="claude-sonnet-4-6", max_tokens=400, **more), created=user.chat.session.created
    )
    session = session.with_system(session.lane(), RULES)
    user.chat.change(session)


async def counted(user: User) -> None:
    """The pause after the last key is over, and the endpoint has counted."""
    if user.chat.counts.timer is not None:
        user.chat.counts.timer.stop()
        counting.begin(user.chat)
    await user.app.workers.wait_for_complete([each for each in user.app.workers if each.group == "counting"])
    await user.pilot.pause()


async def test_a_second_run_reads_what_the_first_wrote_and_says_what_that_saved(start: Start) -> None:
    async with start("usual") as user:
        begun(user)
        on(user, "more")
        await user.does("enter")
        on(user, "param:cache_system")
        await user.does("more", "more")
        assert params(user).cache_system == "1h"
        on(user, "more")
        await user.does("enter")
        await user.asks("My parcel is lost.")
        user.reads("1 of 4", " extra", "written for 1h")
        user.chat.view.focus()
        await user.does("first", "cache-turn")
        user.reads("cache 5m")
        await user.asks("And if it comes back?")
        last = user.chat.session.runs[-1]
        assert last.usage["cache_read_input_tokens"] > 1024
        assert last.usage["cache_creation"]["ephemeral_5m_input_tokens"] > 0
        assert last.breakpoints == {"m1": "5m"}
        user.reads("system prompt · 1h", "turn 1 · 5m", "2 of 4", "saved $")
        user.reads("cache 83% · 8 written")  # whoever says something follows the answer, wherever they were
        user.chat.view.focus()
        await user.sees("cached")

        await user.does("first", "cache-turn")
        user.reads("cache 1h")
        await user.does("cache-turn")
        assert user.chat.session.marks("m1") == {}
        await user.does("undo")
        assert user.chat.session.marks("m1") == {"m1": "1h"}
        path = await saves(user)
        assert 'cache = "1h"' in path.read_text()


async def test_a_miss_says_why_and_too_many_or_too_short_is_said_before(start: Start) -> None:
    async with start(
        "usual",
    ) as user:
        begun(user, cache_system="5m")
        on(user, "more")
        await user.does("enter")
        on(user, "param:diagnostics")
        await user.does("more", "more")
        on(user, "more")
        await user.does("enter")
        assert params(user).diagnostics == Json('"auto"')
        await user.asks("My parcel is lost.")
        assert user.chat.session.runs[-1].diagnostics == {}
        changed = user.chat.session.with_system(user.chat.lane, f"{RULES}\nBe brief.")
        user.chat.change(changed)
        await user.asks("And now?")
        user.reads("Cache missed: the system prompt is another")
        first, second = user.chat.session.runs
        assert second.params["diagnostics"] == {"previous_message_id": first.message_id}
        user.chat.change(user.chat.session.with_system(user.chat.lane, "Short."))
        user.reads("Too short to be cached")
        user.chat.view.focus()
        await user.does("first")
        for _ in range(4):
            await user.does("cache-turn", "next")
        assert sum(each.cache is not None for each in user.chat.session.messages) == 4
        user.reads("4 of 4")
        user.chat.to_prompt()
        await user.types("Then?")
        preview = panel_of.panel(user.chat).preview
        assert preview is not None
        assert any(each.text.startswith("5 cache breakpoints") for each in preview.cautions)
        await user.does("new")
        user.chat.view.focus()
        await user.does("cache-turn")
        assert "No turn to cache up to yet" in notes(user)


async def test_a_prompt_is_counted_before_it_is_sent_and_never_twice(start: Start) -> None:
    async with start("usual", counts=True) as user:
        begun(user)
        await user.types("My parcel is lost.")
        user.reads("≈ ")
        await counted(user)
        user.reads("998k left", " in · ", "$0.0058–0.0118")
        await user.sees("counted")
        asked = len(_received(user))
        await user.types(" Really.")
        user.reads("≈ ")
        await counted(user)
        for _ in range(8):
            await user.presses("backspace")
        user.reads("998k left")
        assert len(_received(user)) == asked + 1, "what was counted before is known"
        await user.does("compare", "add")
        session = user.chat.session
        user.chat.change(session.with_lane(replace(session.lanes[1], params=Params(model="claude-haiku-4-5"))))
        user.chat.to_prompt()
        await counted(user)
        user.reads("2 lanes · ", "198k left")


async def test_of_a_session_that_was_only_opened_nothing_leaves(start: Start) -> None:
    async with start("small", counts=True, file=SESSION) as user:
        await counted(user)
        assert user.app.runner.simulated._server is None
        user.chat.prompt.focus()
        await user.types("And now?")
        await counted(user)
        user.reads("999k left")
        await user.does("tune", "last")
        user.reads("…", "NEXT RUN", "999k left", "cost")  # what has no row to stand on can be read too
        assert len([each for each in user.chat.panel._lines(36) if each.id == "system"]) == EXCERPT + 2


async def test_a_server_that_counts_nothing_is_asked_once_and_the_estimate_stays(start: Start) -> None:
    async with (
        serving(says("404 Not Found", b"no")) as server,
        start("small", counts=True, chosen=reaching(server.base_url)) as user,
    ):
        for word in ("My parcel", " is lost."):
            await user.types(word)
            await counted(user)
        user.reads("≈ 8 tok")
        assert len(server.requests) == 1


def refusing(kind: str, status: str = "404 Not Found") -> Behave:
    return says(status, json.dumps({"type": "error", "error": {"type": kind, "message": "model: claude-x"}}).encode())


async def test_a_model_that_is_not_found_keeps_no_other_from_being_counted(start: Start) -> None:
    counts = says("200 OK", b'{"input_tokens": 4321}')
    async with (
        serving(refusing("not_found_error"), counts, refusing("invalid_request_error", "400 Bad"), counts) as server,
        start("small", counts=True, chosen=reaching(server.base_url)) as user,
    ):
        session = user.chat.session
        user.chat.change(session.with_param(user.chat.lane, "model", "claude-x"))
        await user.types("My parcel")
        await counted(user)
        await user.types(" is")
        await counted(user)
        assert len(server.requests) == 1, "that model is not asked for again"
        user.chat.change(session.with_param(user.chat.lane, "model", "claude-opus-5-5"))
        await counted(user)
        user.reads("4 321 in")
        await user.types(" lost.")
        await counted(user)
        user.reads("≈ ")
        user.chat.show_panel()
        await counted(user)
        assert len(server.requests) == 3, "what was refused is not asked again"
        await user.presses("backspace")
        await counted(user)
        user.reads("4 321 in")
        assert len(server.requests) == 4


async def test_many_lanes_are_counted_a_few_at_a_time_and_a_refusal_ends_it(start: Start) -> None:
    busy = refusing("rate_limit_error", "429 Too Many Requests")
    async with (
        serving(*[busy] * 8) as server,
        start("usual", counts=True, chosen=reaching(server.base_url)) as user,
    ):
        await user.does("compare", *["add"] * 5)
        session = user.chat.session
        for at, lane in enumerate(session.lanes):
            session = session.with_lane(replace(session.lane(lane.id), params=Params(max_tokens=100, system=f"S{at}")))
        user.chat.change(session)
        user.chat.to_prompt()
        await user.types("My parcel")
        await counted(user)
        user.reads("≈ ")
        assert 1 <= len(server.requests) <= counting.AT_ONCE


async def test_lanes_that_share_a_cached_system_prompt_are_offered_to_warm_one_first(start: Start) -> None:
    async with start("usual") as user:
        begun(user, cache_system="5m")
        await user.does("compare")
        user.chat.lanes.focus()
        await user.does("add")
        session = user.chat.session
        user.chat.change(session.with_lane(replace(session.lanes[1], params=Params(temperature=0.0))))
        user.chat.to_prompt()
        await user.types("My parcel is lost.")
        await user.does("run")
        dialog = await opened(user, Confirm)
        user.reads("2 lanes share a prompt of ≈ 1 59", "Warm one first")
        await user.presses("w")
        await closed(user)
        await user.settles()
        first, second = user.chat.session.runs
        assert first.usage["cache_creation_input_tokens"] == second.usage["cache_read_input_tokens"] > 1024
        assert dialog is not user.app.screen


def _received(user: User) -> list[Any]:
    server: Any = user.app.runner.simulated._server
    return [each for each in server.received if each.target.endswith("/count_tokens")]


async def test_what_a_run_has_cached_is_not_asked_about_until_its_time_is_over(start: Start) -> None:
    async with start("usual") as user:
        begun(user, cache_system="1h")
        await one_a_value(user, "param:temperature", "0, 1")
        user.chat.prompt.text = "My parcel is lost."
        await user.does("run")
        await opened(user, Confirm)
        user.reads("Write the cache once?", "2 lanes share")
        await user.presses("w")
        await user.until(lambda: user.chat.lives or user.chat.session.runs)
        await user.settles()
        user.chat.prompt.text = "And if it comes back?"
        await user.does("run")
        await user.until(lambda: user.chat.lives or len(user.chat.session.runs) > 2 or len(user.app.screen_stack) > 1)
        assert not isinstance(user.app.screen, Confirm)
        await user.settles()
        reads = [run.usage["cache_read_input_tokens"] > 1024 for run in user.chat.session.runs]
        assert reads == [False, True, True, True]
        old = [replace(run, started=run.started and run.started - timedelta(hours=1)) for run in user.chat.session.runs]
        user.chat.change(replace(user.chat.session, runs=tuple(old)))
        user.chat.prompt.text = "Thanks."
        await user.does("run")
        await opened(user, Confirm)
        user.reads("Write the cache once?")
