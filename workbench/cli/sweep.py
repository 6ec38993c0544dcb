"""`workbench sweep`: send a grid of parameter values, keep each answer as it ends, and print a table.

Answers are appended to NAME.runs.jsonl. Started again, after an end of any kind, the command sends exactly the cells
whose whole answer isn't there: a run that was going on when the program was killed is paid for twice, no other.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.cli import (
    asking,
    batch_showing,
    batch_twice,
    budget,
    context,
    subject,
    sweep_batch,
    sweep_definition,
    sweep_sending,
    sweep_table,
)
from workbench.cli.answers import status
from workbench.cli.arguments import UsageError
from workbench.cli.keeping import check_writable, let_go
from workbench.cli.sweep_keeping import Keeper
from workbench.cli.sweep_progress import Bar, Patience
from workbench.core.budget import committed
from workbench.core.cost import total
from workbench.core.exports.json_text import legible
from workbench.core.metrics import METRICS
from workbench.core.preflight import Preflight, alike, answered_by, halved, preflight, to_count
from workbench.core.preflight_time import latest_limits
from workbench.core.state import FULL_STATES
from workbench.engine import batch_manifest, store
from workbench.engine.open_session import OpenSession
from workbench.engine.results import Results, results_path
from workbench.engine.sweeper import Sweeper

if TYPE_CHECKING:
    from workbench.cli.context import Context
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.cli.sweep_definition import Definition
    from workbench.core.record import RunRecord
    from workbench.core.sweep_plan import Plan, Spot
    from workbench.engine.endpoints import Chosen
    from workbench.engine.runner import Runner

NOT_KEPT: Final = 2
COLLECTS: Final = (10_000, 20, 100)
"""The collector's thresholds: thousands of records are kept to the end, and looking them over each time is in vain."""
TOLD: Final = 5
"""Reasons of failures that are told at the end, the most frequent first."""


@dataclass(frozen=True)
class Job:
    """Everything that is known before the first request."""

    file: Path
    plan: Plan
    definition: Definition
    found: Subject
    around: Context
    chosen: Chosen
    earlier: tuple[RunRecord, ...]
    """The results that are there, of all sweeps of the session."""
    under_way: frozenset[Spot] = frozenset()
    """What batches ask already: nothing is asked twice."""

    @property
    def missing(self) -> tuple[Spot, ...]:
        done = self.plan.done(self.earlier, self.chosen.endpoint)
        return tuple(spot for spot in self.plan.order if spot not in done and spot not in self.under_way)


def main(options: argparse.Namespace, output: Output) -> int:
    """0 where every answer is complete, 1 where one isn't. Raises UsageError before anything but counts is sent."""
    gc.freeze()
    gc.set_threshold(*COLLECTS)
    if options.batch and options.no_save:
        raise UsageError("a batch must be written down before it is sent: leave --no-save out")
    if options.no_wait and not options.batch:
        raise UsageError("--no-wait goes with --batch: live answers are waited for")
    asked = asking.read(options)
    around = context.read(output)
    save = not (options.no_save or options.dry_run)
    found = subject.begin(asked, around.config, output, hold=save)
    with ExitStack() as file:
        if save:
            check_writable(found, beside=True)
        if found.held is not None:
            file.callback(let_go, found.held, output)
        return _sweep(options, found, around, file, output)


def _sweep(options: argparse.Namespace, found: Subject, around: Context, file: ExitStack, output: Output) -> int:
    job = _prepare(options, found, around, output)
    batches = job.definition.session.batches
    batch_twice.check(found, job.plan, job.missing, batches, job.chosen, around, output, dry=options.dry_run)
    items = sweep_batch.asked(job) if options.batch else ()
    checked = _check(job, options.concurrency, output)
    checked = halved(checked) if options.batch else checked
    if options.dry_run:
        _print_dry(job, checked, output, as_json=options.json)
        return 0
    if options.batch:
        return sweep_batch.run(job, checked, items, options, output)
    if job.under_way:
        output.note(f"{len(job.under_way):,} requests are in a batch: workbench batch results {job.file} fetches them")
    keeper = Keeper(results_path(job.file), output, save=not options.no_save, as_json=options.json)
    output.say(f"{job.plan.sweep.id}: {checked.line()}")
    if checked.missing:
        batch_showing.failed_before(job, output)
        _ask_budget(job, checked, output)
    if not options.no_save:
        _save(job, file, output)
        job = _hold(job, keeper) if checked.missing else job
    if options.json:
        _print_earlier(job, output)
    try:
        sweeper, signalled = asyncio.run(_send(job, keeper, options, output)) if checked.missing else (_idle(job), 0)
    finally:
        keeper.close()
    _tell(sweeper, output, elsewhere=len(job.under_way))
    if not options.json and sweeper.done:
        output.write(sweep_table.write(job.plan, sweeper.records, METRICS[options.metric]))
    if signalled or keeper.failed:
        return signalled or NOT_KEPT
    return 1 if sweeper.missing or job.under_way else status(sweeper.records.values())


def _print_earlier(job: Job, output: Output) -> None:
    """What is there already, so that a script reads every answer of the sweep however often it was started."""
    done = job.plan.done(job.earlier, job.chosen.endpoint)
    for record in (done[spot] for spot in job.plan.order if spot in done):
        output.line(legible(record.to_json()))


def _prepare(options: argparse.Namespace, found: Subject, around: Context, output: Output) -> Job:
    definition = sweep_definition.read(found, options)
    asked = found.asking
    chosen = around.choose(definition.session, name=asked.endpoint, base_url=asked.base_url)
    made = sweep_definition.plan(found, definition, chosen.endpoint)
    chosen = around.allowed(chosen, confirm=options.confirm_origin)
    for note in chosen.notes:
        output.note(note)
    if chosen.problem is not None and chosen.key is None and not options.dry_run:
        raise UsageError(str(chosen.problem))
    file = Path(options.file)
    try:
        earlier, notes = Results(results_path(file)).load()
        under_way = batch_manifest.under_way(file, found.session.batches, made, chosen.endpoint.name)
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    for note in notes:
        output.note(note)
    return Job(file, made, definition, found, around, chosen, tuple(earlier), under_way)


def _check(job: Job, concurrency: int, output: Output) -> Preflight:
    """What it will take; raises UsageError for what makes no sense to send."""
    missing = job.missing
    counts, problem = asyncio.run(sweep_sending.count(to_count(job.plan, missing), job.chosen))
    if problem is not None:
        output.note(f"{job.chosen.endpoint.name} gave no count, so this is an estimate: {problem}")
    endpoint = job.chosen.endpoint
    checked = preflight(
        job.plan,
        missing,
        endpoint,
        job.around.catalogue,
        counts=counts,
        limits=latest_limits(answered_by(endpoint, job.earlier), job.around.catalogue),
        past=alike(job.plan, job.earlier, endpoint),
        concurrency=concurrency,
        elsewhere=len(job.under_way),
        today=datetime.now(UTC).date(),
    )
    sweep_definition.tell_cautions(checked, output)
    return checked


def _print_dry(job: Job, checked: Preflight, output: Output, *, as_json: bool) -> None:
    sweep = job.plan.sweep
    if as_json:
        known = {"sweep": sweep.id, "cells": len(job.plan.cells), "repeats": sweep.repeats, **checked.to_mapping()}
        output.line(legible(json.dumps(known)))
    else:
        output.line(f"{sweep.id}: {checked.line()}")


def _ask_budget(job: Job, checked: Preflight, output: Output) -> None:
    most = job.around.config.budget_usd
    if most is None or job.chosen.endpoint.simulated:
        return
    spent = committed((*job.definition.session.runs, *job.earlier), job.around.catalogue)
    budget.ask(most, spent, checked.high or Decimal(0), checked.unpriced, job.chosen.endpoint, output)


def _save(job: Job, file: ExitStack, output: Output) -> None:
    """Put a new definition into the session; before anything is paid for that couldn't be found again."""
    if not (job.definition.new or job.found.new):
        return
    check_writable(job.found)
    try:
        if job.found.held is None:
            file.callback(let_go, OpenSession.create(job.file, job.definition.session), output)
        else:
            job.found.held.fold(job.definition.session)
    except store.StoreError as error:
        raise UsageError(str(error)) from error
    output.note(f"{job.file.name} has the sweep as {job.plan.sweep.id}")


def _hold(job: Job, keeper: Keeper) -> Job:
    """The job with what another program answered since it was begun; from here on none sends into the same file."""
    try:
        return replace(job, earlier=keeper.hold())
    except store.StoreError as error:
        raise UsageError(str(error)) from error


async def _send(job: Job, keeper: Keeper, options: argparse.Namespace, output: Output) -> tuple[Sweeper, int]:
    def begin(runner: Runner) -> tuple[Sweeper, Bar]:
        sweeper = Sweeper(
            runner,
            job.plan,
            job.chosen,
            job.around.catalogue,
            done=job.earlier,
            besides=job.under_way,
            keep=keeper.take,
            concurrency=options.concurrency,
            ask=Patience(output).ask,
        )
        return sweeper, Bar(sweeper, output)

    def wanted() -> bool:
        return keeper.keeps or not (output.reader_left or output.failed)

    try:
        made = sweep_sending.runner_for(job.chosen, job.around.catalogue, options.concurrency)
        return await sweep_sending.send(begin, made, wanted=wanted)
    finally:
        output.clear()


def _idle(job: Job) -> Sweeper:
    """The sweeper of a sweep that has all its answers."""
    from workbench.engine.runner import Runner

    return Sweeper(Runner(), job.plan, job.chosen, job.around.catalogue, done=job.earlier, keep=lambda record: None)


def _tell(sweeper: Sweeper, output: Output, *, elsewhere: int) -> None:
    """What is not there, and why; what it cost."""
    if sweeper.problem is not None:
        why = "" if sweeper.unkept else ", because every other cell would meet the same"
        output.note(f"stopped{why}: {sweeper.problem}")
    failed = Counter(str(record.problem or record.state) for record in sweeper.records.values() if not _whole(record))
    failed.pop(str(sweeper.problem), None)
    for reason, times in failed.most_common(TOLD):
        output.note(f"{times} failed: {reason}")
    if len(failed) > TOLD:
        output.note(f"and for {len(failed) - TOLD} other reasons")
    number = len(sweeper.plan.order)
    there = f"{sweeper.done} of {number} answers are there"
    cost = total(record.cost for record in sweeper.records.values())
    output.say(f"{there} · {cost}" if sweeper.records else there)
    if missing := number - sweeper.done - elsewhere:
        output.note(sweep_table.again(missing - len(sweeper.failed), len(sweeper.failed)))


def _whole(record: RunRecord) -> bool:
    return record.state in FULL_STATES
