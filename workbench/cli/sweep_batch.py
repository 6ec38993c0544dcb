"""`workbench sweep --batch`: what is missing of a sweep goes as message batches, is waited for, and lands in its cells.

Started again while they are on their way, it sends nothing and waits for them.
"""

from __future__ import annotations

import argparse
import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.cli import batch_sending, batch_showing, budget
from workbench.cli.arguments import UsageError
from workbench.cli.batch_book import Book
from workbench.cli.batch_submitting import SIMULATED
from workbench.cli.signals import Stopped, stoppable
from workbench.core import batch_items
from workbench.core.batch import WAITING, Batch, Status
from workbench.core.budget import committed
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.sweep import Job
    from workbench.core.batch_items import Item
    from workbench.core.preflight import Preflight


def asked(job: Job) -> tuple[Item, ...]:
    """What is to be sent; nothing while it is on its way. Raises UsageError for what a batch doesn't take."""
    if _going(job):
        return ()
    items = batch_items.of_sweep(job.plan, job.missing, job.chosen.endpoint)
    if mistakes := batch_items.refused(items, job.chosen.endpoint):
        raise UsageError(" ".join(mistakes))
    return items


def _going(job: Job) -> list[Batch]:
    """The batches of this sweep whose results are still to come from this endpoint."""
    sweep, endpoint = job.plan.sweep.id, job.chosen.endpoint.name
    rows = (row for row in job.definition.session.batches if row.unread is None and row.status in WAITING)
    return [row for row in rows if (row.sweep, row.endpoint) == (sweep, endpoint)]


def run(job: Job, checked: Preflight, items: tuple[Item, ...], options: argparse.Namespace, output: Output) -> int:
    """0 where every answer is there, 1 where one isn't (yet). Raises UsageError before anything is sent."""
    book = Book(job.found, output, job.definition.session)
    going = _going(job)
    if going:
        output.note(f"{', '.join(row.id for row in going)} is on its way already: nothing more is sent")
    else:
        _agree(job, checked, book, output)
    try:
        book.begin()
        status = asyncio.run(_done(job, going, items, book, options, output))
    except StoreError as error:
        raise UsageError(str(error)) from error
    finally:
        book.close()
    return book.ended(status)


def _agree(job: Job, checked: Preflight, book: Book, output: Output) -> None:
    """Raises UsageError where the person at the terminal says no."""
    half = "" if not checked.missing else " · as a batch, at half the price, within 24 h"
    output.say(f"{job.plan.sweep.id}: {checked.line()}{half}")
    batch_showing.failed_before(job, output)
    most = job.around.config.budget_usd
    if most is None or job.chosen.endpoint.simulated or not checked.missing:
        return
    spent = committed((*book.session.runs, *job.earlier), job.around.catalogue) + batch_sending.pending_usd(book)
    budget.ask(most, spent, checked.high or Decimal(0), checked.unpriced, job.chosen.endpoint, output)


async def _done(
    job: Job, going: list[Batch], items: tuple[Item, ...], book: Book, options: argparse.Namespace, output: Output
) -> int:
    runner = batch_sending.runner_for(job.chosen, job.around)
    stopped = Stopped()
    waits = not options.no_wait or job.chosen.endpoint.simulated
    fresh: set[str] = set()
    rows = going
    try:
        with stoppable(stopped):
            work = batch_sending.batching(runner, job.chosen, job.around, book)
            if items:
                row = Batch("", job.chosen.endpoint.name, sweep=job.plan.sweep.id)
                rows = await batch_sending.submit(items, row, work, book, job.around, output)
            if options.no_wait and waits:
                output.note(SIMULATED)
            if waits:
                await batch_sending.follow(book, rows, work, output, stopped)
            for row in rows:
                if book.row(row.id).status is Status.ENDED and waits and not stopped:
                    _, records = await book.fetch(work, book.row(row.id))
                    fresh |= {record.id for record in records}
    finally:
        await runner.aclose()
    rows = [book.row(row.id) for row in rows]
    if stopped or not waits:
        batch_showing.goes_on(rows, book, output)
        if not stopped:
            batch_showing.rows(rows, output, as_json=options.json)
        return stopped.status or (1 if any(row.status is Status.INTENDED for row in rows) else 0)
    return batch_showing.sweep(job, rows, fresh, book, options, output)
