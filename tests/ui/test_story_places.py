"""The same screen in every size, and what lies over it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tests.ui.story import User
from workbench.core.config import Config
from workbench.core.params import Params
from workbench.core.session import Session
from workbench.ui.screens.jump import Jump

Start = Callable[..., AbstractAsyncContextManager[User]]
PRESETS = Config(presets={"strict": Params(temperature=0.0), "warm": Params(temperature=1.0, top_k=40)})


async def conversation(user: User) -> None:
    """Two turns with a system prompt, a variable and a stop sequence."""
    chat = user.chat
    session = chat.session.with_variable("order_id", "#88231").with_variable("customer", "Ada L.")
    session = session.with_system(
        chat.lane, "You are a support triage agent.\nAnswer in the customer's language;\nnever promise dates."
    )
    session = session.with_param(session.lane(), "temperature", 0.7)
    session = session.with_param(session.lane(), "stop_sequences", ["\n\nHuman:", "END"])
    chat.change(session.with_param(session.lane(), "max_tokens", 150))
    await user.asks("Classify this ticket and draft a reply:\n\n> My order {{order_id}} arrived broken.")
    await user.asks("Make the reply warmer, two sentences.")
    user.chat.prompt.focus()
    await user.types("Now translate the reply to French, keep\n{{order_id}} unchanged.")


@pytest.mark.parametrize("size", ["small", "usual", "large"])
async def test_a_conversation_fits_every_size(start: Start, size: str) -> None:
    async with start(size, config=PRESETS) as user:
        await conversation(user)
        user.reads("you", "simulated", "prompt", "session")
        await user.sees(f"conversation-{size}")


async def test_the_parameters_open_as_a_drawer_where_there_is_no_room(start: Start) -> None:
    async with start("small", config=PRESETS) as user:
        await conversation(user)
        assert "PARAMETERS" not in user.screen
        await user.does("tune")
        user.reads("PARAMETERS", "temperature", "stop")
        await user.sees("drawer-small")
        await user.does("back")
        assert "PARAMETERS" not in user.screen


async def test_a_terminal_of_forty_by_ten_still_works(start: Start) -> None:
    async with start("tiny") as user:
        await user.asks("Say hello.")
        user.reads("2 out", "simulated", "^J run")
        await user.sees("tiny")


@pytest.mark.parametrize(("command", "name"), [("palette", "palette"), ("help", "keys"), ("jump", "jump")])
async def test_every_overlay_opens_from_its_key_and_closes_with_escape(start: Start, command: str, name: str) -> None:
    async with start("usual", config=PRESETS) as user:
        await conversation(user)
        await user.does(command)
        await user.until(lambda: user.app.screen is not user.chat)
        await user.sees(name)
        await user.presses("escape")
        assert user.app.screen is user.chat


async def test_jumping_takes_two_keys_to_any_row(start: Start) -> None:
    async with start("usual") as user:
        await user.does("jump")
        await user.until(lambda: user.app.screen is not user.chat)
        screen = user.app.screen
        assert isinstance(screen, Jump)
        labels = {target.id: label for label, target in screen.targets.items()}
        await user.presses(*labels["param:temperature"])
        assert user.chat.panel.at == "param:temperature"
        assert user.chat.panel.has_focus


@pytest.mark.parametrize("theme", ["paper", "nightshift-256", "gruvbox-dark"])
async def test_a_theme_colours_everything(start: Start, theme: str) -> None:
    async with start("usual", config=Config(theme=theme, presets=PRESETS.presets)) as user:
        await conversation(user)
        await user.sees(f"theme-{theme}")


async def test_an_empty_session_can_be_saved_and_has_no_step_to_undo(start: Start) -> None:
    async with start("usual") as user:
        user.chat.view.focus()
        await user.does("undo")
        user.reads("Nothing to undo")
        assert user.chat.session.messages == Session().messages
