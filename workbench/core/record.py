"""What is kept of a run: one flat record, the same on the command line and in the session file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final, Protocol

from workbench.core.cost import Basis, Cost
from workbench.core.limits import Limits
from workbench.core.problem import Problem
from workbench.core.state import FULL_STATES, State
from workbench.core.usage import Tokens

MOST_USD: Final = 10**12
MOST_S: Final = 10**9
DIGITS: Final = 28
"""What is more, or finer, no run ever cost or took: somebody wrote it."""
Mapped = dict[str, Any]
"""A table of the session file or an object of JSON."""


class CostLike(Protocol):
    """The part of a computed cost that a record keeps."""

    @property
    def usd(self) -> Decimal | None: ...
    @property
    def basis(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds on a monotonic clock, from the start of the run's last attempt; None is not known."""

    connect_s: float | None = None
    first_byte_s: float | None = None
    first_token_s: float | None = None
    total_s: float | None = None
    retry_wait_s: float | None = None
    """Spent between attempts, and no part of the others."""

    def to_mapping(self) -> Mapped:
        return {row.name: value for row in fields(self) if (value := getattr(self, row.name)) is not None}


@dataclass(frozen=True)
class RunRecord:
    """One request sent and all that came of it; what isn't known is None or empty."""

    id: str = ""
    lane: str = ""
    parent: str | None = None
    """The message that the answer hangs under."""
    endpoint: str = ""
    state: State | None = None
    """None while the run goes on: a record that is found so belongs to a crash."""
    model: str = ""
    """As served, else as asked."""
    text: str = ""
    """All text blocks, joined."""
    content: tuple[Mapped, ...] = ()
    """The blocks, verbatim, so that they can be sent back."""
    stop_reason: str | None = None
    stop_sequence: str | None = None
    usage: Mapped = field(default_factory=dict)
    cost_usd: Decimal | None = None
    cost_basis: str = "unknown"
    """How far `cost_usd` can be trusted: exact, at_least, estimate, simulated, unknown."""
    params: Mapped = field(default_factory=dict)
    """What was set."""
    request_id: str | None = None
    request_sha256: str = ""
    """Of the bytes of the body."""
    started: datetime | None = None
    attempts: int = 0
    timings: Timings = Timings()
    limits: Limits | None = None
    problem: Problem | None = None
    stop_details: Mapped | None = None
    """What the server says of a refusal, verbatim."""
    conversation_sha256: str = ""
    """Of all that its thinking is bound to; empty where it didn't think."""
    schema_errors: tuple[str, ...] | None = None
    """Where the answer doesn't fit its schema; empty where it does, None where that wasn't looked at."""
    extra: Mapped = field(default_factory=dict)
    """What a newer program or a person wrote beside these, kept on a save."""
    message_id: str | None = None
    """What the server called its answer."""
    diagnostics: Mapped = field(default_factory=dict)
    """What the server said about its cache, verbatim, where it was asked."""
    breakpoints: Mapped = field(default_factory=dict)
    """The cache breakpoints on the turns that were sent: `5m` or `1h`, by message."""
    variables: Mapped = field(default_factory=dict)
    """Those that were given for this time, where the session had another value or none."""

    @cached_property
    def tokens(self) -> Tokens:
        """What was billed, by kind."""
        return Tokens.of(self.usage)

    @cached_property
    def cost(self) -> Cost:
        """What it cost, and how sure that is; an unknown word for the basis counts as unknown."""
        basis = Basis(self.cost_basis) if self.cost_basis in set(Basis) else Basis.UNKNOWN
        partial = basis is Basis.SIMULATED and self.state not in FULL_STATES and bool(self.cost_usd)
        return Cost(self.cost_usd, basis, partial)

    @property
    def simulated(self) -> bool:
        """Whether the answer was made up, or replayed, and nobody pays for it."""
        return self.cost_basis == Basis.SIMULATED

    @property
    def asked_model(self) -> str | None:
        """The model of its request; a file can hold anything in its place, which is none."""
        model = self.params.get("model")
        return model if isinstance(model, str) else None

    def to_mapping(self) -> Mapped:
        """The record as plain values; times are `datetime`, the cost is a decimal string."""
        known: Mapped = {
            "id": self.id or None,
            "lane": self.lane or None,
            "parent": self.parent,
            "endpoint": self.endpoint or None,
            "state": self.state and self.state.value,
            "model": self.model or None,
            "text": self.text,
            "content": list(self.content),
            "stop_reason": self.stop_reason,
            "stop_sequence": self.stop_sequence,
            "usage": self.usage or None,
            "cost_usd": None if self.cost_usd is None else format(self.cost_usd, "f"),
            "cost_basis": self.cost_basis,
            "params": self.params or None,
            "request_id": self.request_id,
            "request_sha256": self.request_sha256 or None,
            "started": self.started,
            "attempts": self.attempts or None,
            "timings": self.timings.to_mapping() or None,
            "limits": (self.limits and self.limits.to_mapping()) or None,
            "problem": self.problem and _problem_mapping(self.problem),
            "stop_details": self.stop_details or None,
            "conversation_sha256": self.conversation_sha256 or None,
            "schema_errors": None if self.schema_errors is None else list(self.schema_errors),
            "message_id": self.message_id,
            "diagnostics": self.diagnostics or None,
            "breakpoints": self.breakpoints or None,
            "variables": self.variables or None,
        }
        return {**{key: value for key, value in known.items() if value is not None}, **self.extra}

    def to_json(self) -> str:
        """One line of JSON: times in ISO 8601 with a Z."""
        return json.dumps(self.to_mapping(), ensure_ascii=False, default=_iso)


def from_mapping(mapping: Mapping[str, object]) -> RunRecord:
    """Read a record; an unknown key, or a value of the wrong type, goes to `extra` unchanged."""
    known: Mapped = {}
    extra: Mapped = {}
    for key, value in mapping.items():
        read = _READERS.get(key)
        found = read(value) if read else None
        if found is None:
            extra[key] = value
        else:
            known[key] = found
    return RunRecord(**known, extra=extra)


def _problem_mapping(problem: Problem) -> Mapped:
    rows = ("title", "detail", "hint", "status", "type")
    return {row: value for row in rows if (value := getattr(problem, row)) not in (None, "")}


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no place in a run record")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _table(value: object) -> Mapped | None:
    return dict(value) if isinstance(value, Mapping) else None


def _named_texts(value: object) -> Mapped | None:
    found = _table(value)
    return found if found is not None and _texts([*found, *found.values()]) is not None else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value) else None


def _tables(value: object) -> tuple[Mapped, ...] | None:
    if isinstance(value, Sequence) and all(isinstance(item, Mapping) for item in value):
        return tuple(dict(item) for item in value)
    return None


def _state(value: object) -> State | None:
    return State(value) if isinstance(value, str) and value in list(State) else None


def amount(value: object) -> Decimal | None:
    """USD as they stand in a file, or None for what is no sum that anybody was charged."""
    try:
        usd = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    known = usd is not None and usd.is_finite() and 0 <= usd < MOST_USD and usd.adjusted() > -DIGITS
    return usd if known else None


def _time(value: object) -> datetime | None:
    """A time of TOML or of JSON; one without an offset is taken as UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _timings(value: object) -> Timings | None:
    if not isinstance(value, Mapping):
        return None
    names = {row.name for row in fields(Timings)}
    if not all(key in names and type(item) in {int, float} and 0 <= item < MOST_S for key, item in value.items()):
        return None
    return Timings(**{key: float(item) for key, item in value.items()})


def _limits(value: object) -> Limits | None:
    return Limits.from_mapping(value) if isinstance(value, Mapping) else None


def _problem(value: object) -> Problem | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("title"), str):
        return None
    texts = {key: _text(value.get(key)) for key in ("title", "detail", "hint", "type")}
    status = value.get("status")
    return Problem(
        texts["title"] or "",
        texts["detail"] or "",
        texts["hint"] or "",
        status=status if type(status) is int else None,
        type=texts["type"],
    )


_READERS: Final = {
    "id": _text,
    "lane": _text,
    "parent": _text,
    "endpoint": _text,
    "state": _state,
    "model": _text,
    "text": _text,
    "content": _tables,
    "stop_reason": _text,
    "stop_sequence": _text,
    "usage": _table,
    "cost_usd": amount,
    "cost_basis": _text,
    "params": _table,
    "request_id": _text,
    "message_id": _text,
    "diagnostics": _table,
    "request_sha256": _text,
    "breakpoints": _table,
    "variables": _named_texts,
    "started": _time,
    "attempts": _count,
    "timings": _timings,
    "limits": _limits,
    "problem": _problem,
    "stop_details": _table,
    "conversation_sha256": _text,
    "schema_errors": _texts,
}
