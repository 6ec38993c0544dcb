"""The main job: type, run, read, change a parameter, run again, save, open again."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from tests.ui.story import User

Start = Callable[..., AbstractAsyncContextManager[User]]
TICKET = "Classify this ticket and draft a reply in a table:\n\n> My order {{order_id}} arrived broken. I wrote twice!"


async def test_the_first_start_says_that_the_simulator_answers_and_how_to_set_a_key(start: Start) -> None:
    async with start("usual") as user:
        user.reads("simulated", "ANTHROPIC_API_KEY", "Type a prompt", "No API key", "palette")
        await user.sees("first-start")


async def test_a_prompt_streams_an_answer_with_its_limits_and_its_cost(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_variable("order_id", "#88231"))
        await user.asks(TICKET)
        user.reads("you  1", "simulated  2", "end_turn", "out", "req", "session")
        await user.sees("chat")


async def test_a_changed_parameter_and_an_empty_editor_run_the_last_turn_again(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 120))
        await user.asks("Name three colours.")
        await user.does("tune")
        user.chat.panel.at = "param:temperature"
        await user.does("more", "less-big", "less-big")
        assert user.chat.session.params.temperature == 0.5
        await user.does("run")
        await user.settles()
        assert len(user.chat.session.runs) == 2
        user.reads("run 2 of 2 ‹ ›")
        user.chat.view.focus()
        await user.does("less")
        user.reads("run 1 of 2 ‹ ›")
        await user.sees("runs-of-a-turn")


async def test_a_saved_session_opens_to_the_same_screen(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Explain caching with a list.")
        await user.does("save")
        await user.settles()
        path = user.chat.document.path
        assert path is not None
        user.app.clear_notifications()
        await user.pilot.pause()
        before = user.screen
        assert tomllib.loads(path.read_text())["messages"][0]["text"] == "Explain caching with a list."
    async with start("usual", file=path) as user:
        user.app.clear_notifications()
        await user.pilot.pause()
        assert body(user.screen) == body(before)


def body(screen: str) -> list[str]:
    """The conversation, the panel and the prompt: without the strip, which speaks of the present run."""
    return screen.splitlines()[:-2]
