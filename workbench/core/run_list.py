"""The list of runs: a row for each, in any order, and what all of them took together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypeAlias

from workbench.core import facts
from workbench.core.cost import Basis, Cost, total
from workbench.core.figures import grouped
from workbench.core.params import BY_KEY, ParamError
from workbench.core.record import RunRecord
from workbench.core.session import Message, Session
from workbench.core.state import FULL_STATES, State
from workbench.core.tree import numbered

Sortable: TypeAlias = float | str | datetime | tuple[str, str, int]


@dataclass(frozen=True)
class Row:
    """One run with what was asked, what came, and where it belongs."""

    record: RunRecord
    prompt: str = ""
    """The last turn before the answer, as it was written."""
    answer: str = ""
    message: str | None = None
    """The message of its answer, by id; None where nothing came, or where it belongs to a sweep."""
    session: str = ""
    """The title of its session."""
    place: str = ""
    """The file of its session; empty for the session that is open."""
    said: Message | None = None
    """The message of its answer: a session's runs have no content of their own once it was opened again."""

    @property
    def blocks(self) -> Sequence[dict[str, Any]]:
        """What came, as it came."""
        return self.record.content if self.said is None else self.said.blocks

    @property
    def key(self) -> tuple[str, str, str]:
        """What no two rows share: the runs of a sweep count their own ids."""
        return (self.place, self.sweep, self.record.id)

    @cached_property
    def sweep(self) -> str:
        """The id of its sweep, or nothing."""
        sweep = self.record.extra.get("sweep")
        return sweep if isinstance(sweep, str) else ""

    @cached_property
    def spot(self) -> str:
        """`A` for a run of a lane, `w1·3` for the third repeat of a cell of a sweep."""
        repeat = self.record.extra.get("repeat")
        if not self.sweep:
            return self.record.lane
        return f"{self.sweep}·{repeat + 1}" if isinstance(repeat, int) else self.sweep

    @cached_property
    def input(self) -> int | None:
        """Tokens of the prompt, cached ones included."""
        return self.record.tokens.prompt

    @cached_property
    def output(self) -> int | None:
        """Tokens of the answer; of one that was cut off an estimate."""
        return facts.output(self.record)

    @property
    def guessed(self) -> bool:
        """Whether the output is such an estimate."""
        return bool(self.output) and self.record.state not in FULL_STATES

    @cached_property
    def rate(self) -> float | None:
        """Output tokens a second."""
        return facts.rate(self.record)

    @cached_property
    def haystack(self) -> str:
        """What words are looked for in, in small letters."""
        record = self.record
        params = " ".join(f"{key}={value}" for key, value in record.params.items())
        values = "\n".join(record.variables.values())
        words = (record.id, record.lane, self.sweep, record.model, record.state or "", record.endpoint, self.session)
        failed = (record.problem.title, record.problem.detail) if record.problem is not None else ()
        return "\n".join((self.prompt, self.answer, params, values, *failed, *words)).casefold()


def rows_of(
    session: Session,
    results: Iterable[RunRecord] = (),
    *,
    place: str = "",
) -> tuple[Row, ...]:
    """The runs of a session, then those of its sweeps."""
    answers = {message.run: message for message in session.messages if message.run is not None}
    asked = {sweep.id: sweep.prompt for sweep in session.sweeps}
    made: list[Row] = []
    for record in session.runs:
        answer = answers.get(record.id)
        text = answer.text if answer else record.text
        message = answer.id if answer else None
        made.append(Row(record, _prompt(session, record), text, message, session.title, place, answer))
    for record in results:
        row = Row(record, "", record.text, None, session.title, place)
        made.append(replace(row, prompt=asked.get(row.sweep) or _prompt(session, record)))
    return tuple(made)


def begun(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of one session as their runs were begun, those of sweeps last: what ran at once ended in any order."""
    return tuple(sorted(rows, key=lambda row: (bool(row.sweep), 0 if row.sweep else numbered(row.record.id, "r"))))


def _prompt(session: Session, record: RunRecord) -> str:
    parent = session.by_id.get(record.parent or "")
    return parent.text if parent is not None else ""


# The order


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to sort by."""

    key: str
    label: str
    value: Callable[[Row], Sortable | None]
    """None is not known, and stands at the end either way."""
    down: bool = True
    """Whether the largest, or the latest, come first unless the person says otherwise."""
    ends: tuple[str, str] = ("smallest first", "largest first")
    """How the two directions are called."""


def _spot(row: Row) -> tuple[str, str, int]:
    repeat = row.record.extra.get("repeat")
    return (row.sweep, row.record.lane, repeat if isinstance(repeat, int) else 0)


ORDERS: Final[Mapping[str, Order]] = {
    row.key: row
    for row in (
        Order("started", "started", lambda row: row.record.started, ends=("oldest first", "newest first")),
        Order(
            "cost",
            "cost",
            lambda row: None if row.record.cost_usd is None else float(row.record.cost_usd),
            ends=("cheapest first", "dearest first"),
        ),
        Order("out", "output tokens", lambda row: row.output),
        Order("in", "input tokens", lambda row: row.input),
        Order(
            "ttft",
            "time to first token",
            lambda row: row.record.timings.first_token_s,
            ends=("fastest first", "slowest first"),
        ),
        Order("total", "total time", lambda row: row.record.timings.total_s, ends=("fastest first", "slowest first")),
        Order("rate", "tokens a second", lambda row: row.rate, ends=("slowest first", "fastest first")),
        Order("model", "model", lambda row: row.record.model or None, down=False, ends=("a to z", "z to a")),
        Order("state", "state", lambda row: row.record.state or None, down=False, ends=("a to z", "z to a")),
        Order("lane", "lane or sweep", _spot, down=False, ends=("a to z", "z to a")),
    )
}


def ordered(rows: Iterable[Row], key: str = "started", *, down: bool | None = None) -> list[Row]:
    """The rows in that order, in the usual direction unless told; the other direction is its mirror.

    Of equal ones that which was made later comes later, or in falling order first. What isn't known stands at the end.
    """
    order = ORDERS[key]
    known: list[tuple[Sortable, int, Row]] = []
    unknown: list[Row] = []
    for at, row in enumerate(rows):
        value = order.value(row)
        if value is None:
            unknown.append(row)
        else:
            known.append((value, at, row))
    known.sort(key=lambda each: each[:2], reverse=order.down if down is None else down)
    return [*(row for *_, row in known), *unknown]


# What differs, and what it took


def differing(rows: Iterable[Row]) -> tuple[str, ...]:
    """The parameters, other than the model, that are not the same in all of these; the most varied first."""
    values: dict[str, Counter[str]] = {}
    texts: dict[int, tuple[object, str]] = {}
    """Of lists and tables, which many runs share: long tools are looked at once."""
    count = 0
    for row in rows:
        count += 1
        for key, value in row.record.params.items():
            if key != "model":
                if isinstance(value, list | dict) and id(value) not in texts:
                    texts[id(value)] = value, repr(value)  # the value too, so that no other gets its place in memory
                known = texts.get(id(value))
                values.setdefault(key, Counter())[known[1] if known is not None else repr(value)] += 1
    varied = {key: len(found) + (found.total() < count) for key, found in values.items()}
    order = {key: at for at, key in enumerate(BY_KEY)}
    keys = [key for key, many in varied.items() if many > 1]
    return tuple(sorted(keys, key=lambda key: (-varied[key], order.get(key, len(order)))))


def shown(record: RunRecord, key: str) -> str:
    """A parameter of a run as the panel would show it, `—` where it was not sent."""
    raw = record.params.get(key)
    row = BY_KEY.get(key)
    if raw is None:
        return "—"
    try:
        return row.kind.shown(row.read(raw)) if row else str(raw)
    except ParamError:
        return str(raw)


@dataclass(frozen=True, slots=True)
class Totals:
    """What some runs took together; a sum that lacks a part says so."""

    runs: int
    of: int
    """How many there are, shown or not."""
    input: int
    input_partly: bool
    """Whether some runs told no number, so that it is at least this."""
    output: int
    output_guessed: bool
    """Whether some of it is an estimate, because an answer was cut off."""
    cost: Cost
    simulated: int
    """Runs whose money is made up, and is left out where any is real."""
    read: int = 0
    """Of the input, what came out of a cache."""

    @property
    def line(self) -> str:
        """`38 of 412 runs · 51 204 in · 18 332 out · $0.61`."""
        count = grouped(self.runs)
        whole = count if self.runs == self.of else f"{count} of {grouped(self.of)}"
        word = "run" if self.of == 1 else "runs"
        inside = f"{'≥' if self.input_partly else ''}{grouped(self.input)} in"
        inside += f", {self.read * 100 // self.input}% cached" if self.read and self.input else ""
        outside = f"{'≈' if self.output_guessed else ''}{grouped(self.output)} out"
        money = str(self.cost) if self.cost.usd is not None else "cost unknown"
        left = self.cost.basis is not Basis.SIMULATED and self.simulated
        beside = f" · {grouped(self.simulated)} simulated not counted in it" if left else ""
        return f"{whole} {word} · {inside} · {outside} · {money}{beside}"


def totals(rows: Sequence[Row], of: int) -> Totals:
    """The sums of these rows, of so many that there are."""
    return Totals(
        runs=len(rows),
        of=of,
        input=sum(row.input or 0 for row in rows),
        input_partly=any(row.input is None and _asked(row) for row in rows),
        output=sum(row.output or 0 for row in rows),
        output_guessed=any(row.guessed for row in rows),
        cost=total(row.record.cost for row in rows),
        simulated=sum(row.record.simulated for row in rows),
        read=sum(row.record.tokens.read or 0 for row in rows),
    )


def _asked(row: Row) -> bool:
    """Whether a server may have counted: one that was never reached, or refused, took nothing."""
    refused = row.record.state is State.REJECTED and not row.record.usage
    return row.record.timings.first_byte_s is not None and not refused
