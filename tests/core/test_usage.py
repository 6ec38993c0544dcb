"""Tokens into money: the worked examples, an independent price list, odd usage, and how sure a cost is."""

from __future__ import annotations

import warnings
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from workbench.core import usage
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.models import Catalogue, Model, Prices
from workbench.core.usage import Basis, Cost

CATALOGUE = Catalogue.builtin()
OFFICIAL = Endpoint("anthropic", OFFICIAL_URL)
SIMULATED = Endpoint("simulator", "http://127.0.0.1:9", simulated=True)
THIRD_PARTY = Endpoint("llama", "http://127.0.0.1:8080")


def found(id_: str) -> Model:
    model = CATALOGUE.find(id_)
    assert model is not None, id_
    return model


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
    assert usage.cost(used, found(model), batch=batch) == Decimal(usd)


def test_every_price_agrees_with_an_independent_list() -> None:
    """Every model and kind of token that both know; the list counts cached tokens as input too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from genai_prices import Usage, calc_price  # noqa: PLC0415
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
    assert usage.cost(tokens(1_000_000, speed="standard"), found("claude-opus-4-6")) == 5


def test_the_us_costs_a_tenth_more_from_the_4_6_generation_on() -> None:
    for model in CATALOGUE.choices:
        factor = Decimal(1) if "-4-5" in model.id else Decimal("1.1")
        world = usage.cost(tokens(1000, 1000), model)
        assert world is not None
        assert usage.cost(tokens(1000, 1000, inference_geo="us"), model) == world * factor, model.id
        assert usage.cost(tokens(1000, 1000, inference_geo="not_available"), model) == world


def test_batch_halves_tokens_but_not_searches() -> None:
    used = tokens(1_000_000, server_tool_use={"web_search_requests": 100})
    assert usage.cost(used, found("claude-opus-5-5"), batch=True) == Decimal(2) + 1


def test_a_search_in_the_us_costs_the_same() -> None:
    used = tokens(server_tool_use={"web_search_requests": 1}, inference_geo="us")
    assert usage.cost(used, found("claude-opus-5-5")) == Decimal("0.01")


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
    assert usage.cost(used, found("claude-opus-5-5")) == expected


def test_an_iteration_at_an_unknown_model_makes_the_cost_unknown() -> None:
    used = tokens(1, 1, iterations=[{"type": "fallback_message", "model": "nobody", **tokens(1, 1)}])
    assert usage.cost(used, found("claude-opus-5-5")) is None


def test_each_iteration_chooses_its_own_long_context_price() -> None:
    used = tokens(1, 1, iterations=[tokens(100_001), tokens(100_000)])
    assert usage.cost(used, found("claude-haiku-5-5")) == Decimal("0.0500005") + Decimal("0.01")


@pytest.mark.parametrize("written", [{"cache_creation_input_tokens": 1}, {"cache_read_input_tokens": 1}])
def test_cached_tokens_count_towards_the_long_context_price(written: dict[str, object]) -> None:
    plain = usage.cost(tokens(100_000), found("claude-haiku-5-5"))
    above = usage.cost(tokens(100_000, **written), found("claude-haiku-5-5"))
    assert plain == Decimal("0.01")
    assert above is not None
    assert above > Decimal("0.05")


def test_a_breakdown_without_a_total_counts() -> None:
    used = tokens(cache_creation={"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 1000})
    assert usage.cost(used, found("claude-opus-5-5")) == Decimal("0.013")


def test_a_breakdown_that_exceeds_its_total_never_costs_less_than_nothing() -> None:
    used = tokens(cache_creation_input_tokens=0, cache_creation={"ephemeral_1h_input_tokens": 1000})
    assert usage.cost(used, found("claude-opus-5-5")) == Decimal("0.008")


GARBAGE: list[object] = ["12", -1, 1.5, float("nan"), float("inf"), True, [], {}, 10**13, 10**400]


@pytest.mark.parametrize("nonsense", GARBAGE, ids=repr)
@pytest.mark.parametrize(
    "key", ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
)
def test_a_count_that_makes_no_sense_makes_the_cost_unknown(key: str, nonsense: object) -> None:
    used = tokens(10, 10) | {key: nonsense}
    assert usage.cost(used, found("claude-haiku-5-5")) is None
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
    assert usage.cost(used, found("claude-opus-5-5")) is None


@pytest.mark.parametrize("odd", ["text", 3, [1]], ids=repr)
def test_details_of_another_shape_are_passed_over(odd: object) -> None:
    used = tokens(100, 10, cache_creation=odd, server_tool_use=odd, output_tokens_details=odd, iterations=None)
    assert usage.cost(used, found("claude-opus-5-5")) == Decimal("0.0006")


def test_whole_counts_written_as_floats_count() -> None:
    assert usage.cost(tokens(100.0, 10.0), found("claude-opus-5-5")) == Decimal("0.0006")


def test_an_unknown_model_has_no_cost() -> None:
    assert usage.cost(tokens(1, 1), None) is None
    assert usage.of_run(tokens(1, 1), "complete", OFFICIAL, CATALOGUE, "claude-nova-9") == Cost()


BASES = [
    ("complete", None, "exact"),
    ("unconfirmed", None, "exact"),
    ("complete", False, "at_least"),
    ("unconfirmed", False, "at_least"),
    ("cancelled", None, "at_least"),
    ("cancelled", True, "at_least"),
    ("interrupted", None, "at_least"),
    ("malformed", None, "at_least"),
    ("rejected", None, "at_least"),
    (None, None, "at_least"),
]


@pytest.mark.parametrize(("state", "final", "basis"), BASES)
def test_how_a_run_ended_says_how_sure_its_cost_is(state: str | None, final: bool | None, basis: str) -> None:
    found_cost = usage.of_run(tokens(1000, 100), state, OFFICIAL, CATALOGUE, "claude-opus-5-5", final=final)
    assert found_cost == Cost(Decimal("0.006"), Basis(basis))


def test_a_cut_off_answer_costs_at_least_its_prompt() -> None:
    found_cost = usage.of_run({"input_tokens": 1000}, "cancelled", OFFICIAL, CATALOGUE, "claude-opus-5-5")
    assert found_cost == Cost(Decimal("0.004"), Basis.AT_LEAST)


def test_a_request_that_was_refused_outright_costs_nothing() -> None:
    assert usage.of_run({}, "rejected", OFFICIAL, CATALOGUE, "claude-opus-5-5") == Cost(Decimal(0), Basis.EXACT)


@pytest.mark.parametrize("state", ["unreachable", "cancelled", "interrupted", "malformed"])
def test_where_no_usage_arrived_the_cost_is_unknown(state: str) -> None:
    assert usage.of_run({}, state, OFFICIAL, CATALOGUE, "claude-opus-5-5") == Cost()


def test_a_refusal_before_any_output_is_free_and_a_later_one_is_not() -> None:
    def refused(*, empty: bool) -> Cost:
        return usage.of_run(
            tokens(1000, 100),
            "complete",
            OFFICIAL,
            CATALOGUE,
            "claude-opus-5-5",
            stop_reason="refusal",
            empty=empty,
        )

    assert refused(empty=True) == Cost(Decimal(0), Basis.EXACT)
    assert refused(empty=False) == Cost(Decimal("0.006"), Basis.EXACT)


def test_simulated_money_says_so_however_the_run_ended() -> None:
    for state in ("complete", "cancelled"):
        made = usage.of_run(tokens(1000, 100), state, SIMULATED, CATALOGUE, "claude-opus-5-5")
        assert made == Cost(Decimal("0.006"), Basis.SIMULATED)


def test_another_server_has_no_price_unless_the_user_gives_one() -> None:
    used = tokens(1000, 100)
    assert usage.of_run(used, "complete", THIRD_PARTY, CATALOGUE, "claude-opus-5-5") == Cost()
    priced, mistakes = CATALOGUE.with_overrides({"prices": {"claude-opus-5-5": {"input": 1, "output": 2.5}}})
    assert mistakes == ()
    made = usage.of_run(used, "complete", THIRD_PARTY, priced, "claude-opus-5-5")
    assert made == Cost(Decimal("0.00125"), Basis.EXACT)


def test_a_priority_tier_is_priced_by_contract_so_the_list_price_is_an_estimate() -> None:
    made = usage.of_run(tokens(1000, 100, service_tier="priority"), "complete", OFFICIAL, CATALOGUE, "claude-opus-5-5")
    assert made == Cost(Decimal("0.006"), Basis.ESTIMATE)


def test_a_kind_of_token_without_a_price_leaves_a_lower_bound() -> None:
    model = Model("mine", prices=Prices(Decimal(1), Decimal(2)), priced_by_user=True)
    catalogue = Catalogue((model,))
    used = tokens(1_000_000, cache_read_input_tokens=5)
    assert usage.cost(used, model) is None
    assert usage.of_run(used, "complete", THIRD_PARTY, catalogue, "mine") == Cost(Decimal(1), Basis.AT_LEAST)
    assert usage.cost(tokens(1_000_000), model) == 1


def test_a_bill_names_its_parts() -> None:
    made = usage.bill(tokens(1000, 100, server_tool_use={"web_search_requests": 1}), found("claude-opus-5-5"))
    assert made is not None
    assert made.parts == {
        "input": Decimal("0.004"),
        "output": Decimal("0.002"),
        "web_search": Decimal("0.01"),
    }


def test_the_cache_saves_what_reading_spares_less_what_writing_adds() -> None:
    opus = found("claude-opus-5-5")
    assert usage.saved_by_cache(tokens(cache_read_input_tokens=1_000_000), opus) == Decimal("3.8")
    assert usage.saved_by_cache(tokens(cache_creation_input_tokens=1_000_000), opus) == -1
    assert usage.saved_by_cache(tokens(10, 10), opus) == 0
    assert usage.saved_by_cache(tokens(cache_read_input_tokens="many"), opus) is None
    bare = replace(opus, prices=Prices(Decimal(4), Decimal(20)))
    assert usage.saved_by_cache(tokens(cache_read_input_tokens=1), bare) is None
    assert usage.saved_by_cache(tokens(1, 1), None) is None
