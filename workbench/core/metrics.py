"""What a sweep measures: one number a run, their middle and spread over repeats, and which answers are equal.

Only whole answers count: the length or the price of one that was cut off says nothing about the parameters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from workbench.core import facts
from workbench.core.cost import money
from workbench.core.figures import grouped
from workbench.core.record import RunRecord
from workbench.core.state import FULL_STATES

SPREAD_RULE: Final = "±: half the distance between the quartiles, as a share of the median"
"""In words, for where spreads are shown; about half of the runs lie that close to the median."""
EQUAL_RULE: Final = "equal: the same text and tool calls, blanks at the ends aside"
"""In words, for where equal answers are counted."""
COUNTS: Final = 4
"""How many sizes of groups `counted` names."""

Measure = Callable[[RunRecord], float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """One way to measure runs; `of_group` measures several together, where one alone has no such number."""

    key: str
    """Its name on the command line."""
    label: str
    unit: str
    """Empty for a share; `shown` writes it only where it is a sign that stands at the number."""
    value: Measure
    """Of one whole run, in `unit`; None where it isn't known."""
    shown: Callable[[float], str]
    of_group: Callable[[Sequence[RunRecord]], float | None] | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The repeats of one cell by one metric; None is not known."""

    n: int
    """Whole runs whose value is known."""
    median: float | None = None
    """Of a metric of groups: its value."""
    low: float | None = None
    high: float | None = None
    spread: float | None = None
    """Half the distance between the quartiles over the median, so 0.06 is ±6%; None below two values."""
    values: tuple[float, ...] = ()
    """In the order of the runs."""


def _cost(record: RunRecord) -> float | None:
    return None if record.cost_usd is None else float(record.cost_usd)


def _whole(measure: Measure) -> Measure:
    """The measure of whole answers only."""
    return lambda record: measure(record) if record.state in FULL_STATES else None


def variety(records: Sequence[RunRecord]) -> float | None:
    """How much the answers differ: 0 where all are equal, 1 where no two are; None below two whole answers."""
    groups = equal_answers(records)
    whole = sum(count for _, count, _ in groups)
    return (len(groups) - 1) / (whole - 1) if whole > 1 else None


def pass_rate(records: Sequence[RunRecord]) -> float | None:
    """The share of whole answers that fit their schema; None where none was checked."""
    checked = [record.schema_errors for record in records if record.state in FULL_STATES]
    known = [errors for errors in checked if errors is not None]
    return sum(not errors for errors in known) / len(known) if known else None


def seconds(value: float) -> str:
    """`0.81s`, `4.9s`, `83s`, `12m05s`."""
    if value < 99.5:
        return f"{value:.2f}s" if value < 0.995 else f"{value:.1f}s" if value < 9.95 else f"{value:.0f}s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes}m{rest:02}s"


def share(value: float) -> str:
    """`86%`."""
    return f"{value:.0%}"


def _tokens(value: float) -> str:
    return grouped(round(value))


def _usd(value: float) -> str:
    return money(Decimal(repr(value)))


def _per_second(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"


_ALL: Final = (
    Metric("out", "out tokens", "tokens", _whole(facts.output), _tokens),
    Metric("cost", "cost", "USD", _whole(_cost), _usd),
    Metric("latency", "latency", "s", _whole(lambda record: record.timings.total_s), seconds),
    Metric("ttft", "ttft", "s", _whole(lambda record: record.timings.first_token_s), seconds),
    Metric("rate", "tok/s", "tokens/s", _whole(facts.rate), _per_second),
    Metric("variety", "variety", "", lambda record: None, share, of_group=variety),
    Metric("pass", "pass rate", "", lambda record: None, share, of_group=pass_rate),
)
METRICS: Final[Mapping[str, Metric]] = {metric.key: metric for metric in _ALL}
"""Every metric, in the order in which they are offered."""


def summary(metric: Metric, records: Sequence[RunRecord]) -> Summary:
    """Middle, ends and spread of the runs that can be measured."""
    if metric.of_group is not None:
        whole = sum(record.state in FULL_STATES for record in records)
        value = metric.of_group(records)
        return Summary(whole, value, value, value)
    values = tuple(value for record in records if (value := metric.value(record)) is not None)
    if not values:
        return Summary(0)
    ordered = sorted(values)
    return Summary(len(values), quantile(ordered, 0.5), ordered[0], ordered[-1], _spread(ordered), values)


def median(values: Iterable[float]) -> float | None:
    """The middle value, of an even number the mean of the middle two; None of none."""
    ordered = sorted(values)
    return quantile(ordered, 0.5) if ordered else None


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie, straight between neighbours; they come in order."""
    at = part * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def _spread(ordered: Sequence[float]) -> float | None:
    if len(ordered) < 2:
        return None
    half = (quantile(ordered, 0.75) - quantile(ordered, 0.25)) / 2
    middle = abs(quantile(ordered, 0.5))
    return half / middle if middle else (None if half else 0.0)


def histogram(values: Iterable[float], low: float, high: float, bins: int) -> tuple[int, ...]:
    """How many values fall into each of `bins` equal parts of the scale from `low` to `high`.

    The top belongs to the last part, and so does what lies above; on a scale without length all is in the middle.
    """
    counts = [0] * bins
    for value in values:
        at = int((value - low) / (high - low) * bins) if high > low else bins // 2
        counts[min(max(at, 0), bins - 1)] += 1
    return tuple(counts)


def equal_answers(records: Sequence[RunRecord]) -> tuple[tuple[str, int, tuple[int, ...]], ...]:
    """Whole answers that are equal (`EQUAL_RULE`): the first one's text, how often, and which, by their places.

    The most frequent come first, of equals the earlier.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for at, record in enumerate(records):
        if record.state in FULL_STATES:
            groups.setdefault((record.text.strip(), _calls(record)), []).append(at)
    ordered = sorted(groups.values(), key=lambda which: (-len(which), which[0]))
    return tuple((records[which[0]].text, len(which), tuple(which)) for which in ordered)


def counted(groups: Sequence[tuple[str, int, tuple[int, ...]]]) -> str:
    """`×7 ×2 ×1`: how often each answer came; `…` stands for the rest."""
    sizes = " ".join(f"×{count}" for _, count, _ in groups[:COUNTS])
    return f"{sizes} …" if len(groups) > COUNTS else sizes


def _calls(record: RunRecord) -> str:
    """The tool calls less their ids, which no two answers share; thinking counts for nothing."""
    calls = [[block.get("name"), block.get("input")] for block in record.content if block.get("type") == "tool_use"]
    return json.dumps(calls, sort_keys=True, default=str) if calls else ""
