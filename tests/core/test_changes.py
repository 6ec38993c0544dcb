from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.sessions import exactly, sessions
from workbench.core import attached, changes, journal, session_file
from workbench.core.kinds import Json
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System

ONE = Session(
    title="one",
    created=datetime(2026, 11, 22, tzinfo=UTC),
    systems=(System("s1", "Be brief."),),
    messages=(Message("m1", "user", "Hi"), Message("m2", "assistant", "Ho", "m1", "r1")),
    runs=(RunRecord(id="r1", text="Ho", content=({"type": "text", "text": "Ho"},)),),
    lanes=(Lane("A", tip="m2", system="s1"),),
)


def through(before: Session, after: Session) -> Session:
    """The one session made out of the other by what a journal says."""
    record = changes.between(before, after)
    tables = session_file.dump(before)
    if record is not None:
        ((read, _),) = journal.records(io.BytesIO(journal.line(record)).read)
        tables = changes.applied(tables, read)
    return session_file.load(tables).session


@given(sessions(), sessions())
@settings(max_examples=12)
def test_any_session_becomes_any_other(before: Session, after: Session) -> None:
    exactly(through(before, after), session_file.load(session_file.dump(after)).session)


@given(sessions(), st.data())
@settings(max_examples=12)
def test_a_session_that_grew_says_only_what_is_new(before: Session, data: st.DataObject) -> None:
    after = before
    for text in data.draw(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=3)):
        after = after.say(after.lanes[0], text, parent=after.lanes[0].tip)
        asked = after.lanes[0].tip
        after = after.finish(
            RunRecord(id=f"{asked} run", lane=after.lanes[0].id, parent=asked, text=text, content=()), text
        )
    record = changes.between(before, after)
    exactly(through(before, after), session_file.load(session_file.dump(after)).session)
    if after is before:
        assert record is None
    else:
        assert record is not None
        assert record["add"].keys() == {"messages", "runs"}
        assert not {"messages", "runs"} & record.get("set", {}).keys()


def test_what_is_the_same_by_value_is_no_change() -> None:
    copy = session_file.load(session_file.dump(ONE)).session
    assert copy.messages[0] is not ONE.messages[0]
    assert changes.between(ONE, copy) is None


@pytest.mark.parametrize(
    ("after", "record"),
    [
        (replace(ONE, title="two"), {"set": {"session": {"title": "two", "created": ONE.created}}}),
        (replace(ONE, systems=(), lanes=(replace(ONE.lanes[0], system=None),)), None),
        (replace(ONE, variables=(("a", "1"),)), {"set": {"variables": {"a": "1"}}}),
        (replace(ONE, extra={"later": 1}), {"set": {"later": 1}}),
        (
            replace(ONE, messages=(*ONE.messages, Message("m3", "user", "More", "m2"))),
            {"add": {"messages": [{"id": "m3", "parent": "m2", "role": "user", "text": "More"}]}},
        ),
        (
            replace(ONE, messages=(*ONE.messages, Message("m3", "user", "Again"))),
            {"add": {"messages": [{"id": "m3", "parent": "", "role": "user", "text": "Again"}]}},
        ),
    ],
)
def test_a_change_is_said_in_the_words_of_the_file(after: Session, record: object) -> None:
    found = changes.between(ONE, after)
    if record is None:
        assert found is not None
        assert found["unset"] == ["systems"]
    else:
        assert found == record


def test_a_number_of_another_kind_and_another_order_are_changes() -> None:
    variables = replace(ONE, variables=(("a", "1"), ("b", "2")))
    assert changes.between(variables, replace(ONE, variables=(("b", "2"), ("a", "1")))) is not None
    assert changes.between(replace(ONE, extra={"n": 1}), replace(ONE, extra={"n": 1.0})) is not None


def test_a_message_that_changed_takes_the_list_with_it() -> None:
    edited = replace(ONE, messages=(replace(ONE.messages[0], extra={"mark": 1}), *ONE.messages[1:]))
    record = changes.between(ONE, edited)
    assert record is not None
    assert record["set"]["messages"][0]["mark"] == 1
    exactly(through(ONE, edited), edited)
    gone = replace(ONE, messages=(), runs=(), lanes=(Lane("A"),))
    exactly(through(ONE, gone), gone)


@pytest.mark.fault("F17")
def test_one_more_message_costs_little_after_ten_thousand() -> None:
    said = tuple(Message(f"m{at}", "user", "x" * 1000, f"m{at - 1}" if at else None) for at in range(10_000))
    long = Session(messages=said, lanes=(Lane("A", tip="m9999"),))
    more = long.say(long.lanes[0], "More", parent="m9999")
    began = process_time()
    for _ in range(10):
        record = changes.between(long, more)
    assert (process_time() - began) / 10 < 0.02
    assert record is not None
    assert len(journal.line(record)) < 300


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"folded": "x"},
        {"set": [1]},
        {"set": {}, "more": 1},
        {"unset": "session"},
        {"unset": [1]},
        {"add": {"lanes": []}},
        {"add": {"messages": {}}},
        {"add": {"runs": [1]}},
        {"add": []},
    ],
)
def test_what_is_no_change_is_not_applied(record: dict[str, object]) -> None:
    assert not changes.is_change(record)
    with pytest.raises(ValueError, match="not a change"):
        changes.applied({}, record)


def test_what_goes_with_a_draft_is_not_written_with_every_letter() -> None:
    long = Json.of(attached.of_text("x" * 5_000))
    before = Session(prompt="Hm", attachments=(long,))
    typed = replace(before, prompt="Hmm")
    record = changes.between(before, typed)
    assert record == {"set": {"session": {"prompt": "Hmm"}}}
    assert session_file.load(changes.applied(session_file.dump(before), record)).session == typed
    sent = replace(typed, prompt="", title="Hm", attachments=())
    record = changes.between(typed, sent)
    assert record is not None
    assert session_file.load(changes.applied(session_file.dump(typed), record)).session == sent
