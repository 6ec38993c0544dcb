"""What is made of each message of a conversation, and kept; such as the variables that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, TypeVar

from workbench.core import template

if TYPE_CHECKING:
    from workbench.core.kinds import Json
    from workbench.core.session import Lane, Message, Session

ASKS = "asks"
Made = TypeVar("Made")


def of(
    session: Session, name: Hashable, tip: str | None, made: Callable[[Iterable[Message]], tuple[Made, ...]]
) -> tuple[Made, ...]:
    """What is made of each message of a conversation; of one that went on, only of what came."""
    if tip is None:
        return ()
    found: tuple[Made, ...] | None = session.memo.get((name, tip))
    if found is None:
        message = session.by_id[tip]
        before: tuple[Made, ...] | None = session.memo.get((name, message.parent))
        found = made(session.path(tip)) if before is None else (*before, *made((message,)))
        session.memo[name, tip] = found
    return found


def asked_names(session: Session, lane: Lane, tip: str | None, draft: str | Json | None = None) -> tuple[str, ...]:
    """The variables that the next request asks for, in order."""
    system = template.names(session.params_of(lane).system or "")
    said = of(session, ASKS, tip, _asks)
    asked = template.names(draft if isinstance(draft, str) else _text_of(draft)) if draft is not None else ()
    return tuple(dict.fromkeys((*system, *said, *asked)))


def _text_of(draft: Json) -> str:
    from workbench.core import attached

    return attached.text_of(draft)


def _asks(messages: Iterable[Message]) -> tuple[str, ...]:
    return tuple(name for message in messages if message.role != "assistant" for name in message.asks)
