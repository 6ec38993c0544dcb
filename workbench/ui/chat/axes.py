"""Several values of a parameter, asked for at its row: a lane for each, or an axis of a sweep."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import axis_text, lanes
from workbench.core.params import BY_KEY
from workbench.ui.chat import comparing, handlers, tuning

if TYPE_CHECKING:
    from workbench.core.session import Lane, Session
    from workbench.core.sweep import Axis
    from workbench.ui.chat.screen import Chat
    from workbench.ui.widgets.parameters import Parameters

SEVERAL: Final = 2


async def wished(chat: Chat, event: Parameters.Wished) -> None:
    """The row's values become lanes in Compare, or an axis in Sweep."""
    key = event.row.removeprefix("param:")
    if key not in BY_KEY:
        chat.tell("That works on a parameter or on the system prompt.")
        return
    if event.where == "lanes":
        await one_per_value(chat, key)
        return
    await handlers.beyond("add_axis")(chat, key)


async def one_per_value(chat: Chat, key: str) -> None:
    """One lane a value: the focused lane takes the first, clones of it the others."""
    axis = await ask(chat, key)
    if axis is None:
        return
    if len(axis.values) > lanes.MOST_AT_ONCE:
        chat.tell(f"{len(axis.values)} lanes are too many; up to {lanes.MOST_AT_ONCE}: sweep them instead.", "warning")
        return
    before = len(chat.session.lanes)
    chat.change(_laned(chat, axis))
    await comparing.enter(chat)
    chat.tell(f"{len(chat.session.lanes) - before + 1} lanes, one a value of {axis.label}.")


def _laned(chat: Chat, axis: Axis) -> Session:
    if axis.key != "system":
        return lanes.one_per_value(chat.session, chat.lane, axis.key, axis.values)
    session, at = chat.session, chat.lane
    for number, value in enumerate(axis.values):
        if number:
            session, at = lanes.clone(session, at)
        at = lanes.own(session, at, "system", None)  # a prompt that is no version would stand in the place of all
        version = str(value) if session.system(str(value)) is not None else None
        if version is None and value is not None:
            session = session.with_system(at, str(value))
            at = session.lane(at.id)
        else:
            at = replace(at, system=version)
            session = session.with_lane(at)
    return session


async def ask(chat: Chat, key: str) -> Axis | None:
    """The values a person types for a parameter, with some to begin from; None where they leave it."""
    from workbench.ui.screens.ask import Ask

    help_ = "A lane for each value, with commas between them; an empty one is not sent."

    check = partial(axis_text.mistake, key, least=SEVERAL)
    initial = suggested(chat, key, chat.lane)
    text = await chat.app.push_screen_wait(
        Ask(f"Values of {BY_KEY[key].label}", help=help_, initial=initial, check=check)
    )
    return None if not text else axis_text.axis_of(key, text)


def suggested(chat: Chat, key: str, lane: Lane) -> str:
    """Values to begin from: those the model takes, the versions there are, those worth comparing, the present one."""
    versions = [system.id for system in chat.session.systems]
    return axis_text.suggested(key, chat.session.params_of(lane), tuning.words(chat, key), versions)
