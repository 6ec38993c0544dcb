"""`workbench batch submit`: what is asked, what it costs at half the price, and its sending."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.cli import (
    asking,
    batch_sending,
    batch_showing,
    batch_twice,
    budget,
    canned,
    context,
    planning,
    sending,
    subject,
    sweep_definition,
)
from workbench.cli.arguments import UsageError
from workbench.cli.batch_book import Book
from workbench.cli.signals import Stopped, stoppable
from workbench.core import batch_items
from workbench.core.batch import Batch, Status
from workbench.core.budget import committed
from workbench.core.figures import grouped
from workbench.core.preflight import preflight
from workbench.engine import batch_manifest
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.cli.context import Context
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.batch_items import Item, Price
    from workbench.core.session import Session
    from workbench.engine.endpoints import Chosen

SIMULATED = "the bundled simulator forgets its batches when this command ends, so it is waited for"


@dataclass(frozen=True)
class Order:
    """What goes out, and for what."""

    session: Session
    """As it is kept: with the prompt said, or the sweep in it."""
    items: tuple[Item, ...]
    row: Batch
    """What it is for; its id and the rest are given when it goes."""
    chosen: Chosen


def main(options: argparse.Namespace, output: Output) -> int:
    """0 where it is with the server, or every answer is there; 1 where one isn't. Raises UsageError."""
    asked = asking.read(options)
    around = context.read(output)
    found = subject.begin(asked, around.config, output, hold=not options.dry_run)
    book = Book(found, output)
    try:
        order = _order(options, found, around, book, output)
        price = _price(order, around, output)
        if options.dry_run:
            _tell_dry(order, price, output, as_json=options.json)
            return 0
        _ask_budget(order, price, around, book, output)
        book.session = order.session
        book.begin()
        try:
            status = asyncio.run(_send(options, order, found, around, book, output))
        except StoreError as error:
            raise UsageError(str(error)) from error
    except BaseException:
        if book.session.batches == found.session.batches:
            book.session = found.session  # a question that never went out must not stay
        raise
    finally:
        book.close()
    return book.ended(status)


def _order(options: argparse.Namespace, found: Subject, around: Context, book: Book, output: Output) -> Order:
    asked = found.asking
    chosen = around.choose(found.session, name=asked.endpoint, base_url=asked.base_url)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    for note in chosen.notes:
        output.note(note)
    if chosen.problem is not None and chosen.key is None and not options.dry_run:
        raise UsageError(str(chosen.problem))
    order = (_of_sweep if options.sweep is not None else _of_lanes)(options, found, around, book, chosen, output)
    if mistakes := batch_items.refused(order.items, chosen.endpoint):
        raise UsageError(" ".join(mistakes))
    return order


def _of_lanes(
    options: argparse.Namespace, found: Subject, around: Context, book: Book, chosen: Chosen, output: Output
) -> Order:
    asked = found.asking
    session, turns = sending.place(found.session, found.lanes, asked.prompt, canned.finder(found), asked.attachments)
    order = planning.Order(session, turns, found, chosen.endpoint, around.catalogue)
    planning.tell_warnings(order, output)
    order = planning.recorded(order)
    questions = [
        batch_items.Question(
            each.run.lane, each.run.parent or "", each.request, each.run.breakpoints, each.run.variables
        )
        for each in planning.plan(order, 1)
    ]
    items = batch_items.of_lanes(questions, options.repeat or 1, chosen.endpoint)
    try:
        again = batch_manifest.told_again(batch_manifest.asking(book.file, book.rows, items))
    except StoreError as error:
        raise UsageError(str(error)) from error
    for told in (*batch_items.one_round(items), *([again] if again else [])):
        output.note(told)
    row = Batch("", chosen.endpoint.name, lanes=tuple(turn.lane for turn in turns))
    return Order(order.session, items, row, chosen)


def _of_sweep(
    options: argparse.Namespace, found: Subject, around: Context, book: Book, chosen: Chosen, output: Output
) -> Order:
    definition = sweep_definition.read(found, options)
    plan = sweep_definition.plan(found, definition, chosen.endpoint)
    try:
        under_way = batch_manifest.under_way(book.file, book.session.batches, plan, chosen.endpoint.name)
    except StoreError as error:
        raise UsageError(str(error)) from error
    done = plan.done(book.results(), chosen.endpoint)
    spots = [spot for spot in plan.order if spot not in done and spot not in under_way]
    if under_way:
        output.note(f"{len(under_way):,} requests of {plan.sweep.id} are on their way already")
    if not spots:
        raise UsageError(
            f"nothing of {plan.sweep.id} is missing: workbench batch results {book.file} fetches what is on its way"
        )
    batch_twice.check(found, plan, spots, book.session.batches, chosen, around, output, dry=options.dry_run)
    today = datetime.now(UTC).date()
    sweep_definition.tell_cautions(preflight(plan, spots, chosen.endpoint, around.catalogue, today=today), output)
    items = batch_items.of_sweep(plan, spots, chosen.endpoint)
    return Order(definition.session, items, Batch("", chosen.endpoint.name, sweep=plan.sweep.id), chosen)


def _price(order: Order, around: Context, output: Output) -> Price:
    return batch_items.price(order.items, order.chosen.endpoint, around.catalogue)


def told(order: Order, price: Price) -> str:
    """`sweep w1: 1,000 requests in 1 batch · in ≈9,000 tok · ≈$0.10–$0.42 at half the price · within 24 h`."""
    number = len(batch_items.parcels(order.items, order.chosen.endpoint))
    shown = batch_sending.told_price(price, simulated=order.chosen.endpoint.simulated)
    requests = (
        f"{len(order.items):,} request{'s'[: len(order.items) != 1]} in {number} batch{'es' if number != 1 else ''}"
    )
    return f"{order.row.subject}: {requests} · in ≈{grouped(price.input_tokens)} tok · {shown} · within 24 h"


def _tell_dry(order: Order, price: Price, output: Output, *, as_json: bool) -> None:
    if not as_json:
        output.line(told(order, price))
        return
    known = {
        "sweep": order.row.sweep or None,
        "lanes": list(order.row.lanes) or None,
        "requests": len(order.items),
        "batches": len(batch_items.parcels(order.items, order.chosen.endpoint)),
        "input_tokens": price.input_tokens,
        "cost_low_usd": None if price.low is None else format(price.low, "f"),
        "cost_high_usd": None if price.high is None else format(price.high, "f"),
        "unpriced": list(price.unpriced) or None,
    }
    output.line(json.dumps({key: value for key, value in known.items() if value is not None}, ensure_ascii=False))


def _ask_budget(order: Order, price: Price, around: Context, book: Book, output: Output) -> None:
    output.say(told(order, price))
    most = around.config.budget_usd
    if most is None or order.chosen.endpoint.simulated:
        return
    spent = committed((*book.session.runs, *book.results()), around.catalogue) + batch_sending.pending_usd(book)
    budget.ask(most, spent, price.high or Decimal(0), price.unpriced, order.chosen.endpoint, output)


async def _send(
    options: argparse.Namespace, order: Order, found: Subject, around: Context, book: Book, output: Output
) -> int:
    runner = batch_sending.runner_for(order.chosen, around)
    stopped = Stopped()
    waits = options.wait or order.chosen.endpoint.simulated
    fresh: set[str] = set()
    try:
        with stoppable(stopped):
            work = batch_sending.batching(runner, order.chosen, around, book)
            sent = await batch_sending.submit(order.items, order.row, work, book, around, output)
            if waits and order.chosen.endpoint.simulated and not options.wait:
                output.note(SIMULATED)
            if waits:
                await batch_sending.follow(book, sent, work, output, stopped)
                for row in sent:
                    if book.row(row.id).status is Status.ENDED and not stopped:
                        _, records = await book.fetch(work, book.row(row.id))
                        fresh |= {record.id for record in records}
    finally:
        await runner.aclose()
    rows = [book.row(row.id) for row in sent]
    if stopped:
        batch_showing.goes_on(rows, book, output)
        return stopped.status
    if not waits:
        batch_showing.goes_on(rows, book, output)
        batch_showing.rows(rows, output, as_json=options.json)
        return 1 if any(row.status is Status.INTENDED for row in rows) else 0
    return batch_showing.results(rows, fresh, found, book, output, as_json=options.json)
