"""What follows from the messages alone is worked out once, and never of other messages than those asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import tree
from workbench.core.session import Message, Session

PARENTS = st.lists(st.integers(0, 9), min_size=1, max_size=10)


def messages(parents: list[int]) -> tuple[Message, ...]:
    """Each under an earlier one, or a root."""
    return tuple(
        Message(f"m{at}", "user", "", f"m{parent % at}" if at > 1 and parent % at else None)
        for at, parent in enumerate(parents, 1)
    )


@given(PARENTS, st.integers(0, 9))
def test_a_tree_that_grew_is_the_tree_made_at_once(parents: list[int], at: int) -> None:
    whole = messages(parents)
    before = tree.Tree(whole[:at])
    for message in whole[:at]:
        before.path(message.id)
    grown, fresh = tree.Tree(whole, before), tree.Tree(whole)
    assert (grown.by_id, grown.children, grown.highest) == (fresh.by_id, fresh.children, fresh.highest)
    assert [grown.path(each.id) for each in whole] == [fresh.path(each.id) for each in whole]
    assert before.children == tree.Tree(whole[:at]).children


def test_a_message_in_another_ones_place_is_seen() -> None:
    session = Session(messages=messages([0, 1, 2]))
    assert session.by_id["m2"].text == ""
    first, second, last = session.messages
    other = replace(session, messages=(first, replace(second, content="Other."), last))
    assert other.by_id["m2"].text == "Other."
    assert session.by_id["m2"].text == ""


def test_ids_go_on_after_the_highest_whatever_else_they_are_called() -> None:
    session = Session(
        messages=(Message("m12", "user", "a"), Message("question", "user", "b"), Message("mx", "user", "c"))
    )
    assert session.say(session.lane(), "d", parent=None).messages[-1].id == "m13"


@pytest.mark.fault("F14")
def test_an_id_with_a_number_of_5000_digits_is_just_a_name() -> None:
    session = Session(messages=(Message("m" + "9" * 5000, "user", "a"), Message("m2", "user", "b")))
    assert session.say(session.lane(), "c", parent=None).messages[-1].id == "m3"
