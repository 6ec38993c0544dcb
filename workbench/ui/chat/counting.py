"""Tokens counted by the endpoint while nobody types: each request once, beside everything else."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import attached
from workbench.core.problem import Problem

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.core.endpoint import Endpoint
    from workbench.core.request import Request
    from workbench.ui.chat.parameter_rows import Preview
    from workbench.ui.chat.screen import Chat

PAUSE_S: Final = 0.4
"""Seconds after the estimate has been made anew: half a second after the last key."""
RETRY_S: Final = 30.0
"""Seconds without a count after one failed."""
KEPT: Final = 200
LARGEST: Final = 1_000_000
"""Bytes of a request that is sent for nothing but its count."""
NO_COUNTS: Final = frozenset({404, 405, 501})
"""Statuses of a server that doesn't count at all, unless it says in the API's words what it didn't find: the model."""
REFUSED: Final = frozenset({400, 413, 422})
"""Statuses of a request that would be refused whenever it is asked."""
AT_ONCE: Final = 3
"""Counts that are asked for side by side: many lanes share one limit of the API."""


class Counts:
    """What was counted since the start, and where there is no use in asking."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, int] = OrderedDict()
        self._not_before: dict[Hashable, float] = {}
        """For each endpoint that failed, when it may be asked again, on the runner's clock."""
        self._refused: set[Hashable] = set()
        """Requests, and models, that it doesn't count."""
        self.timer: Timer | None = None
        self.wanted: tuple[Request, ...] = ()
        """What is counted when the timer rings."""

    def of(self, request: Request, endpoint: Endpoint) -> int | None:
        return self._known.get(_name(request, endpoint)) if self._known else None

    def keep(self, request: Request, endpoint: Endpoint, count: int) -> None:
        self._known[_name(request, endpoint)] = count
        while len(self._known) > KEPT:
            self._known.popitem(last=False)

    def failed(self, request: Request, endpoint: Endpoint, problem: Problem, now: float) -> None:
        """What is wrong with the request or its model says nothing of others; all else is tried again after a while."""
        if len(self._refused) >= KEPT:
            self._refused.clear()
        if not about_the_request(problem):
            self._not_before[_place(endpoint)] = float("inf") if problem.status in NO_COUNTS else now + RETRY_S
        elif problem.status in REFUSED:
            self._refused.add(_name(request, endpoint))
        else:
            self._refused.add((*_place(endpoint), request.params.model))

    def useful(self, endpoint: Endpoint, now: float) -> bool:
        return now >= self._not_before.get(_place(endpoint), 0.0)

    def countable(self, request: Request, endpoint: Endpoint) -> bool:
        """Whether it wasn't refused before."""
        if not self._refused:
            return True
        return not self._refused & {_name(request, endpoint), (*_place(endpoint), request.params.model)}


def about_the_request(problem: Problem) -> bool:
    """Whether the server counts, but not this request, or not for its model."""
    return problem.status in REFUSED or (problem.status in NO_COUNTS and problem.type is not None)


def _place(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.name, endpoint.base_url


def _name(request: Request, endpoint: Endpoint) -> Hashable:
    """Everything that a count depends on; what a model makes of a text is its own."""
    from workbench.core.preflight import counted_by

    return (*_place(endpoint), counted_by(request), request.turns)


def look(chat: Chat, plans: Iterable[Preview]) -> None:
    """Count what isn't counted yet, once nothing was changed for a moment."""
    counts = chat.counts
    if counts.timer is not None:
        counts.timer.stop()
        counts.timer = None
    endpoint = chat.desk.chosen.endpoint
    sendable = (plan for plan in plans if not any(each.blocking for each in plan.cautions))
    wanted = (plan.request for plan in sendable if not plan.forecast.counted)
    counts.wanted = tuple(each for each in wanted if counts.countable(each, endpoint))
    if (
        counts.wanted
        and _touched(chat)
        and chat.desk.replay is None
        and counts.useful(endpoint, chat.workbench.runner.clock())
    ):
        counts.timer = chat.set_timer(PAUSE_S, partial(begin, chat))


def _touched(chat: Chat) -> bool:
    """Whether the person wrote, changed or sent something: of a session that was only opened nothing leaves."""
    return bool(chat.lasts or chat.document.past) or chat.draft != chat.session.prompt


def begin(chat: Chat) -> None:
    """Ask now."""
    chat.counts.timer = None
    chat.run_worker(_count(chat, chat.counts.wanted), group="counting", exclusive=True, exit_on_error=False)


async def _count(chat: Chat, requests: Iterable[Request]) -> None:
    """Ask for each; one that fails leaves its estimate as it is, and says nothing.

    What came is kept though the next key ends the asking.
    """
    chosen, runner, counts = chat.desk.chosen, chat.workbench.runner, chat.counts
    few = asyncio.Semaphore(AT_ONCE)

    async def one(request: Request) -> bool:
        async with few:
            if not counts.useful(chosen.endpoint, runner.clock()):
                return False
            answer = await runner.count_tokens(request, chosen.endpoint, chosen.key)
        if isinstance(answer, Problem):
            counts.failed(request, chosen.endpoint, answer, runner.clock())
            return False
        counts.keep(request, chosen.endpoint, answer)
        return True

    small = [each for each in requests if _may_leave(each) and sum(map(len, each.pieces())) <= LARGEST]
    different = {_name(each, chosen.endpoint): each for each in small}
    if any(await asyncio.gather(*map(one, different.values()))) and chat.is_attached:
        chat.show_panel()


def _may_leave(request: Request) -> bool:
    """Whether its files are in it, and nobody must be asked about one before it is sent anywhere."""
    if (
        any(each.strange or each.changed for each in request.files)
        or sum(each.sent for each in request.media) > LARGEST
    ):
        return False
    return not any(True for turn in request.turns for _ in attached.paths(turn.wire["content"]))
