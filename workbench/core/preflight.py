"""What a sweep will take, before it is sent: requests, tokens, a price range, and the time at the current limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from workbench.core import breakpoints, forecast, media_limits, tool_table
from workbench.core.accepts import Caution
from workbench.core.cost import Basis, money
from workbench.core.endpoint import Endpoint
from workbench.core.figures import grouped
from workbench.core.models import Catalogue
from workbench.core.parameter_cautions import warnings
from workbench.core.params import FIELDS, Params
from workbench.core.preflight_time import LimitsOf, Seen, Takes, takes
from workbench.core.record import RunRecord
from workbench.core.request import COUNTED, Request
from workbench.core.sweep_plan import Cell, Plan, Spot
from workbench.core.usage import HALF

UNCOUNTED: Final = tuple(
    row.key
    for row in FIELDS
    if not row.path or row.path[0] not in COUNTED or row.key in {"cache_control", "speed", "effort"}
)
"""Parameters that change no count of input tokens: cells that differ in these alone share one."""


@dataclass(frozen=True)
class Preflight:
    """What is left of a sweep to send."""

    requests: int
    """All of the sweep."""
    done: int
    """Those that have a whole answer, and aren't sent again; the rest speaks of the others."""
    input_tokens: int
    counted: bool
    """Whether the endpoint counted them, of every prompt; else some are an estimate."""
    low: Decimal | None
    high: Decimal | None
    basis: Basis
    """`simulated`, `estimate`, or `unknown` where a price is."""
    time: Takes | None
    """None where nothing is known of limits, nor of earlier answers."""
    cautions: tuple[Caution, ...] = ()
    unpriced: tuple[str, ...] = ()
    """Models without a known price."""
    elsewhere: int = 0
    """Those that are asked in a batch already."""
    failed: int = 0
    """Those whose failure stands until it is asked again."""
    rough: bool = False
    """Whether the prices follow from estimated tokens: it may cost more than the higher of them."""
    expected: Decimal | None = None
    """USD, where earlier answers say how long such an answer is."""

    @property
    def missing(self) -> int:
        """Requests that will be sent."""
        return self.requests - self.done - self.elsewhere - self.failed

    def line(self) -> str:
        """`64 requests · 12 done · in 2.31M tok (counted) · $1.90–$7.40 · ≈ 3 min at the current limits`."""
        parts = ["1 request" if self.requests == 1 else f"{grouped(self.requests)} requests"]
        if not self.missing and not self.elsewhere and not self.failed:
            return f"{parts[0]} · all done"
        if self.done:
            parts.append(f"{grouped(self.done)} done")
        if self.failed:
            parts.append(f"{grouped(self.failed)} failed")
        if self.elsewhere:
            parts.append(f"{grouped(self.elsewhere)} in a batch")
        if not self.missing:
            return " · ".join(parts)
        about, how = ("", " (counted)") if self.counted else ("≈", "")
        parts.append(f"in {about}{tokens(self.input_tokens)} tok{how}")
        parts.append(self.price)
        if self.time is not None:
            parts.append(str(self.time))
        return " · ".join(parts)

    @property
    def price(self) -> str:
        """`$1.90–$7.40, likely ≈$2.31`; `≈$1.90–$7.40` where the tokens are an estimate."""
        if self.low is None or self.high is None:
            return f"price of {', '.join(self.unpriced)} unknown" if self.unpriced else "price unknown"
        text = f"{'≈' if self.rough else ''}{money(self.low)}"
        if self.low != self.high:
            text += f"–{money(self.high)}"
        if self.expected is not None:
            text += f", likely ≈{money(self.expected)}"
        return f"{text} simulated" if self.basis is Basis.SIMULATED else text

    def to_mapping(self) -> dict[str, Any]:
        """For JSON: USD as decimal strings, only what is known."""
        known = {
            "requests": self.requests,
            "done": self.done,
            "failed": self.failed or None,
            "in_a_batch": self.elsewhere or None,
            "input_tokens": self.input_tokens,
            "counted": self.counted,
            "cost_low_usd": self.low,
            "cost_high_usd": self.high,
            "cost_expected_usd": self.expected,
            "cost_basis": self.basis.value,
            "unpriced": list(self.unpriced) or None,
            "seconds": None if self.time is None else round(self.time.seconds, 1),
            "cautions": [each.text for each in self.cautions] or None,
        }
        plain = {key: format(value, "f") if isinstance(value, Decimal) else value for key, value in known.items()}
        return {key: value for key, value in plain.items() if value is not None}


def halved(checked: Preflight) -> Preflight:
    """The same as a message batch: at half the price, and when the server likes, within a day."""
    low, high, expected = (
        None if each is None else each * HALF for each in (checked.low, checked.high, checked.expected)
    )
    return replace(checked, low=low, high=high, expected=expected, time=None)


def alike(plan: Plan, records: Iterable[RunRecord], endpoint: Endpoint) -> tuple[RunRecord, ...]:
    """Earlier answers that say what the next will be like: the sweep's own, else all of this endpoint."""
    here = answered_by(endpoint, records)
    return tuple(plan.done(here, endpoint).values()) or here


def answered_by(endpoint: Endpoint, records: Iterable[RunRecord]) -> tuple[RunRecord, ...]:
    """The runs that went to this endpoint: another's limits, prices and lengths say nothing about it."""
    return tuple(record for record in records if record.endpoint == endpoint.name)


def to_count(plan: Plan, missing: Iterable[Spot]) -> dict[Params, Request]:
    """One request for each prompt whose tokens are worth counting: by what distinguishes them."""
    found: dict[Params, Request] = {}
    for spot in missing:
        request = plan.cells[spot.cell].request
        found.setdefault(counted_by(request), request)
    return found


def counted_by(request: Request) -> Params:
    """The parameters that its count depends on; all cells of a sweep share the messages."""
    return request.params.unset(*UNCOUNTED)


def preflight(
    plan: Plan,
    missing: Sequence[Spot],
    endpoint: Endpoint,
    catalogue: Catalogue,
    *,
    counts: Mapping[Params, int] | None = None,
    limits: LimitsOf = lambda params: None,
    past: Iterable[RunRecord] = (),
    concurrency: int = 16,
    elsewhere: int = 0,
    failed: int = 0,
    today: date | None = None,
) -> Preflight:
    """From the counts by `counted_by`, the limits that such requests share, and answers like those that will come."""
    counts = counts or {}
    ahead = Counter(spot.cell for spot in missing)
    seen = Seen(past)
    estimates: dict[Params, int] = {}
    found = [
        (plan.cells[at], number, _tokens(plan.cells[at].request, counts, estimates, catalogue))
        for at, number in ahead.items()
    ]
    asked = ((cell.request.params, number, tokens) for cell, number, tokens in found)
    prices = [
        (cell, number, forecast.of_request(cell.request, endpoint, catalogue, counted=tokens))
        for cell, number, tokens in found
    ]
    known = [
        (cell, number, (each.low, each.high))
        for cell, number, each in prices
        if each.low is not None and each.high is not None
    ]
    unpriced = tuple(sorted({cell.request.params.model or "no model" for cell, _, each in prices if each.high is None}))
    basis = Basis.UNKNOWN if unpriced else Basis.SIMULATED if endpoint.simulated else Basis.ESTIMATE
    return Preflight(
        requests=len(plan.order),
        done=len(plan.order) - len(missing) - elsewhere - failed,
        elsewhere=elsewhere,
        failed=failed,
        input_tokens=sum(number * tokens for _, number, tokens in found),
        counted=not estimates,
        low=None if unpriced else sum((number * low for _, number, (low, _) in known), Decimal(0)),
        high=None if unpriced else sum((number * high for _, number, (_, high) in known), Decimal(0)),
        basis=basis,
        time=takes(asked, seen, catalogue, limits, concurrency),
        cautions=_cautions(plan, endpoint, catalogue, today),
        unpriced=unpriced,
        rough=bool(estimates) or any(each.rough for _, _, each in prices),
        expected=None if unpriced else _expected(known, seen),
    )


def _tokens(request: Request, counts: Mapping[Params, int], estimates: dict[Params, int], catalogue: Catalogue) -> int:
    key = counted_by(request)
    if key in counts:
        return counts[key]
    if key not in estimates:
        estimates[key] = forecast.request_tokens(request, catalogue.recognise(request.params.model))
    return estimates[key]


def _expected(known: Sequence[tuple[Cell, int, tuple[Decimal, Decimal]]], seen: Seen) -> Decimal | None:
    """The price at the length of earlier answers, between no output and `max_tokens` of it."""
    price = Decimal(0)
    for cell, number, (low, high) in known:
        params = cell.request.params
        made = seen.output(params)
        if made is None or not params.max_tokens:
            return None
        price += number * (low + (high - low) * Decimal(made) / params.max_tokens)
    return price if known else None


def _cautions(plan: Plan, endpoint: Endpoint, catalogue: Catalogue, today: date | None) -> tuple[Caution, ...]:
    """What the API may refuse, each thing once, with where it concerns not all cells."""
    found: dict[Caution, list[Cell]] = {}
    for cell in plan.cells:
        version = cell.request.version(endpoint.version, endpoint.kind)
        params = cell.request.params
        for each in media_limits.cautions(cell.request.media, catalogue.find(params.model), endpoint.kind):
            found.setdefault(each, []).append(cell)
        marks = breakpoints.cautions(cell.request, catalogue.find(params.model)) if endpoint.vendor else ()
        for each in marks:
            found.setdefault(each, []).append(cell)
        found_here = warnings(
            params, version, catalogue=catalogue, vendor=endpoint.vendor, today=today, kind=endpoint.kind
        )
        for each in (*found_here, *_one_round(params)):
            found.setdefault(each, []).append(cell)
    told: list[Caution] = []
    for caution, cells in found.items():
        if len(cells) == len(plan.cells):
            told.append(caution)
        else:
            where = cells[0].label if len(cells) == 1 else f"{len(cells)} of {len(plan.cells)} cells"
            told.append(replace(caution, text=f"{where}: {caution.text}"))
    return tuple(told)


def _one_round(params: Params) -> tuple[Caution, ...]:
    """That a cell is one answer: its tool calls are kept, and nobody answers them."""
    own = any(not tool_table.is_served(tool) for tool in tool_table.listed(params.tools))
    text = "tools: each cell is one answer; the calls in it are kept, and not answered here"
    return (Caution("tools", text),) if own else ()


def tokens(number: int) -> str:
    """`812`, `12 400`, `231k`, `2.31M`."""
    if number < 100_000:
        return grouped(number)
    return f"{number / 1e6:.2f}M" if number >= 999_500 else f"{number / 1e3:.0f}k"
