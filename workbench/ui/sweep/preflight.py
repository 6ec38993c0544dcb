"""What a sweep will take, shown before it begins: each distinct prompt is counted once by the server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from workbench.core.preflight import Preflight, alike, answered_by, preflight, to_count
from workbench.core.preflight_time import latest_limits
from workbench.core.problem import Problem
from workbench.ui.chat import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.core.params import Params
    from workbench.core.request import Request
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.confirm import Confirm
    from workbench.ui.sweep.sweeping import Sweeping

SEND: Final = "send"
AT_ONCE: Final = 4
"""Counts that are asked for at the same time."""
SAID: Final = 6
"""Cautions that are shown; of more only how many."""


async def prepared(chat: Chat, sweeping: Sweeping, told: Callable[[int, int], None]) -> Preflight:
    """The preflight of what is missing; `told` hears how many prompts are counted, and of how many."""
    missing = sweeping.sweeper.missing
    wanted = to_count(sweeping.plan, missing)
    counts: dict[Params, int] = {}
    turn = asyncio.Semaphore(AT_ONCE)
    told(0, len(wanted))

    failed = False

    async def count(key: Params, request: Request) -> None:
        """A count that fails leaves an estimate in its place: the preflight says which it is.

        A server that doesn't count, or doesn't answer, isn't asked for each of a thousand; one that refuses a prompt is
        asked for the others.
        """
        nonlocal failed
        async with turn:
            if failed:
                return
            chosen = chat.desk.chosen
            found = await chat.workbench.runner.count_tokens(request, chosen.endpoint, chosen.key)
        if isinstance(found, Problem):
            failed = failed or not counting.about_the_request(found)
        else:
            counts[key] = found
            told(len(counts), len(wanted))

    await asyncio.gather(*(count(key, request) for key, request in wanted.items()))
    catalogue, endpoint = chat.desk.catalogue, chat.desk.chosen.endpoint
    records = answered_by(endpoint, (*chat.session.runs, *chat.document.results))
    return preflight(
        sweeping.plan,
        missing,
        endpoint,
        catalogue,
        counts=counts,
        limits=latest_limits(records, catalogue),
        past=alike(sweeping.plan, chat.document.results, endpoint),
        elsewhere=len(sweeping.besides - sweeping.records.keys()),
        failed=len(sweeping.sweeper.failed),
        today=chat.desk.now().date(),
    )


def dialog(found: Preflight, name: str) -> Confirm:
    """The question before a sweep of more than one request; `name` is what it varies."""
    from workbench.core.figures import grouped
    from workbench.ui.screens.confirm import Answer, Confirm

    said = [each.text for each in found.cautions[:SAID]]
    more = len(found.cautions) - len(said)
    lines = (name, found.line(), *(f"! {each}" for each in said), *([f"! and {more} more"] if more > 0 else []))
    answers = (Answer(SEND, "s", f"Send {grouped(found.missing)}"), Answer("stay", "n", "Don't send"))
    return Confirm("Sweep?", lines, answers, SEND)
