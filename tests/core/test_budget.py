"""What counts against the budget."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.core.rows import CATALOGUE
from workbench.core.budget import committed
from workbench.core.record import RunRecord
from workbench.core.state import State

CUT = RunRecord(
    state=State.CANCELLED,
    model="claude-opus-5-5",
    content=({"type": "text", "text": "x" * 3500},),
    usage={"input_tokens": 1000, "output_tokens": 2},
    cost_usd=Decimal("0.00404"),
    cost_basis="at_least",
)
ESTIMATE = Decimal("0.024")
"""1000 tokens in, and 3500 characters out, which are about 1000 more."""


def test_an_answer_that_was_stopped_counts_by_what_came() -> None:
    assert committed([CUT], CATALOGUE) == ESTIMATE
    assert committed([CUT, CUT], CATALOGUE) == 2 * ESTIMATE


@pytest.mark.parametrize("state", [State.COMPLETE, State.UNCONFIRMED])
def test_a_whole_answer_counts_as_its_record_says(state: State) -> None:
    assert committed([replace(CUT, state=state)], CATALOGUE) == CUT.cost_usd


def test_a_model_under_another_name_is_known_by_what_was_asked() -> None:
    elsewhere = replace(CUT, model="/models/some.gguf", params={"model": "claude-opus-5-5"})
    assert committed([elsewhere], CATALOGUE) == ESTIMATE
    assert committed([replace(elsewhere, params={})], CATALOGUE) == CUT.cost_usd
    assert committed([replace(elsewhere, params={"model": [1]})], CATALOGUE) == CUT.cost_usd


def test_the_estimate_never_takes_back_what_is_known() -> None:
    assert committed([replace(CUT, cost_usd=Decimal(1))], CATALOGUE) == 1


@pytest.mark.parametrize(
    "run", [replace(CUT, cost_basis="simulated"), replace(CUT, cost_usd=None, cost_basis="unknown"), RunRecord()]
)
def test_what_nobody_pays_or_knows_counts_for_nothing(run: RunRecord) -> None:
    assert committed([run], CATALOGUE) == 0


def test_a_run_without_usage_counts_as_its_record_says() -> None:
    assert committed([replace(CUT, usage={})], CATALOGUE) == CUT.cost_usd
