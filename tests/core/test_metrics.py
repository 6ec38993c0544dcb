"""Metrics: whole answers only, a spread that means what it says, and a rule for what is equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.metrics import (
    METRICS,
    Summary,
    counted,
    equal_answers,
    histogram,
    median,
    quantile,
    seconds,
    summary,
)
from workbench.core.record import RunRecord, Timings
from workbench.core.state import State


def run(out: int = 100, text: str = "yes", state: State | None = State.COMPLETE, **rest: Any) -> RunRecord:
    content = rest.pop("content", ({"type": "text", "text": text},))
    return RunRecord(state=state, text=text, content=content, usage={"output_tokens": out}, **rest)


WHOLE = run(413, cost_usd=Decimal("0.0061"), timings=Timings(first_token_s=0.81, total_s=4.93))


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("out", 413, "413"),
        ("cost", 0.0061, "$0.0061"),
        ("latency", 4.93, "4.9s"),
        ("ttft", 0.81, "0.81s"),
        ("rate", 100.0, "100"),
        ("variety", None, ""),
    ],
)
def test_what_each_metric_says_of_one_run(key: str, value: float | None, shown: str) -> None:
    metric = METRICS[key]
    found = metric.value(WHOLE)
    assert found == pytest.approx(value)
    assert (metric.shown(found) if found is not None else "") == shown


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.parametrize("state", [None, *(state for state in State if state not in {"complete", "unconfirmed"})])
def test_what_was_cut_off_counts_for_nothing(metric: Any, state: State | None) -> None:
    cut = run(9, state=state, cost_usd=Decimal(1), timings=Timings(first_token_s=1, total_s=2))
    assert metric.value(cut) is None
    assert summary(metric, [cut, cut]).n == 0


@pytest.mark.parametrize(
    ("outs", "expected"),
    [
        ([], Summary(0)),
        ([7], Summary(1, 7, 7, 7, None, (7,))),
        ([4, 4], Summary(2, 4, 4, 4, 0.0, (4, 4))),
        ([40, 10, 30, 20], Summary(4, 25, 10, 40, 0.3, (40, 10, 30, 20))),  # quartiles 17.5 and 32.5
        ([100, 90, 110, 95, 105], Summary(5, 100, 90, 110, 0.05, (100, 90, 110, 95, 105))),
        ([0, 0, 0, 0], Summary(4, 0, 0, 0, 0.0, (0, 0, 0, 0))),
        ([0, 0, 0, 8, 8], Summary(5, 0, 0, 8, None, (0, 0, 0, 8, 8))),  # no share of nothing
    ],
)
def test_the_summary_of_a_cell(outs: list[int], expected: Summary) -> None:
    assert summary(METRICS["out"], [run(out) for out in outs]) == expected


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_a_summary_keeps_its_order(outs: list[int]) -> None:
    found = summary(METRICS["out"], [run(out) for out in outs])
    assert found.low is not None
    assert found.median is not None
    assert found.high is not None
    assert found.low <= found.median <= found.high
    assert found.n == len(outs)
    assert sum(histogram(found.values, found.low, found.high, 8)) == len(outs)


@pytest.mark.parametrize(("part", "value"), [(0, 1), (0.25, 2), (0.5, 3), (0.625, 3.5), (1, 5)])
def test_a_quantile_lies_straight_between_its_neighbours(part: float, value: float) -> None:
    assert quantile([1, 2, 3, 4, 5], part) == value


@pytest.mark.parametrize(("values", "middle"), [([], None), ([3], 3), ([3, 1], 2), ([9, 1, 2], 2)])
def test_the_median(values: list[float], middle: float | None) -> None:
    assert median(values) == middle


@pytest.mark.parametrize(
    ("values", "low", "high", "bars"),
    [
        ([], 0, 10, (0, 0, 0, 0)),
        ([0, 2.4, 2.5, 10], 0, 10, (2, 1, 0, 1)),
        ([-5, 15], 0, 10, (1, 0, 0, 1)),
        ([7, 7], 7, 7, (0, 0, 2, 0)),
    ],
)
def test_a_histogram_on_a_shared_scale(values: list[float], low: float, high: float, bars: tuple[int, ...]) -> None:
    assert histogram(values, low, high, 4) == bars


def call(id_: str, city: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": id_, "name": "weather", "input": {"city": city}}


@pytest.mark.parametrize(
    ("records", "groups"),
    [
        ([], ()),
        ([run(text="a")], (("a", 1, (0,)),)),
        ([run(text="a"), run(text=" a\n"), run(text="A")], (("a", 2, (0, 1)), ("A", 1, (2,)))),
        ([run(text="a"), run(text="b"), run(text="b")], (("b", 2, (1, 2)), ("a", 1, (0,)))),
        ([run(text="a"), run(text="a", state=State.CANCELLED)], (("a", 1, (0,)),)),
        ([run(text="a  b"), run(text="a b")], (("a  b", 1, (0,)), ("a b", 1, (1,)))),
        (
            [run(text="", content=(call(*each),)) for each in (("t1", "Oslo"), ("t2", "Oslo"), ("t3", "Rome"))],
            (("", 2, (0, 1)), ("", 1, (2,))),
        ),
        (
            [run(text="a", content=({"type": "thinking", "thinking": each},)) for each in "xy"],
            (("a", 2, (0, 1)),),
        ),
    ],
)
def test_which_answers_are_equal(records: list[RunRecord], groups: tuple[Any, ...]) -> None:
    assert equal_answers(records) == groups


@pytest.mark.parametrize(
    ("texts", "said", "variety"),
    [("", "", None), ("a", "×1", None), ("aaaaaaabbc", "×7 ×2 ×1", 2 / 9), ("aaa", "×3", 0.0), ("ab", "×1 ×1", 1.0)],
)
def test_equal_answers_are_counted(texts: str, said: str, variety: float | None) -> None:
    records = [run(text=text) for text in texts]
    assert counted(equal_answers(records)) == said
    found = summary(METRICS["variety"], records)
    assert (found.n, found.median) == (len(texts), variety)


def test_many_different_answers_are_cut() -> None:
    assert counted(equal_answers([run(text=text) for text in "aabcdef"])) == "×2 ×1 ×1 ×1 …"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.008, "0.01s"), (0.81, "0.81s"), (0.996, "1.0s"), (4.93, "4.9s"), (9.96, "10s"), (83, "83s"), (725, "12m05s")],
)
def test_seconds_as_they_are_read(value: float, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [("out", 1204.4, "1 204"), ("cost", 0.00000123, "$0.0000012"), ("rate", 4.25, "4.2"), ("variety", 0.857, "86%")],
)
def test_values_as_they_are_shown(key: str, value: float, text: str) -> None:
    assert METRICS[key].shown(value) == text
