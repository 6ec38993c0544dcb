"""Which failures end a sweep: those that every other cell would meet."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.core.errors import CODES
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.state import State
from workbench.core.sweep_faults import IN_A_ROW, UNREACHABLE_IN_A_ROW, Faults


def rejected(status: int | None, title: str = "No") -> RunRecord:
    return RunRecord(state=State.REJECTED, attempts=1, problem=Problem(title, status=status))


def ended(state: State, **rest: Any) -> RunRecord:
    problem = None if state in {State.COMPLETE, State.CANCELLED} else Problem("Lost")
    return RunRecord(**{"state": state, "attempts": 1, "problem": problem, **rest})


@pytest.mark.parametrize(
    ("record", "ends"),
    [
        *((rejected(status), True) for status in (401, 402, 403, 404, 405, 407, 413, 431)),
        *((rejected(status), False) for status in (400, 408, 409, 422, 429, 500, 529)),
        (rejected(429, CODES["enforced_spend_limit_reached"].title), True),
        (rejected(400, CODES["organization_on_hold"].title), True),
        (ended(State.UNREACHABLE, attempts=0), True),
        (ended(State.UNREACHABLE), False),
        (ended(State.INTERRUPTED), False),
        (ended(State.MALFORMED), False),
        (ended(State.COMPLETE), False),
        (ended(State.CANCELLED), False),
        (ended(State.UNCONFIRMED), False),
    ],
)
def test_one_failure(record: RunRecord, ends: bool) -> None:
    problem = Faults().ends(record)
    assert problem == (record.problem if ends else None)


@pytest.mark.parametrize(
    ("record", "most"),
    [
        (ended(State.UNREACHABLE), UNREACHABLE_IN_A_ROW),
        (ended(State.INTERRUPTED), IN_A_ROW),
        (rejected(529), IN_A_ROW),
        (rejected(429), IN_A_ROW),
        (rejected(400), None),
    ],
)
def test_several_in_a_row(record: RunRecord, most: int | None) -> None:
    faults = Faults()
    for number in range(1, 30):
        ends = faults.ends(record) is not None
        assert ends is (most is not None and number >= most)


def test_an_answer_between_them_begins_the_row_anew() -> None:
    faults = Faults()
    for _ in range(5):
        for _ in range(UNREACHABLE_IN_A_ROW - 1):
            assert faults.ends(ended(State.UNREACHABLE)) is None
        faults.ends(ended(State.COMPLETE))


def test_what_a_person_stopped_is_no_failure_and_no_answer() -> None:
    faults = Faults()
    faults.ends(ended(State.UNREACHABLE))
    faults.ends(ended(State.CANCELLED))
    faults.ends(ended(State.UNREACHABLE))
    assert faults.ends(ended(State.UNREACHABLE)) is not None


def of(model: str, status: int) -> RunRecord:
    return RunRecord(state=State.REJECTED, attempts=1, params={"model": model}, problem=Problem("No", status=status))


@pytest.mark.parametrize("status", [403, 404])
def test_what_concerns_a_model_ends_a_sweep_once_every_model_has_met_it(status: int) -> None:
    faults = Faults(["a", "b", "a"])
    for _ in range(IN_A_ROW + 1):
        assert faults.ends(of("a", status)) is None
    assert faults.ends(of("b", 400)) is None
    assert faults.ends(of("b", status)) is not None
    assert Faults(["a"]).ends(of("a", status)) is not None
