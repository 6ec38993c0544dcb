"""What several stories do with lanes: make them, and wait for them."""

from __future__ import annotations

from tests.ui.acts import closed, on, opened
from tests.ui.story import User
from workbench.ui.screens.ask import Ask

PROMPT = "Name three colours and say why each matters."


def temperatures(user: User) -> list[float | None]:
    return [user.chat.session.params_of(lane).temperature for lane in user.chat.session.lanes]


async def comes(user: User) -> None:
    """What a command began is there and drawn."""
    await closed(user)
    await user.rests()


async def clones(user: User) -> None:
    await user.does("add")
    await comes(user)


async def one_a_value(user: User, row: str, values: str) -> None:
    on(user, row)
    await user.does("view")
    ask = await opened(user, Ask)
    ask.field.value = values
    await user.presses("enter")
    await comes(user)
