"""A session that leaves out what the API requires."""

from __future__ import annotations

import pytest

from workbench.core.completing import completed, missing, note
from workbench.core.params import Params
from workbench.core.session import Lane, Session

DEFAULTS = Params(model="m", max_tokens=9, temperature=0.5)


@pytest.mark.parametrize(
    ("params", "lane", "sent"),
    [
        (Params(), Lane(), Params(model="m", max_tokens=9)),
        (Params(model="x"), Lane(), Params(model="x", max_tokens=9)),
        (Params(temperature=1.0), Lane(), Params(model="m", max_tokens=9, temperature=1.0)),
        (Params(), Lane(params=Params(model="x", max_tokens=5)), Params(model="x", max_tokens=5)),
        (Params(), Lane(unset=("max_tokens",)), Params(model="m")),
        (Params(max_tokens=5), Lane(unset=("max_tokens",)), Params(model="m")),
    ],
)
def test_only_what_is_required_and_not_said_is_filled_in(params: Params, lane: Lane, sent: Params) -> None:
    session = completed(Session(params=params, lanes=(lane,)), DEFAULTS)
    assert session.params_of(session.lane()) == sent
    assert completed(session, DEFAULTS) is session


def test_lanes_keep_their_own_and_only_those_asked_are_spoken_of() -> None:
    own, none = Lane("A", params=Params(model="x", max_tokens=5)), Lane("B")
    session = Session(lanes=(own, none))
    whole = completed(session, DEFAULTS)
    assert whole.params_of(whole.lane("A")) == own.params
    assert whole.params_of(whole.lane("B")) == Params(model="m", max_tokens=9)
    assert (missing(session), missing(session, [own])) == (("model", "max_tokens"), ())


def test_what_is_said() -> None:
    assert note(("model", "max_tokens"), DEFAULTS) == (
        "sets no model and no max_tokens; the default is used: model m and max_tokens 9"
    )
    assert note(("max_tokens",), DEFAULTS) == "sets no max_tokens; the default is used: max_tokens 9"
    assert note((), DEFAULTS) == note(("model",), Params()) == ""
