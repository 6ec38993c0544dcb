"""`workbench cost`: what the runs of sessions cost, by model, by lane, by day."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.cli import subject
from workbench.cli.arguments import UsageError
from workbench.cli.table import columns
from workbench.core import cache_use
from workbench.core.cost import Basis, total
from workbench.core.figures import grouped
from workbench.core.models import Catalogue
from workbench.core.record import RunRecord
from workbench.core.usage import Tokens
from workbench.engine import store
from workbench.engine.files import StoreError
from workbench.engine.results import Results, results_path

if TYPE_CHECKING:
    from workbench.cli.output import Output

Paid: TypeAlias = tuple[str, datetime, str | None]
GROUPS: Final[Mapping[str, Callable[[RunRecord], str]]] = {
    "model": lambda run: run.model or "unknown",
    "lane": lambda run: run.lane or "unknown",
    "day": lambda run: run.started.astimezone().date().isoformat() if run.started else "unknown",
}
"""What costs are added up by; a day is the local one."""


def main(options: argparse.Namespace, output: Output) -> int:
    """The runs of sessions and the results of their sweeps. Raises UsageError for a file that is no session."""
    runs: list[RunRecord] = []
    counted: set[Path] = set()
    paid: set[Paid] = set()
    for name in options.files:
        loaded = subject.opened(Path(name))
        if loaded is None:
            raise UsageError(f"{name}: there is no such file")
        if (file := Path(name).resolve()) in counted:
            output.note(f"{name} is given twice: it is counted once")
            continue
        counted.add(file)
        own = store.exposed((Path(name),))  # of many files it would be said as often
        subject.tell((*(note for note in loaded.notes if note != own), *loaded.recovered), output)
        found = (*loaded.session.runs, *_swept(results_path(Path(name)), output))
        fresh = [run for run in found if _paid(run) not in paid]
        if copies := len(found) - len(fresh):
            output.note(f"{copies} of the runs in {name} are copies of runs in another file: they are counted once")
        paid |= {key for run in fresh if (key := _paid(run)) is not None}
        runs += fresh
    subject.tell(filter(None, [store.exposed(sorted(counted))]), output)
    if options.json:
        output.line(json.dumps(as_json(runs), ensure_ascii=False))
    else:
        print_table(runs, output)
    return 0


def _paid(run: RunRecord) -> Paid | None:
    """What tells one paid answer from every other, in whatever file a copy of it stands; None where nothing does."""
    return (run.request_sha256, run.started, run.request_id) if run.request_sha256 and run.started else None


def _swept(file: Path, output: Output) -> list[RunRecord]:
    """The answers of sweeps, which stand in a file of their own."""
    try:
        found, notes = Results(file).load()
    except StoreError as error:
        raise UsageError(str(error)) from error
    for note in notes:
        output.note(note)
    return found


def as_json(runs: Iterable[RunRecord]) -> dict[str, object]:
    every = tuple(runs)
    by_group = {name: {key: _summary(part) for key, part in _by(every, name).items()} for name in GROUPS}
    return {"total": _summary(every), **by_group}


def print_table(runs: Iterable[RunRecord], output: Output) -> None:
    every = tuple(runs)
    rows = [("total", *_cells(every))]
    for name in GROUPS:
        rows += [("", "", "", "", ""), (f"by {name}", "", "", "", "")]
        rows += [(key, *_cells(part)) for key, part in _by(every, name).items()]
    output.write(columns(("", "runs", "in", "out", "cost"), rows, right=frozenset({1, 2, 3})))
    if (use := cache_use.total(every, Catalogue.builtin())).used:
        told = f", {use.money}" if use.money else ""
        output.say(f"{grouped(use.read)} tokens read from the cache, {grouped(use.written)} written to it{told}")
    for basis, sentence in REMARKS.items():
        if number := sum(run.cost.basis is basis for run in every):
            output.say(sentence.format("1 run" if number == 1 else f"{number} runs"))


REMARKS: Final = {
    Basis.SIMULATED: "{} answered by the simulator: list prices that nobody pays, counted only where nothing else is",
    Basis.AT_LEAST: "{} cut off, or with a token that has no price: the sum is at least this",
    Basis.ESTIMATE: "{} under a contract of its own: the sum is an estimate",
    Basis.UNKNOWN: "{} without a known price: not in the sum",
}


def _by(runs: tuple[RunRecord, ...], group: str) -> dict[str, tuple[RunRecord, ...]]:
    found: dict[str, list[RunRecord]] = {}
    for run in runs:
        found.setdefault(GROUPS[group](run), []).append(run)
    return {key: tuple(part) for key, part in sorted(found.items())}


def _tokens(runs: tuple[RunRecord, ...]) -> tuple[int, int]:
    counted = [Tokens.of(run.usage) for run in runs]
    return sum(each.prompt or 0 for each in counted), sum(each.output or 0 for each in counted)


def _cells(runs: tuple[RunRecord, ...]) -> tuple[str, str, str, str]:
    given, made = _tokens(runs)
    return grouped(len(runs)), grouped(given), grouped(made), str(total(run.cost for run in runs))


def _summary(runs: tuple[RunRecord, ...]) -> dict[str, object]:
    given, made = _tokens(runs)
    cost = total(run.cost for run in runs)
    summary: dict[str, object] = {"runs": len(runs), "input_tokens": given, "output_tokens": made}
    if cost.text is not None:
        summary["cost_usd"] = cost.text
    return {**summary, "cost_basis": cost.basis.value, **_cached(runs)}


def _cached(runs: tuple[RunRecord, ...]) -> dict[str, object]:
    """What caching did, where it did anything."""
    use = cache_use.total(runs, Catalogue.builtin())
    if not use.used:
        return {}
    saved = {} if use.saved is None else {"cache_saved_usd": format(use.saved, "f")}
    return {"cache_read_tokens": use.read, "cache_write_tokens": use.written, **saved}
