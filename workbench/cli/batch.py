"""`workbench batch`: send a session's lanes or a sweep at half the price, ask how far it is, fetch, cancel.

Everything is written into the session before and after it happens, so that any end of the program loses nothing.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.cli import asking, batch_sending, batch_showing, batch_submitting, context, subject
from workbench.cli.arguments import UsageError
from workbench.cli.batch_book import Book
from workbench.cli.signals import Stopped, stoppable
from workbench.core.batch import SERVER_ID, Batch, Status
from workbench.engine import endpoints
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.cli.context import Context
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.engine.batching import Batching
    from workbench.engine.endpoints import Chosen

FOR_SUBMIT = (
    *("prompt", "prompt_file", "system", "set", "var", "lane", "sweep", "repeat", "dry_run", "axis"),
    *("attach", "allow_files"),
)
"""Options that say what is asked; what is asked already isn't changed by them."""


def main(options: argparse.Namespace, output: Output) -> int:
    """0 where every answer is there, 1 where one isn't (yet). Raises UsageError before anything is sent."""
    if options.what == "submit":
        return batch_submitting.main(options, output)
    given = next((name for name in FOR_SUBMIT if getattr(options, name)), None)
    if given is not None:
        raise UsageError(f"--{given.replace('_', '-')} is for batch submit: it says what is asked")
    around = context.read(output)
    found = subject.begin(asking.read(options), around.config, output, hold=True)
    if found.new:
        raise UsageError(f"{options.file}: there is no such file")
    book = Book(found, output)
    try:
        status = asyncio.run(_done(options, found, around, book, output))
    except StoreError as error:
        raise UsageError(str(error)) from error
    finally:
        book.close()
    return book.ended(status)


async def _done(options: argparse.Namespace, found: Subject, around: Context, book: Book, output: Output) -> int:
    if not book.writable and options.what != "status":
        raise UsageError(f"{book.file} can't be written: {found.why}")
    if options.server_id is not None:
        await _adopt(options, book)
    chosen_rows = book.chosen(options.batch)
    if not chosen_rows:
        output.note(f"{book.file} has no batch yet: workbench batch submit sends one")
        return 0
    stopped = Stopped()
    at_work: set[str] = set()
    with stoppable(stopped):
        for endpoint in dict.fromkeys(row.endpoint for row in chosen_rows):
            rows = [row for row in chosen_rows if row.endpoint == endpoint]
            chosen = _chosen(options, around, endpoint, rows, output)
            if chosen is None:
                continue
            runner = batch_sending.runner_for(chosen, around)
            try:
                work = batch_sending.batching(runner, chosen, around, book)
                at_work |= await _work(options, rows, work, book, output, stopped)
            finally:
                await runner.aclose()
    rows_now = [book.row(row.id) for row in chosen_rows]
    if stopped:
        batch_showing.goes_on(rows_now, book, output)
        return stopped.status
    if options.what == "results":
        return batch_showing.results(rows_now, at_work, found, book, output, as_json=options.json)
    batch_showing.rows(rows_now, output, as_json=options.json)
    return 1 if any(row.status is Status.LOST for row in rows_now) else 0


def _chosen(
    options: argparse.Namespace, around: Context, endpoint: str, rows: Sequence[Batch], output: Output
) -> Chosen | None:
    """The endpoint that has these batches; None where it is another that was chosen, which is said."""
    named = options.endpoint or (None if options.base_url else endpoint)
    if named is not None and options.endpoint is None and options.base_url is None:
        chosen = around.choose(kept=named, name=None, base_url=None)
    else:
        chosen = around.choose(name=options.endpoint, base_url=options.base_url)
    ids = ", ".join(row.id for row in rows)
    if chosen.endpoint.name != endpoint:
        known = endpoint in endpoints.names(around.config)
        way = f"--endpoint {endpoint}" if known else f"the address of {endpoint} with --base-url"
        output.note(f"{ids} is with {endpoint}, and {chosen.endpoint.name} is asked: give {way}")
        return None
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    if chosen.problem is not None and chosen.key is None:
        raise UsageError(str(chosen.problem))
    return chosen


async def _adopt(options: argparse.Namespace, book: Book) -> None:
    """Take the person's word for which of the server's batches a row is. Raises UsageError."""
    rows = book.chosen(options.batch)
    if options.batch is None or len(rows) != 1:
        raise UsageError("--server-id goes with --batch ID: it says which of the server's batches that one is")
    if not SERVER_ID.fullmatch(options.server_id):
        raise UsageError(f"--server-id {options.server_id!r} is no id of a server, like msgbatch_01ab")
    if rows[0].status not in {Status.INTENDED, Status.LOST}:
        raise UsageError(f"{rows[0].id} is known as {rows[0].server_id} already")
    await book.keep(replace(rows[0], server_id=options.server_id, status=Status.IN_PROGRESS, problem=""))


async def _work(
    options: argparse.Namespace, rows: Sequence[Batch], work: Batching, book: Book, output: Output, stopped: Stopped
) -> set[str]:
    """Do it; the ids of records that came."""
    for row in rows:
        cancels = options.what == "cancel"
        if row.askable and not (cancels and row.open):
            await book.keep(await work.look(row, book.known_ids))
        if cancels and book.row(row.id).open:  # one that wasn't confirmed may be found only now
            await book.keep(await work.cancel(book.row(row.id)))
    if options.what != "results":
        return set()
    if options.wait:
        await batch_sending.follow(book, rows, work, output, stopped)
    fresh: set[str] = set()
    for row in rows:
        now = book.row(row.id)
        if now.status is Status.ENDED and not stopped:
            _, records = await book.fetch(work, now)
            fresh |= {record.id for record in records}
    return fresh
