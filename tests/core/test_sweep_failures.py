"""Which failures of a sweep stand until they are asked again: a batch's, where nothing came after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from workbench.core.batch import Batch, Status
from workbench.core.batch_items import of_sweep
from workbench.core.batch_result import Landing, record_of
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.record import RunRecord, from_mapping
from workbench.core.session import Session
from workbench.core.state import State
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_failures import standing
from workbench.core.sweep_plan import Spot, plan

HERE: Final = Endpoint("anthropic", OFFICIAL_URL)
SESSION: Final = Session(params=Params(model="claude-haiku-4-5", max_tokens=20), prompt="Name a colour.")
GRID: Final = plan(SESSION, Sweep("w1", (read_axis("temperature=0,1"),), 2))
ITEM: Final = of_sweep(GRID, GRID.order, HERE)[0]
SPOT: Final = GRID.order[0]
LANDING: Final = Landing(Batch("b1", HERE.name, Status.ENDED, "msgbatch_1", sweep="w1"), HERE, Catalogue.builtin())


def came(kind: str, **changes: Any) -> RunRecord:
    """What a batch says of the first request, as it is read again from the file of results."""
    message = {"content": [{"type": "text", "text": "Blue"}], "stop_reason": "end_turn", "usage": {"output_tokens": 1}}
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}
    line = {"custom_id": ITEM.custom_id, "result": {"type": kind, "message": message, "error": error}}
    return replace(from_mapping(record_of(line, ITEM.begun, 0, LANDING).to_mapping()), **changes)


LIVE: Final = replace(ITEM.begun, state=State.REJECTED)


@pytest.mark.parametrize(
    ("records", "stands"),
    [
        ([came("errored")], True),
        ([came("postponed")], True),
        ([came("expired")], False),
        ([came("canceled")], False),
        ([came("errored"), came("expired")], False),
        ([came("expired"), came("errored")], True),
        ([came("errored"), came("succeeded")], False),
        ([came("succeeded"), came("errored")], False),
        ([LIVE], False),
        ([came("errored"), LIVE], False),
        ([LIVE, came("errored")], True),
        ([came("errored", endpoint="other")], False),
        ([came("errored", cost_basis="simulated")], False),
        ([came("errored", request_sha256="0" * 64)], False),
    ],
)
def test_the_last_that_came_decides(records: list[RunRecord], stands: bool) -> None:
    found = standing(GRID, records, HERE, GRID.done(records, HERE))
    assert found == ({SPOT: records[-1]} if stands else {})


def test_each_spot_has_its_own_failure_less_those_that_are_answered() -> None:
    every = [
        replace(came("errored"), id=f"b1-{at}", request_sha256=each.begun.request_sha256, extra=each.begun.extra)
        for at, each in enumerate(of_sweep(GRID, GRID.order, HERE))
    ]
    every = [replace(each, extra={**each.extra, "batch": "msgbatch_1"}) for each in every]
    assert standing(GRID, every, HERE) == dict(zip(GRID.order, every, strict=True))
    assert set(standing(GRID, every, HERE, {Spot(0, 0)})) == set(GRID.order) - {Spot(0, 0)}
