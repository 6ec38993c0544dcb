"""Tool loops without a screen: what follows each answer, until no call is left or something keeps it from going on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from workbench.cli import attaching
from workbench.cli.arguments import UsageError
from workbench.cli.canned import finder, missing
from workbench.cli.planning import Order, Planned, made, recorded
from workbench.cli.sending import Turn
from workbench.core import tool_loop
from workbench.core.session import next_id
from workbench.core.state import State

if TYPE_CHECKING:
    from workbench.cli.keeping import Keeper
    from workbench.core.record import RunRecord
    from workbench.core.session import Message, Session

Allow: TypeAlias = Callable[[Order, Sequence[Planned]], None]
"""Raises UsageError where the next round may not be sent."""


@dataclass(frozen=True, slots=True)
class Follow:
    """What follows an answer: the next round, and what is to be said."""

    next: Planned | None = None
    said: tuple[str, ...] = ()
    """How calls were answered."""
    problem: str = ""
    """Why the loop ends before its end."""


class Loops:
    """Every lane's loop, each by itself; of several answers to one question each has its own."""

    def __init__(self, order: Order, keeper: Keeper, planned: Sequence[Planned], rounds: int, allow: Allow) -> None:
        self._order = order
        self._keeper = keeper
        self._rounds = rounds
        self._allow = allow
        self._find = finder(order.subject)
        self._number = max((int(next_id("r", (each.run,))[1:]) for each in planned), default=1)
        self._before = frozenset(order.session.run_by_id)
        self._told = {said for each in planned for said in attaching.changed(each.request)}
        """Files of which it was said that they have changed."""
        self.failed = False
        """Whether one ended before its end."""

    def after(self, planned: Planned, record: RunRecord) -> Follow:
        """What follows a run that is kept already."""
        session = self._keeper.session
        message = session.messages[-1] if session.messages else None
        if record.state is not State.COMPLETE or message is None or message.run != record.id:
            return Follow()
        follow = self._follow(planned, message)
        self.failed = self.failed or bool(follow.problem)
        return follow

    def spent(self, record: RunRecord) -> str:
        """What the rounds up to a run that is kept cost together, and now; empty where it is the only one."""
        session = self._keeper.session
        message = next((each for each in reversed(session.messages) if each.run == record.id), None)
        return "" if message is None else tool_loop.spent(session, message.id, self._before)

    def _follow(self, planned: Planned, message: Message) -> Follow:
        session = self._keeper.session
        step = tool_loop.step(session, message)
        if step == "done":
            return Follow()
        if step == "cut":
            why, remedy = tool_loop.why_cut(session, message)
            return Follow(problem=f"{why}, so nothing can answer it: {remedy or 'run asks for it once more'}")
        done = len(tool_loop.rounds(session, message.id))
        if done >= self._rounds:
            return Follow(problem=f"stopped after {done} round{'s'[: done != 1]}: --max-rounds {done * 2} allows more")
        if step == "paused":
            return self._next(planned, message.id, session, ("the server paused its turn: it goes on",))
        answers = self._find(session, message.id)
        if answers.missing:
            return Follow(problem=missing(answers))
        content = tool_loop.answer(answers.calls, answers.results)
        said = session.say(session.lane(planned.run.lane), content, parent=message.id)
        return self._next(planned, said.messages[-1].id, said, tuple(map(tool_loop.told, answers.calls)))

    def _next(self, planned: Planned, tip: str, session: Session, said: tuple[str, ...]) -> Follow:
        order = Order(
            session, (Turn(planned.run.lane, tip),), self._order.subject, self._order.endpoint, self._order.catalogue
        )
        try:
            changed = tuple(each for each in attaching.changed(order.request(order.turns[0])) if each not in self._told)
            self._told.update(changed)
            order = recorded(order)
            next_ = made(order, order.turns[0], f"r{self._number}", planned.label, datetime.now(UTC))
            self._allow(order, (next_,))
        except UsageError as error:
            return Follow(problem=str(error))
        self._number += 1
        self._keeper.say(order.session)
        return Follow(next_, (*said, *changed))
