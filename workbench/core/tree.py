"""What follows from the messages of a session alone; sessions that share their messages share it.

Every step makes another session, and of a long one nothing of this changes with a parameter, little with a message.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from workbench.core.session import Message


LETTER: Final = "m"
"""Of the ids of messages."""
DIGITS: Final = 16
PATHS: Final = 48
"""Conversations, and things made of them, that are handed on: each of a long session is as long as it."""


class Tree:
    """The messages by their ids, under each other, and the conversations asked for so far."""

    def __init__(self, messages: tuple[Message, ...], before: Tree | None = None) -> None:
        self.messages = messages
        known = before if before is not None and _goes_on(before.messages, messages) else None
        fresh = messages[len(known.messages) if known is not None else 0 :]
        self.by_id: dict[str, Message] = {**known.by_id} if known is not None else {}
        self.children: dict[str | None, list[Message]] = {**known.children} if known is not None else {}
        self._paths: dict[str | None, tuple[Message, ...]] = {None: (), **_recent(known._paths if known else {})}
        self.memo: dict[Any, Any] = _recent(known.memo if known else {})
        """What others worked out, by their name for it and the message that ends the conversation it is about."""
        self.highest: int = max((known.highest if known is not None else 0, *map(_number, fresh)))
        """The number of the last of the ids that are numbered."""
        copied: set[str | None] = set()
        for message in fresh:
            self.by_id[message.id] = message
            if message.parent not in copied:
                copied.add(message.parent)
                self.children[message.parent] = [*self.children.get(message.parent, ())]
            self.children[message.parent].append(message)

    def path(self, tip: str | None) -> tuple[Message, ...]:
        """The conversation that ends in `tip`, from its root."""
        found = self._paths.get(tip)
        if found is None:
            upwards: list[Message] = []
            at = tip
            while at not in self._paths and len(upwards) <= len(self.messages):
                message = self.by_id[at or ""]
                upwards.append(message)
                at = message.parent
            found = self._paths[tip] = (*self._paths.get(at, ()), *reversed(upwards))
        return found


def _recent(things: dict[Any, Any]) -> dict[Any, Any]:
    return dict(list(things.items())[-PATHS:])


def numbered(name: str, letter: str) -> int:
    """The number of an id such as `m12`; 0 for any other, and for one that nobody would count up to."""
    number = name[1:]
    return int(number) if name[:1] == letter and len(number) < DIGITS and number.isdecimal() else 0


def _number(message: Message) -> int:
    return numbered(message.id, LETTER)


def _goes_on(before: tuple[Message, ...], messages: tuple[Message, ...]) -> bool:
    """Whether nothing but new messages came."""
    return bool(before) and len(before) <= len(messages) and all(map(is_, before, messages))


_newest: list[Tree] = []
"""The tree that was asked for last."""


def of(messages: tuple[Message, ...]) -> Tree:
    """The tree of these messages."""
    before = _newest[0] if _newest else None
    if before is None or before.messages is not messages:
        before = Tree(messages, before)
        _newest[:] = [before]
    return before
