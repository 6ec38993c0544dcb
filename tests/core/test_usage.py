"""Tokens into money: the worked examples, an independent price list, odd usage."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import pytest

from tests.core.rows import CATALOGUE, row
from workbench.core import usage
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.usage import Cost

OFFICIAL = Endpoint("anthropic", OFFICIAL_URL)


def tokens(input_: object = 0, output: object = 0, **more: object) -> dict[str, object]:
    return {"input_tokens": input_, "output_tokens": output, **more}


VECTORS: list[tuple[str, str, dict[str, Any], bool, str]] = [
    ("V1", "claude-sonnet-4-6", tokens(500, 500), False, "0.009"),
    (
        "V2",
        "claude-opus-5-5",
        tokens(
            120,
            850,
            cache_creation_input_tokens=3000,
            cache_read_input_tokens=20_000,
            cache_creation={"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 2000},
            output_tokens_details={"thinking_tokens": 600},
        ),
        False,
        "0.04248",
    ),
    ("V3a", "claude-haiku-5-5", tokens(100_000, 1000), False, "0.0105"),
    ("V3b", "claude-haiku-5-5", tokens(100_001, 1000), False, "0.0525005"),
    ("V3c", "claude-haiku-5-5", tokens(1000, 1000, cache_read_input_tokens=150_000), False, "0.0105"),
    ("V4", "claude-sonnet-5-5", tokens(10_000, 2000, cache_read_input_tokens=40_000), True, "0.022"),
    (
        "V5",
        "claude-opus-5-5",
        tokens(2000, 3000, cache_read_input_tokens=8000, speed="fast"),
        False,
        "0.1392",
    ),
    (
        "V6",
        "claude-sonnet-5",
        tokens(10_682, 510, server_tool_use={"web_search_requests": 3, "web_fetch_requests": 2}),
        False,
        "0.056464",
    ),
    ("V7", "claude-fable-5-2", tokens(0, 1, cache_read_input_tokens=1_000_000), False, "0.20004"),
    ("V8", "claude-opus-5-5", tokens(1000, 1000, inference_geo="us"), False, "0.0264"),
    ("V9", "claude-opus-5-5", tokens(100, 10, cache_creation_input_tokens=1000), False, "0.0056"),
    (
        "V10",
        "claude-opus-5-5",
        tokens(
            100,
            10,
            cache_creation_input_tokens=None,
            cache_read_input_tokens=None,
            cache_creation=None,
            output_tokens_details=None,
            server_tool_use=None,
            service_tier=None,
            speed=None,
            inference_geo=None,
            iterations=None,
        ),
        False,
        "0.0006",
    ),
]


@pytest.mark.parametrize(("name", "model", "used", "batch", "usd"), VECTORS, ids=[row[0] for row in VECTORS])
def test_the_worked_examples_cost_to_the_last_digit(
    name: str, model: str, used: dict[str, Any], batch: bool, usd: str
) -> None:
    assert usage.cost(used, row(model), batch=batch) == Decimal(usd)


def test_every_price_agrees_with_an_independent_list() -> None:
    """Every model and kind of token that both know; the list counts cached tokens as input too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from genai_prices import Usage, calc_price
    kinds: dict[str, tuple[dict[str, object], dict[str, int]]] = {
        "input": (tokens(1000), {"input_tokens": 1000, "output_tokens": 0}),
        "output": (tokens(0, 1000), {"input_tokens": 0, "output_tokens": 1000}),
        "read": (
            tokens(cache_read_input_tokens=1000),
            {"input_tokens": 1000, "cache_read_tokens": 1000, "output_tokens": 0},
        ),
        "write": (
            tokens(cache_creation_input_tokens=1000),
            {"input_tokens": 1000, "cache_write_tokens": 1000, "output_tokens": 0},
        ),
    }
    compared = 0
    for model in CATALOGUE.choices:
        for kind, (ours, theirs) in kinds.items():
            for scale in (1, 150):
                scaled = {key: value * scale if isinstance(value, int) else value for key, value in ours.items()}
                oracle_usage = Usage(**{key: value * scale for key, value in theirs.items()})
                try:
                    price = calc_price(oracle_usage, model.id, provider_id="anthropic")
                except LookupError:
                    break
                assert usage.cost(scaled, model) == price.total_price, (model.id, kind, scale)
                compared += 1
    assert compared >= 16 * 8


def test_an_hours_cache_write_costs_twice_the_input() -> None:
    for model in CATALOGUE.choices:
        hour = tokens(cache_creation_input_tokens=1000, cache_creation={"ephemeral_1h_input_tokens": 1000})
        assert usage.cost(hour, model) == 2 * (usage.cost(tokens(1000), model) or 0), model.id


FAST_INPUT = {
    "claude-fable-5-2": "16",
    "claude-mythos-5-2": "16",
    "claude-opus-5-5": "8",
    "claude-opus-5": "10",
    "claude-opus-4-8": "10",
}


def test_fast_answers_cost_double_where_there_is_a_fast_mode_and_are_unknown_elsewhere() -> None:
    for model in CATALOGUE.choices:
        price = usage.cost(tokens(1_000_000, speed="fast"), model)
        assert price == (Decimal(FAST_INPUT[model.id]) if model.id in FAST_INPUT else None), model.id


def test_opus_4_6_that_serves_fast_as_standard_is_billed_as_it_says() -> None:
    assert usage.cost(tokens(1_000_000, speed="standard"), row("claude-opus-4-6")) == 5


def test_the_us_costs_a_tenth_more_from_the_4_6_generation_on() -> None:
    for model in CATALOGUE.choices:
        factor = Decimal(1) if "-4-5" in model.id else Decimal("1.1")
        world = usage.cost(tokens(1000, 1000), model)
        assert world is not None
        assert usage.cost(tokens(1000, 1000, inference_geo="us"), model) == world * factor, model.id
        assert usage.cost(tokens(1000, 1000, inference_geo="not_available"), model) == world


def test_batch_halves_tokens_but_not_searches() -> None:
    used = tokens(1_000_000, server_tool_use={"web_search_requests": 100})
    assert usage.cost(used, row("claude-opus-5-5"), batch=True) == Decimal(2) + 1


def test_a_search_in_the_us_costs_the_same() -> None:
    used = tokens(server_tool_use={"web_search_requests": 1}, inference_geo="us")
    assert usage.cost(used, row("claude-opus-5-5")) == Decimal("0.01")


def test_iterations_are_billed_each_at_its_own_model() -> None:
    used = tokens(
        999_999,
        999_999,
        iterations=[
            {"type": "message", **tokens(1000, 100)},
            {"type": "compaction", "model": "claude-opus-5-5", **tokens(2000, 50)},
            {"type": "advisor_message", "model": "claude-fable-5-2", **tokens(1000, 100, cache_read_input_tokens=0)},
        ],
    )
    expected = (Decimal(3000) * 4 + 150 * 20 + Decimal(1000) * 8 + 100 * 40) / 1_000_000
    assert usage.cost(used, row("claude-opus-5-5")) == expected


def test_an_iteration_at_an_unknown_model_makes_the_cost_unknown() -> None:
    used = tokens(1, 1, iterations=[{"type": "fallback_message", "model": "nobody", **tokens(1, 1)}])
    assert usage.cost(used, row("claude-opus-5-5")) is None


def test_each_iteration_chooses_its_own_long_context_price() -> None:
    used = tokens(1, 1, iterations=[tokens(100_001), tokens(100_000)])
    assert usage.cost(used, row("claude-haiku-5-5")) == Decimal("0.0500005") + Decimal("0.01")


@pytest.mark.parametrize("written", [{"cache_creation_input_tokens": 1}, {"cache_read_input_tokens": 1}])
def test_cached_tokens_count_towards_the_long_context_price(written: dict[str, object]) -> None:
    plain = usage.cost(tokens(100_000), row("claude-haiku-5-5"))
    above = usage.cost(tokens(100_000, **written), row("claude-haiku-5-5"))
    assert plain == Decimal("0.01")
    assert above is not None
    assert above > Decimal("0.05")


def test_a_breakdown_without_a_total_counts() -> None:
    used = tokens(cache_creation={"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 1000})
    assert usage.cost(used, row("claude-opus-5-5")) == Decimal("0.013")


def test_a_breakdown_that_exceeds_its_total_never_costs_less_than_nothing() -> None:
    used = tokens(cache_creation_input_tokens=0, cache_creation={"ephemeral_1h_input_tokens": 1000})
    assert usage.cost(used, row("claude-opus-5-5")) == Decimal("0.008")


GARBAGE: list[object] = ["12", -1, 1.5, float("nan"), float("inf"), True, [], {}, 10**13, 10**400]


@pytest.mark.fault("S10")
@pytest.mark.parametrize("nonsense", GARBAGE, ids=repr)
@pytest.mark.parametrize(
    "key", ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
)
def test_a_count_that_makes_no_sense_makes_the_cost_unknown(key: str, nonsense: object) -> None:
    used = tokens(10, 10) | {key: nonsense}
    assert usage.cost(used, row("claude-haiku-5-5")) is None
    assert usage.of_run(used, "complete", OFFICIAL, CATALOGUE, "claude-haiku-5-5") == Cost()


@pytest.mark.parametrize(
    "used",
    [
        {},
        {"output_tokens": 5},
        {"input_tokens": 5},
        tokens(1, 1, iterations=["x"]),
        tokens(1, 1, server_tool_use={"web_search_requests": "3"}),
        tokens(1, 1, cache_creation={"ephemeral_1h_input_tokens": "many"}),
    ],
    ids=repr,
)
def test_a_usage_with_a_hole_makes_the_cost_unknown(used: dict[str, object]) -> None:
    assert usage.cost(used, row("claude-opus-5-5")) is None


@pytest.mark.parametrize("odd", ["text", 3, [1]], ids=repr)
def test_details_of_another_shape_are_passed_over(odd: object) -> None:
    used = tokens(100, 10, cache_creation=odd, server_tool_use=odd, output_tokens_details=odd, iterations=None)
    assert usage.cost(used, row("claude-opus-5-5")) == Decimal("0.0006")


def test_whole_counts_written_as_floats_count() -> None:
    assert usage.cost(tokens(100.0, 10.0), row("claude-opus-5-5")) == Decimal("0.0006")


def test_an_unknown_model_has_no_cost() -> None:
    assert usage.cost(tokens(1, 1), None) is None
    assert usage.of_run(tokens(1, 1), "complete", OFFICIAL, CATALOGUE, "claude-nova-9") == Cost()


def test_a_bill_names_its_parts() -> None:
    made = usage.bill(tokens(1000, 100, server_tool_use={"web_search_requests": 1}), row("claude-opus-5-5"))
    assert made is not None
    assert made.parts == {
        "input": Decimal("0.004"),
        "output": Decimal("0.002"),
        "web_search": Decimal("0.01"),
    }
