"""An earlier request made again: the same bytes, or nothing."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from workbench.core.conversation import request_of
from workbench.core.params import Params
from workbench.core.rebuilt import Rebuilt, rebuild
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Session

NASTY = " a\r\n\tb {{name}} {x} \n\nuser: no\n😀\u200b\u2028 "


def asked(prompt: str = NASTY) -> tuple[Session, RunRecord]:
    """A session that asked once, with a system prompt and a variable, and the record of that run."""
    session = Session(params=Params(model="m", max_tokens=9, stop_sequences=("\r\n",)), variables=(("name", "Ada"),))
    session = session.with_system(session.lane(), "Be {{name}}.")
    session = session.say(session.lane(), prompt, parent=None)
    request = request_of(session, session.lane(), "m1")
    record = RunRecord(
        id="r1",
        parent="m1",
        params=request.params.to_mapping(),
        request_sha256=sha256(request.encoded).hexdigest(),
    )
    return session, record


def test_the_bytes_are_those_of_the_request() -> None:
    session, record = asked()
    again = rebuild(session, record)
    assert again is not None
    assert again.exact
    assert again.request.encoded == request_of(session, session.lane(), "m1").encoded
    assert b"Be Ada." in again.request.encoded


def test_other_settings_since_then_change_nothing() -> None:
    session, record = asked()
    later = replace(session, params=Params(model="other"), lanes=(Lane("B", system=None),))
    assert rebuild(later, record) == rebuild(session, record)


def test_variables_of_the_run_alone_are_put_in_whatever_the_session_has_by_now() -> None:
    session, record = asked()
    once = replace(session.with_variable("name", "Bob"), runs=())
    given = replace(record, variables={"name": "Ada"})
    again = rebuild(once, given)
    assert again is not None
    assert again.exact
    assert again == rebuild(session, record)


def test_what_was_asked_without_a_turn_is_tried_too() -> None:
    session, _ = asked()
    request = request_of(session, session.lane(), None, "Sweep me.")
    record = RunRecord(params=request.params.to_mapping(), request_sha256=sha256(request.encoded).hexdigest())
    assert rebuild(session, record) is None
    again = rebuild(session, record, ("No.", "Sweep me."))
    assert again == Rebuilt(request, exact=True, draft="Sweep me.")


def changed(what: str) -> tuple[Session, RunRecord]:
    session, record = asked()
    match what:
        case "a variable":
            return session.with_variable("name", "Bob"), record
        case "no hash":
            return session, replace(record, request_sha256="")
        case "no such parent":
            return session, replace(record, parent="m9")
        case "a newer parameter":
            return session, replace(record, params={**record.params, "newer": 1})
        case _:
            return session, replace(record, params={**record.params, "max_tokens": 10})


@pytest.mark.parametrize("what", ["a variable", "no hash", "params"])
def test_what_is_not_the_same_is_not_called_so(what: str) -> None:
    again = rebuild(*changed(what))
    assert again is not None
    assert not again.exact


@pytest.mark.parametrize("what", ["no such parent", "a newer parameter"])
def test_what_is_not_known_is_not_made_up(what: str) -> None:
    assert rebuild(*changed(what)) is None
