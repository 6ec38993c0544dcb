"""`workbench run`: send, and print the answers."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from workbench.cli import asking, budget, canned, context, looping, planning, sending, subject
from workbench.cli.answers import Records, Texts, status
from workbench.cli.arguments import UsageError
from workbench.cli.conducting import Conductor
from workbench.cli.keeping import Keeper, check_writable
from workbench.cli.progress import Progress

if TYPE_CHECKING:
    from workbench.cli.context import Context
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject

NOT_SAVED: Final = 2
SIGNALLED: Final = 128
"""The first of the statuses that say which signal it was."""


def main(options: argparse.Namespace, output: Output) -> int:
    """0 where every run and loop is complete, 1 where some is not. Raises UsageError before anything is sent."""
    asked = asking.read(options)
    around = context.read(output)
    found = subject.begin(asked, around.config, output, hold=not options.no_save)
    keeper = Keeper(found, output, save=not options.no_save)
    try:
        ended = _run(options, found, around, keeper, output)
    finally:
        keeper.close()
    return NOT_SAVED if keeper.failed and ended < SIGNALLED else ended


def _run(options: argparse.Namespace, found: Subject, around: Context, keeper: Keeper, output: Output) -> int:
    asked = found.asking
    if keeper.keeps:
        check_writable(found)
    session, turns = sending.place(found.session, found.lanes, asked.prompt, canned.finder(found), asked.attachments)
    chosen = around.choose(session, name=asked.endpoint, base_url=asked.base_url)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    order = planning.Order(session, turns, found, chosen.endpoint, around.catalogue)
    planning.tell_warnings(order, output)
    for note in chosen.notes:
        output.note(note)
    if chosen.problem is not None and chosen.key is None:
        raise UsageError(str(chosen.problem))
    order = planning.recorded(order)
    session = order.session
    planned = planning.plan(order, options.repeat)
    budget.check(around.config.budget_usd, order, planned, output)
    keeper.begin(session)
    progress = Progress(planned, output, text=not options.json)

    def wanted() -> bool:
        return keeper.keeps or not (output.reader_left or output.failed)

    def allow(next_: planning.Order, more: Sequence[planning.Planned]) -> None:
        budget.check(around.config.budget_usd, next_, more, output)

    loops = looping.Loops(order, keeper, planned, options.max_rounds, allow)
    answers = Records(planned, output) if options.json else Texts(planned, output, loops.spent)
    conductor = Conductor(chosen, around.catalogue, answers, keeper, progress, output, wanted=wanted, loops=loops)
    try:
        signalled = asyncio.run(conductor.conduct(planned, at_once=len(turns)))
    finally:
        output.clear()
    return signalled or status(conductor.records) or int(loops.failed)
