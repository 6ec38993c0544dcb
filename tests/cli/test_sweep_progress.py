"""The bar of a sweep: what it says, and what it leaves out first."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.engine.running import new_run
from workbench.cli.output import Output
from workbench.cli.sweep_progress import Bar, Patience, bar, clock_time
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run
from workbench.core.state import Queued, State, Waiting

NOW = 200.0


def run(**members: Any) -> Run:
    made = new_run()
    for name, value in members.items():
        setattr(made, name, value)
    return made


def sweeper(done: int = 0, number: int = 120, failed: int = 0, live: tuple[Run, ...] = (), **rest: Any) -> Any:
    cost = {"cost_usd": Decimal("0.01"), "cost_basis": "exact", **rest}
    records = [RunRecord(state=State.COMPLETE, **cost) for _ in range(done)]
    records += [RunRecord(state=State.REJECTED, cost_usd=Decimal(0), cost_basis="exact") for _ in range(failed)]
    return SimpleNamespace(
        plan=SimpleNamespace(order=range(number)),
        done=done,
        failed=range(failed),
        records=dict(enumerate(records)),
        live=dict(enumerate(live)),
        missing=range(number - done - failed - len(live)),
    )


def line(found: Any, room: int = 200, *, had: int = 0, seconds: float = 100.0) -> str:
    found.done, done = had, found.done
    made = Bar(cast(Any, found), cast(Any, None), clock=lambda: NOW - seconds)
    found.done = done
    return made.line(NOW, room)


STREAMING = {"phase": Phase.STREAMING}
WAITING = {"queued": Queued("output tokens", NOW + 11.6)}
TURN = {"queued": Queued("", None)}
AGAIN = {"phase": Phase.RETRYING, "waiting": Waiting(1, Problem("Overloaded"), 5.0, NOW + 4.0)}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (sweeper(), "[────────────] 0/120 · 0 live"),
        (
            sweeper(60, live=(run(**STREAMING), run(**TURN), run(**WAITING))),
            "[━━━━━━──────] 60/120 · 1 live · 2 waiting on output tokens ↻12s · $0.60 of ≈$1.20 · ≈1m40s left",
        ),
        (
            sweeper(3, live=(run(**TURN),)),
            "[────────────] 3/120 · 0 live · 1 waiting · $0.0300 of ≈$1.20 · ≈1h05m left",
        ),
        (
            sweeper(2, failed=3, live=(run(**AGAIN),)),
            "[────────────] 2/120 · 3 failed · 1 live · 1 again in 4s (Overloaded) · $0.0200 of ≈$1.20",
        ),
        (
            sweeper(119, cost_basis="simulated"),
            "[━━━━━━━━━━━╸] 119/120 · 0 live · $1.19 of ≈$1.20 simulated · ≈1s left",
        ),
        (sweeper(120), "[━━━━━━━━━━━━] 120/120 · 0 live · $1.20 · ≈0s left"),
        (sweeper(9, cost_usd=None, cost_basis="unknown"), "[╸───────────] 9/120 · 0 live · ≈20m33s left"),
    ],
)
def test_what_it_says(found: Any, said: str) -> None:
    assert line(found) == said


def test_what_was_done_before_says_nothing_of_the_pace() -> None:
    assert "left" not in line(sweeper(60), had=60)
    assert line(sweeper(60), had=50).endswith(" · ≈10m00s left")


def test_the_pace_is_that_of_the_last_answers() -> None:
    """Twenty at once from a full bucket, then one in three seconds."""
    found = sweeper(0)
    made = Bar(cast(Any, found), cast(Any, None), clock=lambda: 0.0)
    for second in range(1, 61):
        found.done = 20 + second // 3
        found.missing = range(120 - found.done)
        said = made.line(float(second), 200)
    assert said.endswith(" · ≈4m00s left")


def test_what_does_not_fit_goes_whole() -> None:
    found = sweeper(60, live=(run(**STREAMING), run(**WAITING)))
    for room in range(10, 120):
        said = line(found, room)
        assert len(said) <= room or said == "[━━━━━━──────] 60/120"
        assert set(said.split(" · ")) <= set(line(found).split(" · "))


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, "────"), (0.125, "╸───"), (0.25, "━───"), (0.5, "━━──"), (0.99, "━━━╸"), (1, "━━━━")]
)
def test_a_bar_is_filled_by_half_cells(share: float, drawn: str) -> None:
    assert bar(share, 4) == drawn


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-3, "0s"), (0.4, "0s"), (59.4, "59s"), (59.6, "1m00s"), (72, "1m12s"), (7500, "2h05m")]
)
def test_times_of_a_countdown(seconds: float, shown: str) -> None:
    assert clock_time(seconds) == shown


async def test_a_long_wait_is_sat_through_and_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    patience = Patience(Output(sys.stdout, sys.stderr), clock=lambda: NOW)
    assert await patience.ask(run(), Wait(90.0, "retry-after", ask=True))
    assert await patience.ask(run(), Wait(90.5, "retry-after", ask=True))
    assert not await patience.ask(run(), Wait(3601.0, "retry-after", ask=True))
    assert capsys.readouterr().err == "workbench: the server asks to wait 1m30s; waiting, ^C stops\n"
