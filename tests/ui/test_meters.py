"""The strip's money: real and simulated are never mixed up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.core.cost import Basis, Cost
from workbench.ui.meters import Meters, draw

REAL = Cost(Decimal("2.50"), Basis.EXACT)
MADE_UP = Cost(Decimal("0.01"), Basis.SIMULATED)
AT_LEAST = Cost(Decimal("0.01"), Basis.SIMULATED, partial=True)


@pytest.mark.parametrize(
    ("last", "session", "shown"),
    [
        (REAL, REAL, "$2.50 last  $2.50 session  budget ━━━─── $2.50/$5.00"),
        (MADE_UP, REAL, "$0.0100 last simulated  $2.50 session  budget ━━━─── $2.50/$5.00"),
        (MADE_UP, MADE_UP, "$0.0100 last  $0.0100 session  simulated  budget ────── $0.00/$5.00"),
        (AT_LEAST, AT_LEAST, "≥$0.0100 last  ≥$0.0100 session  simulated  budget ────── $0.00/$5.00"),
    ],
)
def test_the_budget_counts_what_the_session_really_cost(last: Cost, session: Cost, shown: str) -> None:
    drawn = draw(Meters(last=last, session=session, budget=Decimal("5.00")), 120).plain
    assert drawn.strip() == shown
