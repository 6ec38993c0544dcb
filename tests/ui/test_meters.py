"""The strip's money: real and simulated are never mixed up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.running import new_run
from workbench.core.cost import Basis, Cost
from workbench.core.models import Catalogue
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.state import Phase, Queued, State
from workbench.ui.chat import entries
from workbench.ui.chat.document import Document
from workbench.ui.chat.meters_of import Speed, waiting_for
from workbench.ui.gauge import sparkline
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
    paid = session.usd if session is REAL else Decimal(0)
    drawn = draw(Meters(last=last, session=session, budget=Decimal("5.00"), committed=paid or Decimal(0)), 120).plain
    assert drawn.strip() == shown


def test_a_stopped_answer_counts_against_the_budget_by_what_came_of_it() -> None:
    catalogue = Catalogue.builtin()
    usage = {"input_tokens": 10, "output_tokens": 1}
    stopped = RunRecord(
        "r1",
        state=State.CANCELLED,
        model="claude-sonnet-4-6",
        content=({"type": "text", "text": "word " * 700},),
        usage=usage,
        cost_usd=Decimal("0.000045"),
        cost_basis="at_least",
    )
    document = Document(Session(runs=(stopped,)))
    assert document.committed(catalogue) > Decimal("0.01")
    document.record(Session(runs=(stopped, stopped)))
    assert document.committed(catalogue) > Decimal("0.02")


QUEUES = [
    (Queued("output tokens", 112.0), "waiting for output tokens · 12s", "warning"),
    (Queued("rate limit", 99.0), "waiting for the rate limit · 0s", "warning"),
    (Queued("", None), "waiting for its turn", "muted"),
]


@pytest.mark.parametrize(("queued", "words", "tone"), QUEUES)
def test_a_run_that_waits_for_the_limits_says_for_which_and_until_when(queued: Queued, words: str, tone: str) -> None:
    run = new_run()
    run.phase, run.queued = Phase.QUEUED, queued
    assert waiting_for(run, 100.0) == (f"{words} · ^C stops", tone)
    assert entries.live_facts(run, None, 100.0, 90.0)[0].text == words


def test_an_estimate_that_is_corrected_downwards_is_no_speed_below_nothing() -> None:
    speed = Speed()
    for at, tokens in enumerate((10, 400, 410, 60, 60, 60, 60, 60, 60, 60)):
        speed.add(at * 0.25, tokens)
    assert speed.rate is not None
    assert min(speed.rate, *speed.history) >= 0


def test_bars_of_any_numbers_are_bars() -> None:
    assert sparkline((-900.0, 0.0, 5.0, 10.0), 6, "").plain == "  ▁▁▄█"
