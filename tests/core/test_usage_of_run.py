"""How sure the cost of a run is, by how it ended and who answered."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.core.rows import CATALOGUE
from workbench.core import usage
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.models import Catalogue, Model, Prices
from workbench.core.params import Params
from workbench.core.run import Run, State
from workbench.core.usage import Basis, Cost

OFFICIAL = Endpoint("anthropic", OFFICIAL_URL)


SIMULATED = Endpoint("simulator", "http://127.0.0.1:9", simulated=True)


THIRD_PARTY = Endpoint("llama", "http://127.0.0.1:8080")


def tokens(input_: object = 0, output: object = 0, **more: object) -> dict[str, object]:
    return {"input_tokens": input_, "output_tokens": output, **more}


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


@pytest.mark.parametrize("state", ["cancelled", "unreachable", "rejected"])
def test_a_run_whose_every_try_was_refused_costs_nothing_however_it_ended(state: str) -> None:
    """Stopped while it waited for the next one, say; where one try got no answer, nobody knows."""

    def made(unpaid: bool, place: Endpoint = OFFICIAL) -> Cost:
        return usage.of_run({}, state, place, CATALOGUE, "claude-opus-5-5", unpaid=unpaid)

    assert made(unpaid=True) == Cost(Decimal(0), Basis.EXACT)
    assert made(unpaid=False) == made(unpaid=True, place=THIRD_PARTY) == Cost()


@pytest.mark.parametrize("place", [OFFICIAL, SIMULATED, THIRD_PARTY])
@pytest.mark.parametrize("state", ["unreachable", "cancelled"])
def test_a_request_that_never_left_costs_nothing(state: str, place: Endpoint) -> None:
    basis = Basis.SIMULATED if place is SIMULATED else Basis.EXACT
    assert usage.of_run({}, state, place, CATALOGUE, "m", sent=False) == Cost(Decimal(0), basis)


@pytest.mark.parametrize("place", [OFFICIAL, SIMULATED, THIRD_PARTY])
@pytest.mark.parametrize(
    ("state", "usd", "partial"),
    [("complete", "0.006", False), ("cancelled", "0.006", True), ("rejected", "0.006", True)],
)
def test_simulated_money_says_so_however_the_run_ended(state: str, usd: str, partial: bool, place: Endpoint) -> None:
    """Also where the server said so, and the endpoint did not."""
    made = usage.of_run(tokens(1000, 100), state, place, CATALOGUE, "claude-opus-5-5", simulated=place is not SIMULATED)
    assert made == Cost(Decimal(usd), Basis.SIMULATED, partial)


@pytest.mark.parametrize("state", ["cancelled", "rejected", "unreachable", "interrupted", None])
def test_a_simulated_run_without_usage_costs_nothing(state: str | None) -> None:
    assert usage.of_run({}, state, SIMULATED, CATALOGUE, "claude-opus-5-5") == Cost(Decimal(0), Basis.SIMULATED)


def test_simulated_money_without_a_price_is_still_simulated() -> None:
    assert usage.of_run(tokens(1, 1), "complete", SIMULATED, CATALOGUE, "mine") == Cost(None, Basis.SIMULATED)


def test_a_refusal_by_another_server_has_an_unknown_price() -> None:
    assert usage.of_run({}, "rejected", THIRD_PARTY, CATALOGUE, "claude-opus-5-5") == Cost()


def test_what_a_run_is_charged_follows_all_that_it_says() -> None:
    run = Run("r1", "A", None, "anthropic", Params(), "claude-opus-5-5", datetime(2026, 11, 22, tzinfo=UTC))
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(Decimal(0), Basis.EXACT)
    run.sent = True
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost()
    run.unpaid = True
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(Decimal(0), Basis.EXACT)
    run.unpaid, run.attempts, run.state = False, 2, State.REJECTED
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(), "the first of its tries got no answer at all"
    run.usage = tokens(1000, 100)
    run.state = State.COMPLETE
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(Decimal("0.006"), Basis.AT_LEAST)
    run.usage_final = True
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(Decimal("0.006"), Basis.EXACT)
    run.simulated = True
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(Decimal("0.006"), Basis.SIMULATED)
    run.stop_reason = "refusal"
    assert usage.charged(run, OFFICIAL, CATALOGUE) == Cost(Decimal(0), Basis.SIMULATED)


def test_another_server_has_no_price_unless_the_user_gives_one() -> None:
    used = tokens(1000, 100)
    assert usage.of_run(used, "complete", THIRD_PARTY, CATALOGUE, "claude-opus-5-5") == Cost()
    priced, mistakes = CATALOGUE.with_overrides({"prices": {"claude-opus-5-5": {"input": 1, "output": 2.5}}})
    assert mistakes == ()
    made = usage.of_run(used, "complete", THIRD_PARTY, priced, "claude-opus-5-5")
    assert made == Cost(Decimal("0.00125"), Basis.EXACT)


def test_another_server_may_answer_under_a_name_of_its_own() -> None:
    priced, _ = CATALOGUE.with_overrides({"prices": {"small": {"input": 1, "output": 2.5}}})
    used = tokens(1000, 100)
    made = usage.of_run(used, "complete", THIRD_PARTY, priced, "/models/small.gguf", asked="small")
    assert made == Cost(Decimal("0.00125"), Basis.EXACT)
    assert usage.of_run(used, "complete", THIRD_PARTY, priced, "/models/small.gguf", asked="claude-opus-5-5") == Cost()
    assert usage.of_run(used, "complete", OFFICIAL, priced, "claude-nova-9", asked="small") == Cost()


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
