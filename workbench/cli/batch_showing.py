"""Batches and their results on standard output: a table, a record a line, or the answers."""

from __future__ import annotations

import argparse
import json
import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from workbench.cli import sweep_table, table
from workbench.cli.answers import status
from workbench.cli.sweep_progress import clock_time
from workbench.core import batch_file, batch_result, sweep_failures, sweep_plan, tool_loop
from workbench.core.batch import Batch, Status
from workbench.core.cost import money, total
from workbench.core.exports.json_text import legible
from workbench.core.metrics import METRICS
from workbench.core.state import FULL_STATES
from workbench.core.sweep import SweepError

if TYPE_CHECKING:
    from workbench.cli.batch_book import Book
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.cli.sweep import Job
    from workbench.core.endpoint import Endpoint
    from workbench.core.record import RunRecord
    from workbench.core.sweep_plan import Plan, Spot

TOLD: Final = 5
WORDS: Final = {
    Status.INTENDED: "not confirmed",
    Status.IN_PROGRESS: "in progress",
    Status.CANCELING: "cancelling",
    Status.ENDED: "ended, not fetched",
    Status.COLLECTED: "fetched",
    Status.LOST: "lost",
}


def rows(batches: Sequence[Batch], output: Output, *, as_json: bool) -> None:
    """The batches, newest last: as JSON a line each, else a table; their problems are talk."""
    if as_json:
        for mapping in batch_file.dump(batches):
            output.line(json.dumps(mapping, ensure_ascii=False, default=_iso))
        return
    now = datetime.now(UTC)
    shown = [
        (
            row.id,
            WORDS[row.status],
            row.subject,
            f"{row.requests:,}",
            row.counts.told().replace("processing", "lost" if row.status is Status.LOST else "to come") or "—",
            _age(row, now),
            _cost(row),
            row.server_id,
        )
        for row in batches
    ]
    head = ("batch", "status", "for", "requests", "results", "age", "cost", "at the server")
    output.write(table.columns(head, shown, right=frozenset({3, 5})))
    problems(batches, output)


def problems(batches: Sequence[Batch], output: Output) -> None:
    """Why some could not be sent, asked about or fetched."""
    for row in batches:
        if row.problem:
            output.note(f"{row.id}: {row.problem}")


def _age(row: Batch, now: datetime) -> str:
    return "—" if row.created is None else clock_time((now - row.created).total_seconds())


def _cost(row: Batch) -> str:
    simulated = " simulated" if row.simulated else ""
    if row.cost_usd is not None:
        return f"{money(row.cost_usd)}{simulated}"
    return "—" if row.estimate_usd is None else f"≈{money(row.estimate_usd)}{simulated}"


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no place in a batch")


def goes_on(batches: Sequence[Batch], book: Book, output: Output) -> None:
    """How to come back to what is still on its way."""
    if going := ", ".join(each.id for each in batches if each.open or each.status is Status.INTENDED):
        address = f" --base-url {shlex.quote(book.base_url)}" if book.base_url else ""
        back = f"workbench batch results {shlex.quote(str(book.file))}{address}"
        output.note(f"{going} goes on without this program: {back}")


def results(
    batches: Sequence[Batch], fresh: set[str], found: Subject, book: Book, output: Output, *, as_json: bool
) -> int:
    """The answers of these batches: 0 where each is whole and none is to come."""
    there = (*book.session.runs, *book.results())
    every = [each for each in there if any(row.made(each.id) for row in batches)]
    if as_json:
        for record in every:
            output.line(legible(record.to_json()))
    else:
        _print(batches, every, found, book, output)
    problems(batches, output)
    goes_on(batches, book, output)
    _tell(batches, every, fresh, output)
    calls = sum(tool_loop.is_open(each) and not each.extra.get("sweep") for each in every if each.id in fresh)
    if calls:
        asks = f"{calls:,} answers call" if calls > 1 else "1 answer calls"
        goes = f"workbench run {shlex.quote(str(book.file))} does, live and at the full price"
        output.note(f"{asks} tools: a batch goes no further by itself; {goes}")
    over = all(row.status is Status.COLLECTED for row in batches)
    return status(every) if over else 1


def _print(batches: Sequence[Batch], every: Sequence[RunRecord], found: Subject, book: Book, output: Output) -> None:
    """Of lanes the texts, of sweeps their tables."""
    _texts([each for each in every if not each.extra.get("sweep")], output)
    for name in dict.fromkeys(row.sweep for row in batches if row.sweep and row.status is Status.COLLECTED):
        sweep = next((each for each in book.session.sweeps if each.id == name), None)
        if sweep is None:
            continue
        endpoint = next(row.endpoint for row in batches if row.sweep == name)
        try:
            plan = sweep_plan.plan(found.dress(book.session).towards(endpoint), sweep)
        except SweepError as error:
            output.note(str(error))
            continue
        there = _landed(plan, [each for each in book.results() if each.endpoint == endpoint])
        if there:
            output.write(sweep_table.write(plan, there, METRICS["out"]))
        else:  # asked with other parameters than the file has: --set, --var
            _texts([each for each in every if each.extra.get("sweep") == name], output)


def _landed(plan: Plan, records: Sequence[RunRecord], endpoint: Endpoint | None = None) -> dict[Spot, RunRecord]:
    """The answer of each spot that has one, or that it failed in a batch."""
    there = plan.done(records, endpoint)
    return sweep_failures.standing(plan, records, endpoint, there) | there


def failed_before(job: Job, output: Output) -> None:
    """Which of the requests that go out now failed in a batch, and why."""
    landed = _landed(job.plan, job.earlier, job.chosen.endpoint)
    reasons = Counter(str(landed[spot].problem) for spot in job.missing if spot in landed)
    for reason, times in reasons.most_common(TOLD):
        output.note(f"{times:,} that failed in a batch {'are' if times > 1 else 'is'} asked again: {reason}")


def _texts(records: Sequence[RunRecord], output: Output) -> None:
    """One answer after the other; of several, each under its heading. Why there is none is no answer, and is said."""
    for record in records:
        if record.problem is not None and not record.text:
            continue
        if len(records) > 1:
            output.line(f"── {_heading(record)} ──")
        output.line(record.text)


def _heading(record: RunRecord) -> str:
    """`A · b1-3`, and of a sweep `temperature=0.5 · b1-3`."""
    cell = record.extra.get("cell")
    values = " ".join(f"{key}={value}" for key, value in cell.items()) if isinstance(cell, dict) else record.lane
    return f"{values} · {record.id}"


def _tell(batches: Sequence[Batch], every: Sequence[RunRecord], fresh: set[str], output: Output) -> None:
    """How many came, what they cost, and why some didn't."""
    without = [record for record in every if record.problem is not None]
    reasons = Counter((batch_result.unasked(record), str(record.problem)) for record in without)
    for (unasked, reason), times in reasons.most_common(TOLD):
        lacks = ("are missing" if times > 1 else "is missing") if unasked else "failed"
        output.note(f"{times:,} {lacks}: {reason}")
    if len(reasons) > TOLD:
        output.note(f"and for {len(reasons) - TOLD} other reasons")
    for row in batches:
        if row.status is Status.COLLECTED:
            own = [each for each in every if row.made(each.id)]
            cost, new = total(each.cost for each in own), sum(each.id in fresh for each in own)
            output.say(f"{row.id}: {row.counts.told()} · {new:,} new · {cost} at half the price")


def sweep(
    job: Job, batches: Sequence[Batch], fresh: set[str], book: Book, options: argparse.Namespace, output: Output
) -> int:
    """The whole sweep as `workbench sweep` prints it, and its exit status: 0 where every answer is there and fits."""
    every = book.results()
    landed = _landed(job.plan, every, job.chosen.endpoint)
    there = {spot: record for spot, record in landed.items() if record.state in FULL_STATES}
    came = [each for each in every if any(row.made(each.id) for row in batches)]
    if options.json:
        known = {record.id for record in there.values()}
        for record in (*there.values(), *(each for each in came if each.id not in known)):
            output.line(legible(record.to_json()))
    elif there:
        output.write(sweep_table.write(job.plan, landed, METRICS[options.metric]))
    problems(batches, output)
    _tell(batches, came, fresh, output)
    number = len(job.plan.order)
    output.say(f"{len(there):,} of {number:,} answers are there")
    if len(there) < number:
        output.note(sweep_table.again(number - len(landed), len(landed) - len(there)))
    return status(there.values()) if len(there) == number else 1
