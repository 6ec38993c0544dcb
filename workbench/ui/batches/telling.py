"""What there is to know about a batch, in sentences: how it stands, what came of it, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from workbench.core import tool_loop
from workbench.core.batch import WAITING, Batch, Status
from workbench.core.figures import grouped
from workbench.core.safe import display
from workbench.ui.batches.listing import cost

if TYPE_CHECKING:
    from workbench.core.record import RunRecord

Key = Callable[[str], str]
"""The key of a command, as it is bound now."""
LIVE: Final = "a batch goes no further by itself. {answer} in Chat does, live and at the full price."
ONE: Final = "a cell is one answer, so nothing answers them."


def sentences(batch: Batch, now: datetime, key: Key, *, here: str, why: str = "", calls: int = 0) -> Iterator[str]:
    """About one batch; `here` is the endpoint that is chosen, `why` says why it isn't asked about by itself."""
    sent = "" if batch.created is None else f" · sent {batch.created.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
    yield display(f"{batch.server_id or 'no id yet'} · {batch.endpoint}{sent}")
    if batch.problem:
        yield display(batch.problem)
    if batch.status in WAITING and why:
        yield display(f"It is not asked about: {why}")
    elif batch.status is Status.COLLECTED:
        kept = f"in {batch.subject}" if batch.sweep else "in the conversation"
        paid = f"{cost(batch)}, half the price" if batch.cost_usd is not None else "half the price"
        said = (f"Its answers stand {kept}: {paid}.", *left(batch, calls, key, here))
        yield display(" ".join((*said, f"{key('unset')} takes it off this list.")))
    elif not batch.problem and batch.status in STANDS:
        yield STANDS[batch.status].format(r=key("rerun"), x=key("unset"))


STANDS: Final = {
    Status.IN_PROGRESS: "Results come when all of it has ended, within 24 hours, usually within one. "
    "{r} asks now, {x} cancels.",
    Status.CANCELING: "What is answered by now will come, and costs; the rest is cancelled and costs nothing.",
    Status.ENDED: "Its results are fetched as soon as nothing else writes them. {r} fetches now.",
}


def left(batch: Batch, calls: int, key: Key, here: str) -> Iterator[str]:
    """What its results leave to do: where they are seen, what failed, what was never asked, what calls tools."""
    if batch.sweep and batch.endpoint != here:
        yield f"Sweep shows them while {batch.endpoint} is chosen."
    failed, unasked = batch.counts.errored, batch.counts.canceled + batch.counts.expired
    if failed:
        yield f"{grouped(failed)} failed: {key('rerun')} in {'Sweep asks them' if batch.sweep else 'Chat asks'} again."
    if unasked:
        were, they = ("were", "they are missing, and cost") if unasked > 1 else ("was", "it is missing, and costs")
        why = "before it was cancelled" if batch.counts.canceled else "within 24 hours"
        yield f"{grouped(unasked)} {were} not asked {why}: {they} nothing."
    if calls:
        answers = f"{grouped(calls)} answers call" if calls > 1 else "1 answer calls"
        yield f"{answers} tools: {ONE if batch.sweep else LIVE.format(answer=key('answer'))}"


def calls_in(records: Iterable[RunRecord]) -> int:
    """How many of these answers call tools, or were paused."""
    return sum(tool_loop.is_open(record) for record in records)
