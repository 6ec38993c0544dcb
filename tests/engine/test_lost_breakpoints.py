"""A run that was on its way when the program ended remembers its variables, and up to where its prompt was cached."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.core import rebuilt
from workbench.core.conversation import request_of
from workbench.core.endpoint import Endpoint
from workbench.core.params import Params
from workbench.core.run import Run
from workbench.core.session import Lane, Message, Session
from workbench.engine import lost_runs


def begun(session: Session) -> Run:
    request = request_of(session.with_variable("word", "Hi"), session.lanes[0], "m1")
    return Run(
        id="r1",
        lane="A",
        parent="m1",
        endpoint="anthropic",
        params=request.params,
        model="claude-sonnet-4-6",
        started=datetime(2026, 11, 22, tzinfo=UTC),
        request_sha256=request.digest,
        breakpoints=session.marks("m1"),
        variables={"word": "Hi"},
    )


@pytest.mark.parametrize(("moved", "name"), [(None, "m1"), ({"m1": "m7"}, "m7")])
def test_it_can_be_made_again_byte_for_byte(moved: dict[str, str] | None, name: str) -> None:
    params = Params(model="claude-sonnet-4-6", max_tokens=9)
    before = Session(params=params, messages=(Message("m1", "user", "{{word}}", cache="5m"),), lanes=(Lane(tip="m1"),))
    started = begun(before).beginning(Endpoint("anthropic", "https://api.anthropic.com"))
    now = Session(params=params, messages=(Message(name, "user", "{{word}}"),), lanes=(Lane(tip=name),))
    found, told = lost_runs.ended(now, [{"started": started}], moved)
    assert len(told) == 1
    (record,) = found.runs
    assert record.breakpoints == {name: "5m"}
    again = rebuilt.rebuild(found, record)
    assert again is not None
    assert again.exact
