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
"""Statuses of a server that doesn't count at all."""


class Counts:
    """What was counted since the start, and where there is no use in asking."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, int] = OrderedDict()
        self._not_before: dict[str, float] = {}
        """For each endpoint that failed, when it may be asked again, on the runner's clock."""
        self.timer: Timer | None = None
        self.wanted: tuple[Request, ...] = ()
        """What is counted when the timer rings."""

    def of(self, request: Request, endpoint: Endpoint) -> int | None:
        return self._known.get(_name(request, endpoint)) if self._known else None

    def keep(self, request: Request, endpoint: Endpoint, count: int) -> None:
        self._known[_name(request, endpoint)] = count
        while len(self._known) > KEPT:
            self._known.popitem(last=False)

    def failed(self, endpoint: Endpoint, problem: Problem, now: float) -> None:
        """It is tried again after a while, unless the server has nothing that counts."""
        never = problem.status in NO_COUNTS
        self._not_before[endpoint.name] = float("inf") if never else now + RETRY_S

    def useful(self, endpoint: Endpoint, now: float) -> bool:
        return now >= self._not_before.get(endpoint.name, 0.0)


def _name(request: Request, endpoint: Endpoint) -> Hashable:
    """Everything that a count depends on; what a model makes of a text is its own."""
    from workbench.core.preflight import counted_by

    return (endpoint.name, endpoint.base_url, counted_by(request), request.turns)


def look(chat: Chat, plans: Iterable[Preview]) -> None:
    """Count what isn't counted yet, once nothing was changed for a moment."""
    counts = chat.counts
    if counts.timer is not None:
        counts.timer.stop()
        counts.timer = None
    endpoint = chat.desk.chosen.endpoint
    sendable = (plan for plan in plans if not any(each.blocking for each in plan.cautions))
    counts.wanted = tuple(plan.request for plan in sendable if not plan.forecast.counted)
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
    """Ask for each; one that fails leaves its estimate as it is, and says nothing."""
    chosen, runner = chat.desk.chosen, chat.workbench.runner
    small = [each for each in requests if _may_leave(each) and sum(map(len, each.pieces())) <= LARGEST]
    answers = await asyncio.gather(*(runner.count_tokens(each, chosen.endpoint, chosen.key) for each in small))
    for request, answer in zip(small, answers, strict=True):
        if isinstance(answer, Problem):
            chat.counts.failed(chosen.endpoint, answer, runner.clock())
        else:
            chat.counts.keep(request, chosen.endpoint, answer)
    if any(not isinstance(answer, Problem) for answer in answers) and chat.is_attached:
        chat.show_panel()


def _may_leave(request: Request) -> bool:
    """Whether its files are in it, and nobody must be asked about one before it is sent anywhere."""
    if (
        any(each.strange or each.changed for each in request.files)
        or sum(each.sent for each in request.media) > LARGEST
    ):
        return False
    return not any(True for turn in request.turns for _ in attached.paths(turn.wire["content"]))
