"""Parcels sent as batches, and batches waited for until they have ended, or a signal comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.cli.sweep_progress import bar, clock_time
from workbench.core import batch_items
from workbench.core.batch import Batch, Status, poll_s
from workbench.core.cost import money
from workbench.engine.runner import Runner

if TYPE_CHECKING:
    from workbench.cli.batch_book import Book
    from workbench.cli.context import Context
    from workbench.cli.output import Output
    from workbench.cli.signals import Stopped
    from workbench.core.batch_items import Item
    from workbench.engine.batching import Batching
    from workbench.engine.endpoints import Chosen

DRAW_S = 0.5


def batching(runner: Runner, chosen: Chosen, around: Context, book: Book) -> Batching:
    from workbench.engine.batching import Batching

    return Batching(runner, chosen, around.catalogue, book.file)


def runner_for(chosen: Chosen, around: Context) -> Runner:
    return Runner(catalogue=around.catalogue, confirmed=chosen.agreed)


async def submit(
    items: Sequence[Item], row: Batch, work: Batching, book: Book, around: Context, output: Output
) -> list[Batch]:
    """The batches that the server has now. Raises UsageError where one was not taken; those before it go on."""
    sent: list[Batch] = []
    for parcel in batch_items.parcels(items, work.endpoint):
        price = batch_items.price(parcel.items, work.endpoint, around.catalogue)
        named = Batch(book.next_id(), row.endpoint, sweep=row.sweep, lanes=row.lanes, estimate_usd=price.high)
        made = await work.submit(parcel, named, book.keep)
        if made.status is Status.LOST:
            await book.drop(made.id)
            before = f" {', '.join(each.id for each in sent)} went before, and goes on." if sent else ""
            raise UsageError(f"the batch was not taken: {made.problem}{before}")
        sent.append(made)
        if made.status is Status.INTENDED:
            output.note(f"{made.id}: {made.problem}")
            break
        are = "request is" if made.requests == 1 else "requests are"
        output.note(f"{made.id}: {made.requests:,} {are} with {work.endpoint.name} as {made.server_id}")
    return sent


async def follow(
    book: Book,
    batches: Sequence[Batch],
    work: Batching,
    output: Output,
    stopped: Stopped,
    *,
    sleep_s: float | None = None,
) -> None:
    """Ask again and again until none of them is open any more, or a signal came."""
    begun = time.monotonic()
    told: set[str] = set()
    signalled = asyncio.create_task(stopped.wait())
    try:
        while not stopped:
            rows = [book.row(each.id) for each in batches]
            for row in rows:
                if row.open or row.status is Status.INTENDED:
                    looked = await work.look(row, book.known_ids)
                    if looked.problem and looked.problem not in told:
                        told.add(looked.problem)
                        output.note(f"{row.id}: {looked.problem}")
                    if looked != row:
                        await book.keep(looked)
            rows = [book.row(each.id) for each in batches]
            if not any(row.open for row in rows):
                return
            waited = time.monotonic() - begun
            until = time.monotonic() + (poll_s(waited) if sleep_s is None else sleep_s)
            while (left := until - time.monotonic()) > 0 and not stopped:
                output.draw(line(rows, time.monotonic() - begun))
                await asyncio.wait({signalled}, timeout=min(left, DRAW_S))
    finally:
        signalled.cancel()
        output.clear()


def line(rows: Sequence[Batch], waited: float) -> str:
    """`[━━━╸────] 0 of 1,000 done · waiting 1m12s · ^C leaves it going on`."""
    number = sum(row.requests for row in rows)
    done = sum(row.counts.done for row in rows)
    share = bar(done / number if number else 0)
    return f"[{share}] {done:,} of {number:,} done · waited {clock_time(waited)} · ^C leaves it going on"


def told_price(price: batch_items.Price, *, simulated: bool) -> str:
    """`≈$0.10–$0.42 at half the price`."""
    if price.low is None or price.high is None:
        return f"half of a price that is unknown for {', '.join(price.unpriced)}"
    text = money(price.low) if price.low == price.high else f"{money(price.low)}–{money(price.high)}"
    return f"≈{text}{' simulated' if simulated else ''} at half the price"


def pending_usd(book: Book) -> Decimal:
    """The most that batches whose results are still to come may cost."""
    return sum((each.estimate_usd or Decimal(0) for each in book.waiting), Decimal(0))
