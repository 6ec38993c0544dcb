"""What a sweep will take, from counts, prices, limits and past runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.core.samples import EVERYTHING
from workbench.core.cost import Basis
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.kinds import Json
from workbench.core.limits import Limit, Limits
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.preflight import UNCOUNTED, Preflight, alike, answered_by, counted_by, preflight, to_count, tokens
from workbench.core.preflight_time import duration, latest_limits
from workbench.core.record import RunRecord, Timings
from workbench.core.session import Session
from workbench.core.state import State
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import Plan, plan

CATALOGUE = Catalogue.builtin()
OFFICIAL = Endpoint("anthropic", OFFICIAL_URL)
MODELS = "model=claude-haiku-4-5,claude-sonnet-4-6"


def made(*axes: str, repeats: int = 8, **params: Any) -> Plan:
    ground = Params(**{"model": "claude-haiku-4-5", "max_tokens": 1000, **params})
    return plan(Session(params=ground, prompt="Hello " * 100), Sweep(axes=tuple(map(read_axis, axes)), repeats=repeats))


def counts(grid: Plan, number: int) -> dict[Params, int]:
    return dict.fromkeys(to_count(grid, grid.order), number)


def checked(grid: Plan, **options: Any) -> Preflight:
    missing = options.pop("missing", grid.order)
    endpoint = options.pop("endpoint", OFFICIAL)
    return preflight(grid, missing, endpoint, CATALOGUE, **options)


@pytest.mark.parametrize(
    ("axes", "number"),
    [
        (["temperature=0,0.5,1"], 1),
        (["max_tokens=1,2", "top_k=1,2", "top_p=0.1,0.2"], 1),
        (["stop_sequences=a,b", "user_id=x,y", "version=2023-06-01,2026-10-21", "service_tier=auto,"], 1),
        (["effort=low,high", "cache_control=5m,", "speed=fast,"], 1),
        (["cache_system=5m,1h", "cache_tools=5m,", "diagnostics=auto,"], 1),
        ([MODELS, "temperature=0,1"], 2),
        (["system=a,b", "temperature=0,1"], 2),
        (["thinking=disabled,adaptive"], 2),
        (['tools=[{"name":"a"}],', MODELS], 4),
    ],
)
def test_each_distinct_prompt_is_counted_once(axes: list[str], number: int) -> None:
    grid = made(*axes)
    found = to_count(grid, grid.order)
    assert len(found) == number
    assert all(counted_by(request) == key for key, request in found.items())
    assert {counted_by(cell.request) for cell in grid.cells} == set(found)


def test_what_is_done_is_not_counted_again() -> None:
    grid = made(MODELS)
    sonnet = [spot for spot in grid.order if grid.cells[spot.cell].column == 1]
    assert [key.model for key in to_count(grid, sonnet)] == ["claude-sonnet-4-6"]


def test_a_new_parameter_is_taken_to_change_the_count_where_count_tokens_takes_it() -> None:
    assert list(EVERYTHING.unset(*UNCOUNTED).to_mapping()) == [
        *("model", "system", "thinking", "thinking_budget", "thinking_display"),
        *("output_format", "tools", "tool_choice"),
    ]


def test_the_line_of_a_whole_sweep() -> None:
    grid = made(MODELS, "temperature=0,0.3,0.7,1")
    found = checked(grid, counts=counts(grid, 36_094))
    assert (found.requests, found.done, found.missing) == (64, 0, 64)
    assert (found.input_tokens, found.counted) == (2_310_016, True)
    # Haiku $1 and $5, Sonnet $3 and $15 a million: 32 requests each
    assert found.low == Decimal(32 * 36_094) * 4 / 10**6
    assert found.high == found.low + Decimal(32 * 1000) * 20 / 10**6
    assert found.line() == "64 requests · in 2.31M tok (counted) · $4.62–$5.26"


def test_what_is_done_is_left_out_and_an_estimate_says_so() -> None:
    grid = made(MODELS, "temperature=0,1", repeats=2)
    found = checked(grid, missing=grid.order[3:])
    assert (found.requests, found.done) == (8, 3)
    assert not found.counted
    assert found.line().startswith("8 requests · 3 done · in ≈")
    assert "(counted)" not in found.line()
    half = checked(grid, counts=dict.fromkeys(list(counts(grid, 5))[:1], 5))
    assert not half.counted
    assert (found.price[0], half.price[0], checked(grid, counts=counts(grid, 5)).price[0]) == ("≈", "≈", "$")


def test_nothing_left_says_so() -> None:
    assert checked(made(MODELS), missing=()).line() == "16 requests · all done"
    assert checked(made("top_k=1", repeats=1), missing=()).line() == "1 request · all done"


def test_simulated_money_is_told_and_an_unknown_price_is_no_price() -> None:
    grid = made("model=claude-haiku-4-5,some-llama")
    simulated = checked(
        grid, counts=counts(grid, 10), endpoint=Endpoint("simulator", "http://127.0.0.1:1", simulated=True)
    )
    assert simulated.unpriced == ("some-llama",)
    found = checked(grid, counts=counts(grid, 10))
    assert (found.low, found.high, found.basis) == (None, None, Basis.UNKNOWN)
    assert found.line() == "16 requests · in 160 tok (counted) · price of some-llama unknown"
    priced = made("top_k=1,2")
    simulator = Endpoint("simulator", "http://127.0.0.1:1", simulated=True)
    assert checked(priced, endpoint=simulator).price.endswith(" simulated")


def answer(model: str, out: int, seconds: float, **rest: Any) -> RunRecord:
    known = {"state": State.COMPLETE, "params": {"model": model}, "usage": {"input_tokens": 5, "output_tokens": out}}
    return RunRecord(**{**known, "timings": Timings(total_s=seconds), **rest})


def test_earlier_answers_say_what_is_likely() -> None:
    grid = made("top_k=1,2", repeats=1)
    past = [answer("claude-haiku-4-5", 100, 4.0), answer("claude-haiku-4-5", 300, 4.0)]
    cut = answer("claude-haiku-4-5", 900, 90.0, state=State.CANCELLED)
    odd = answer("", 900, 4.0, params={"model": ["claude-haiku-4-5"]})
    found = checked(grid, counts=counts(grid, 0), past=[*past, cut, odd], concurrency=1)
    assert found.expected == Decimal("0.0020")
    assert found.price == "$0.00–$0.0100, likely ≈$0.0020"
    assert found.line().endswith(" · ≈ 8 s at the pace of earlier answers")
    found = checked(grid, past=past, concurrency=1, limits=lambda params: bucket(requests=(60, 60)))
    assert found.line().endswith(" · ≈ 8 s at the current limits")
    found = checked(grid, limits=lambda params: bucket(requests=(1, 0)))
    assert found.line().endswith(" · ≥ 2 min at the current limits")  # how long an answer takes isn't known


def bucket(**limits: tuple[int, int | None]) -> Limits:
    return Limits({name: Limit(limit, remaining) for name, (limit, remaining) in limits.items()})


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        ({}, None),
        ({"requests": (60, 60)}, 4.0),
        ({"requests": (64, 64)}, None),
        ({"requests": (60, 4)}, 60.0),
        ({"requests": (60, None)}, 4.0),
        ({"input_tokens": (6400, 0)}, 60.0),
        ({"output_tokens": (32_000, 0)}, 120.0),
        ({"tokens": (70_400, 0)}, 60.0),
        ({"requests": (60, 4), "output_tokens": (32_000, 0)}, 120.0),
        ({"unified_5h": (100, 0), "priority_requests": (1, 0)}, None),
    ],
)
def test_the_time_is_that_of_the_scarcest_bucket(limits: dict[str, Any], seconds: float | None) -> None:
    grid = made("temperature=0,0.1,0.2,0.3,0.4,0.5,0.6,0.7", repeats=8)
    found = checked(grid, counts=counts(grid, 100), limits=lambda params: bucket(**limits) if limits else None)
    assert (found.time and found.time.seconds) == (None if seconds is None else pytest.approx(seconds))


def test_classes_have_limits_of_their_own() -> None:
    grid = made(MODELS)
    asked: list[str | None] = []

    def limits(params: Params) -> Limits:
        asked.append(params.model)
        return bucket(requests=(1, 0)) if params.model == "claude-haiku-4-5" else bucket(requests=(2, 0))

    time = checked(grid, limits=limits).time
    assert time is not None
    assert time.seconds == pytest.approx(480.0)
    assert asked == ["claude-haiku-4-5", "claude-sonnet-4-6"]


def test_the_last_answer_of_a_class_tells_its_limits() -> None:
    def at(minute: int, limit: int, model: str = "claude-haiku-4-5") -> RunRecord:
        when = datetime(2026, 11, 22, 12, minute, tzinfo=UTC)
        return answer(model, 1, 1.0, started=when, limits=bucket(requests=(limit, 1)))

    known = latest_limits([at(2, 20), at(1, 10), at(3, 99, "claude-sonnet-4-6"), RunRecord()], CATALOGUE)
    found = known(Params(model="claude-haiku-4-5-20251001"))
    assert found is not None
    assert found["requests"] == Limit(20)
    assert known(Params(model="claude-opus-4-8")) is None


def test_cautions_say_where() -> None:
    grid = made("temperature=0,1.5", "model=claude-haiku-4-5,claude-opus-4-8,claude-hiku-4-5", repeats=1)
    assert [each.text for each in checked(grid, today=date(2026, 11, 22)).cautions] == [
        "2 of 6 cells: claude-opus-4-8 takes no temperature; use effort",
        "2 of 6 cells: claude-hiku-4-5 is not in the table of models; did you mean claude-haiku-4-5?",
        "temperature 1.5 · haiku-4-5: temperature must be between 0 and 1, not 1.5",
        "temperature 1.5 · hiku-4-5: temperature: 1.5 lies outside 0–1.",
    ]
    cached = made("cache_system=5m,", repeats=1)
    assert [each.text for each in checked(cached).cautions] == [
        "cache system 5m: cache_system marks nothing: there is no system prompt."
    ]
    one = made("top_k=1,1000", repeats=1)
    assert [each.text for each in checked(one, today=date(2026, 11, 22)).cautions] == [
        "top k 1 000: top_k: 1000 lies outside 1–500."
    ]
    own = {"name": "look", "input_schema": {"type": "object"}}
    served = {"type": "web_search_20260318", "name": "web_search"}
    for tools, said in (
        ([own], ["tools: each cell is one answer; the calls in it are kept, and not answered here"]),
        ([served], []),
    ):
        plan = made("top_k=1,2", tools=Json.of(tools))
        assert [each.text for each in checked(plan, today=date(2026, 11, 22)).cautions] == said
    assert all(":" not in each.text.split()[0] for each in checked(made("top_p=0.1", temperature=9.0)).cautions)


def test_as_json_only_what_is_known() -> None:
    grid = made("top_k=1,2", repeats=1)
    found = checked(grid, counts=counts(grid, 10)).to_mapping()
    assert found == {
        "requests": 2,
        "done": 0,
        "input_tokens": 20,
        "counted": True,
        "cost_low_usd": "0.00002",
        "cost_high_usd": "0.01002",
        "cost_basis": "estimate",
    }


@pytest.mark.parametrize(
    ("number", "shown"),
    [(812, "812"), (12_400, "12 400"), (231_400, "231k"), (999_600, "1.00M"), (2_310_000, "2.31M")],
)
def test_tokens_as_people_read_them(number: int, shown: str) -> None:
    assert tokens(number) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.2, "1 s"), (40, "40 s"), (99.6, "2 min"), (180, "3 min"), (3600, "1 h"), (7800, "2 h 10 min")],
)
def test_times_as_people_read_them(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_what_another_endpoint_answered_says_nothing() -> None:
    grid = made("top_k=1,2", repeats=1)
    here = Endpoint("anthropic", "https://example.invalid")
    own = [answer("claude-haiku-4-5", 100, 4.0, endpoint="anthropic")]
    other = [answer("claude-haiku-4-5", 900, 90.0, endpoint="simulator")]
    assert alike(grid, [*own, *other], here) == answered_by(here, [*own, *other]) == tuple(own)
    cell = grid.cells[0]
    same = answer("claude-haiku-4-5", 5, 1.0, endpoint="anthropic", request_sha256=cell.sha256, extra={"repeat": 0})
    assert alike(grid, [*own, same], here) == (same,)
