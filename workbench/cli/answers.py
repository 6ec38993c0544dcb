"""How answers come out: the text as it grows, or a record a line; and what is said beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from workbench.core import citations, diagnosing, facts, stop_reasons
from workbench.core.exports.json_text import legible
from workbench.core.run import Run, State

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.planning import Planned
    from workbench.core.record import RunRecord


class Answers(Protocol):
    """What a conductor calls, often, and in this order."""

    def grow(self) -> None:
        """Something may have come."""

    def follows(self, planned: Planned, next_: Planned) -> None:
        """A run, whose record comes next, is gone on with."""

    def ended(self, planned: Planned, record: RunRecord) -> None:
        """A run has its record."""


class Records:
    """One run record a line, as each ends."""

    def __init__(self, planned: Sequence[Planned], output: Output) -> None:
        self._several = len(planned) > 1
        self._output = output
        self._followed: set[str] = set()

    def grow(self) -> None:
        """A record is whole or not there."""

    def follows(self, planned: Planned, next_: Planned) -> None:
        """Each round has a record of its own."""
        self._followed.add(planned.run.id)

    def ended(self, planned: Planned, record: RunRecord) -> None:
        self._output.line(legible(record.to_json()))
        label = f"{planned.label}: " if self._several else ""
        say_problem(record, label, self._output)
        if planned.run.id not in self._followed:
            say_end(record, label, self._output)


class Texts:
    """One answer's text as it streams; of several, each after the one before, under its heading."""

    def __init__(self, planned: Sequence[Planned], output: Output, spent: Callable[[RunRecord], str]) -> None:
        """`spent` says of a run what its tool loop cost up to it."""
        self._output = output
        self._spent = spent
        self._waiting = list(planned)
        self._several = len(planned) > 1
        self._headed = False
        self._records: dict[str, RunRecord] = {}
        self._followed: dict[str, Planned] = {}
        """The next round of a loop, by the run before it."""
        self._tail = Tail(planned[0].run)
        self._last = "\n"

    def grow(self) -> None:
        if self._waiting:
            self._write(self._tail.new())

    def follows(self, planned: Planned, next_: Planned) -> None:
        """The next round stands right behind, whatever else waits."""
        self._waiting.insert(self._waiting.index(planned) + 1, next_)
        self._followed[planned.run.id] = next_

    def ended(self, planned: Planned, record: RunRecord) -> None:
        self._records[planned.run.id] = record
        while self._waiting and self._waiting[0].run.id in self._records:
            first = self._waiting.pop(0)
            self._write(self._tail.new())
            self._close(first, self._records[first.run.id])
            if self._waiting:
                self._tail = Tail(self._waiting[0].run)
                self._headed = self._headed and first.run.id in self._followed
                self._write(self._tail.new())

    def _write(self, text: str) -> None:
        if not text:
            return
        self._head()
        self._output.write(text)
        self._last = text[-1]

    def _head(self) -> None:
        if self._several and not self._headed:
            self._headed = True
            self._output.write(f"── {self._waiting[0].label} ──\n")
            self._last = "\n"

    def _close(self, planned: Planned, record: RunRecord) -> None:
        """End the line on a terminal and between answers; a lone answer in a pipe stays as it came."""
        goes_on = planned.run.id in self._followed
        if self._last != "\n" and (self._several or self._output.out_is_terminal or goes_on):
            self._output.write("\n")
            self._last = "\n"
        label = f"{planned.label}: " if self._several else ""
        say_problem(record, label, self._output)
        if not goes_on:
            say_end(record, label, self._output)
        told = [fact.text for fact in facts.of_record(record)]
        if not goes_on and (spent := self._spent(record)):
            told.append(spent)
        self._output.say(label + " · ".join(told))
        if self._headed and self._waiting:
            self._output.write("\n")


class Tail:
    """The part of a growing answer's text that wasn't written yet."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done: dict[int, int] = {}
        """Parts written, by the block's index."""

    def new(self) -> str:
        """Blocks of text in their order: a later one waits until the earlier is closed."""
        pieces: list[str] = []
        for block in self._run.blocks:
            if block.type != "text":
                continue
            done = self._done.get(block.index, 0)
            pieces += block.parts[done:]
            self._done[block.index] = len(block.parts)
            if not block.closed and self._run.state is None:
                break
        return "".join(pieces)


def say_problem(record: RunRecord, label: str, output: Output) -> None:
    """Why a run is not complete, with the id that support asks for."""
    if record.state is State.COMPLETE:
        return
    if record.problem is None:
        if record.state is not State.CANCELLED:
            output.note(f"{label}the run ended {record.state}")
        return
    request = f" · request {record.request_id}" if record.request_id else ""
    output.note(f"{label}{record.problem}{request}")


def say_end(record: RunRecord, label: str, output: Output) -> None:
    """What its stop reason means and what to do, where that is not plain; and why there is no text."""
    if record.state is not State.COMPLETE:
        return
    remarks = stop_reasons.ended(record)
    for cited in citations.told(record.content):
        output.say(f"{label}cites {cited}")
    for error in record.schema_errors or ():
        output.note(f"{label}the answer does not fit its schema: {error}")
    if (
        record.schema_errors is None
        and "output_format" in record.params
        and record.stop_reason not in stop_reasons.GOES_ON
    ):
        output.note(
            f"{label}the answer was not checked against its schema, which leads elsewhere, is none, or takes too long"
        )
    if missed := diagnosing.told(record):
        output.note(f"{label}{missed}")
    if remarks:
        output.note(f"{label}{' '.join(remarks)}")
    elif not record.text:
        kinds = ", ".join(dict.fromkeys(str(block.get("type", "?")) for block in record.content))
        output.note(f"{label}no text came, only {kinds}; --json shows it (stop reason: {record.stop_reason})")


def status(records: Iterable[RunRecord]) -> int:
    """0 where every run is complete and no answer misses its schema, else 1."""
    return 0 if all(record.state is State.COMPLETE and not record.schema_errors for record in records) else 1
