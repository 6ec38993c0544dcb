"""Money as people and as records read it, and sums that claim no more than their parts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.core.cost import Basis, Cost, money, total


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "$0.00"),
        ("0.0061", "$0.0061"),
        ("0.00612345", "$0.0061"),
        ("0.0105", "$0.0105"),
        ("0.04248", "$0.0425"),
        ("0.5", "$0.5000"),
        ("0.00099", "$0.00099"),
        ("0.0000123", "$0.000012"),
        ("0.0000000006", "$0.000000001"),
        ("0.0000000000001", "<$0.000000001"),
        ("1", "$1.00"),
        ("12.345", "$12.34"),
        ("1234567.891", "$1,234,567.89"),
        ("-0.5", "−$0.5000"),
    ],
)
def test_money_has_as_many_places_as_help(usd: str, text: str) -> None:
    assert money(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("basis", "text"),
    [
        (Basis.EXACT, "$0.0061"),
        (Basis.AT_LEAST, "≥$0.0061"),
        (Basis.ESTIMATE, "≈$0.0061"),
        (Basis.SIMULATED, "$0.0061 simulated"),
    ],
)
def test_a_cost_shows_how_sure_it_is(basis: Basis, text: str) -> None:
    assert str(Cost(Decimal("0.0061"), basis)) == text


def test_simulated_money_can_be_a_lower_bound_too() -> None:
    assert str(Cost(Decimal("0.00028"), Basis.SIMULATED, partial=True)) == "≥$0.00028 simulated"


def test_an_unknown_cost_is_a_dash_and_has_no_text() -> None:
    assert str(Cost()) == "—"
    assert Cost().text is None


@pytest.mark.parametrize(
    ("usd", "text"), [("0.00610", "0.0061"), ("1E-7", "0.0000001"), ("0", "0"), ("20.00", "20"), ("1E+2", "100")]
)
def test_a_record_holds_a_plain_decimal(usd: str, text: str) -> None:
    assert Cost(Decimal(usd), Basis.EXACT).text == text


ONE = Decimal(1)


@pytest.mark.parametrize(
    ("bases", "usd", "basis"),
    [
        ("", 0, "exact"),
        ("exact exact", 2, "exact"),
        ("exact at_least", 2, "at_least"),
        ("exact unknown", 1, "at_least"),
        ("exact estimate", 2, "estimate"),
        ("at_least estimate", 2, "at_least"),
        ("unknown estimate", 1, "at_least"),
        ("simulated simulated", 2, "simulated"),
        ("simulated exact", 1, "exact"),
        ("simulated unknown", None, "unknown"),
        ("unknown unknown", None, "unknown"),
    ],
)
def test_a_sum_is_as_sure_as_its_least_sure_part(bases: str, usd: int | None, basis: str) -> None:
    costs = [Cost(None if each == "unknown" else ONE, Basis(each)) for each in bases.split()]
    assert total(costs) == Cost(None if usd is None else Decimal(usd), Basis(basis))


@pytest.mark.parametrize(
    ("costs", "partial"),
    [
        ([Cost(ONE, Basis.SIMULATED), Cost(ONE, Basis.SIMULATED)], False),
        ([Cost(ONE, Basis.SIMULATED), Cost(ONE, Basis.SIMULATED, partial=True)], True),
        ([Cost(ONE, Basis.SIMULATED), Cost(ONE, Basis.SIMULATED), Cost(None, Basis.SIMULATED)], True),
    ],
)
def test_a_simulated_sum_is_a_lower_bound_where_a_part_is(costs: list[Cost], partial: bool) -> None:
    assert total(costs) == Cost(Decimal(2), Basis.SIMULATED, partial)
