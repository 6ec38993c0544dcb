"""The turns of a conversation that went on are those that would be made of it anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.record import RunRecord
from workbench.core.session import Message, Session
from workbench.core.state import State
from workbench.ui.chat import entries as made
from workbench.ui.chat.entries import entries
from workbench.ui.widgets.conversation_entry import Entry

PLACES = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(("ask", "answer", "look"))), max_size=12)


def anew(session: Session) -> Session:
    """The same session with nothing worked out yet."""
    return replace(session, messages=tuple(replace(each) for each in session.messages))


def step(session: Session, place: int, act: str) -> Session:
    """One more question or answer at some turn, or a look at the conversation that ends there."""
    if not session.messages:
        return session.say(session.lane(), "first", parent=None)
    at = session.messages[place % len(session.messages)]
    if act == "ask":
        return session.say(session.lane(), f"question {place}", parent=at.id)
    if act == "answer":
        return session.finish(
            RunRecord(id=f"r{len(session.runs)}", lane="A", parent=at.id, state=State.COMPLETE), f"answer {place}"
        )
    return session.with_lane(replace(session.lane(), tip=at.id))


@given(PLACES)
def test_turns_are_kept_only_while_they_are_what_they_would_be(places: list[tuple[int, str]]) -> None:
    session = Session()
    shown: list[tuple[Session, tuple[Entry, ...]]] = []
    for place, act in places:
        session = step(session, place, act)
        shown.append((session, entries(session, session.lane())))
    for session, turns in shown:
        assert turns == entries(anew(session), session.lane())


def test_a_conversation_that_went_on_is_made_as_far_as_it_went_on(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    for number in range(40):
        session = session.say(session.lane(), f"turn {number}", parent=session.lane().tip)
    entries(session, session.lane())
    asked: list[str] = []
    turn = made._turn

    def noted(session: Session, message: Message, number: int) -> Entry:
        asked.append(message.id)
        return turn(session, message, number)

    monkeypatch.setattr(made, "_turn", noted)
    session = session.say(session.lane(), "one more", parent=session.lane().tip)
    assert len(entries(session, session.lane())) == 41
    assert asked == ["m41"]
    session = session.say(session.lane(), "another way", parent="m20")
    before = replace(session.lane(), tip="m41")
    assert "version 1 of 2" in entries(session, before)[20].note
