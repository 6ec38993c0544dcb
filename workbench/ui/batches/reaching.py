"""Where a batch is asked about: at the endpoint that has it, whichever is chosen now, and only where a key may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core.problem import Problem
from workbench.engine import endpoints, keys
from workbench.engine.endpoints import Chosen, EndpointError
from workbench.ui.chat import permission

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.desk import Desk

RECORDING: Final = "A recording answers in place of every endpoint: start without --replay to ask about it."
UNKNOWN: Final = "{name} is not in the configuration: add it there, or start with its address (--base-url)."


@dataclass(frozen=True, slots=True)
class Reach:
    """The endpoint of a batch, or why it can't be asked."""

    chosen: Chosen | None
    why: str = ""


def reach(desk: Desk, name: str) -> Reach:
    """The endpoint of that name with its key, as far as they are to hand."""
    if name == desk.chosen.endpoint.name:
        return _with_key(desk.chosen)
    if desk.replay is not None:
        return Reach(None, RECORDING)
    if name not in endpoints.names(desk.config):
        return Reach(None, UNKNOWN.format(name=name or "Its endpoint"))
    try:
        return _with_key(endpoints.choose(desk.config, name=name, environ=desk.environ, folder=desk.folder))
    except EndpointError as error:
        return Reach(None, str(error))


def _with_key(found: Chosen) -> Reach:
    """Where the key goes is another question: that of `unasked`."""
    if found.endpoint.simulated:  # it has no address before it is started
        return Reach(found)
    wanted = keys.way(found.endpoint, found.key)
    refused: Problem | None = keys.refusal(found.endpoint, found.key, frozenset({wanted} if wanted else ()))
    return Reach(found) if refused is None else Reach(None, str(found.problem or refused))


def unasked(chat: Chat, chosen: Chosen) -> bool:
    """Whether the person must agree first that the key goes there."""
    return any(True for _ in permission.where(chat, chosen))
