"""A session that names no endpoint, and goes to another one than the last time."""

from __future__ import annotations

import pytest

from workbench.core import asked_before
from workbench.core.record import RunRecord
from workbench.core.session import Session

BEFORE = (RunRecord("r1", endpoint="gateway"), RunRecord("r2", endpoint="127.0.0.1:8080"))


@pytest.mark.parametrize(
    ("session", "name", "why", "said"),
    [
        (Session(runs=BEFORE), "anthropic", "a key", True),
        (Session(runs=BEFORE), "simulator", "no key", True),
        (Session(runs=BEFORE), "127.0.0.1:8080", "the configuration", False),
        (Session(runs=BEFORE), "anthropic", "--endpoint", False),
        (Session(runs=BEFORE, endpoint="anthropic"), "anthropic", "the session", False),
        (Session(), "anthropic", "a key", False),
        (Session(runs=(RunRecord("r1"),)), "anthropic", "a key", False),
    ],
)
def test_it_is_said_where_nobody_chose_that(session: Session, name: str, why: str, said: bool) -> None:
    told = asked_before.told(session, name, why)
    assert told == (
        f"the session names no endpoint: it asked 127.0.0.1:8080 the last time, and {name} is asked now" if said else ""
    )
