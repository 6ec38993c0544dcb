"""`workbench run`: send, and print the answers."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from workbench.cli import asking, budget, context, planning, sending, subject
from workbench.cli.answers import Records, Texts, status
from workbench.cli.arguments import UsageError
from workbench.cli.conducting import Conductor
from workbench.cli.keeping import Keeper
from workbench.cli.progress import Progress

if TYPE_CHECKING:
    from workbench.cli.output import Output

NOT_SAVED = 2


def main(options: argparse.Namespace, output: Output) -> int:
    """0 where every run is complete, 1 where some is not. Raises UsageError before anything is sent."""
    asked = asking.read(options)
    around = context.read(output)
    found = subject.begin(asked, around.config, output)
    session, turns = sending.place(found.session, found.lanes, asked.prompt)
    chosen = around.choose(session=session.endpoint, name=asked.endpoint, base_url=asked.base_url)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    order = planning.Order(session, turns, found, chosen.endpoint, around.catalogue)
    planning.tell_warnings(order, output)
    keeper = Keeper(session, found, output, save=not options.no_save)
    for note in chosen.notes:
        output.note(note)
    if chosen.problem is not None and chosen.key is None:
        raise UsageError(str(chosen.problem))
    planned = planning.plan(order, options.repeat)
    budget.check(around.config.budget_usd, order, planned, output)
    answers = Records(planned, output) if options.json else Texts(planned, output)
    progress = Progress(planned, output, text=not options.json)

    def wanted() -> bool:
        return keeper.keeps or not (output.reader_left or output.failed)

    conductor = Conductor(chosen, around.catalogue, answers, keeper, progress, wanted=wanted)
    try:
        signalled = asyncio.run(conductor.conduct(planned, at_once=len(turns)))
    finally:
        keeper.close()
        output.clear()
    if signalled:
        return signalled
    return NOT_SAVED if keeper.failed else status(conductor.records)
