from __future__ import annotations

from typing import Any

import pytest

from workbench.core import mending, session_file

BASE: dict[str, Any] = {
    "systems": [{"id": "s1", "text": "x"}],
    "messages": [
        {"id": "m1", "role": "user", "text": "Hi"},
        {"id": "m2", "parent": "m1", "role": "assistant", "text": "Ho", "run": "r1"},
    ],
    "runs": [{"id": "r1", "state": "complete", "request_sha256": "1"}],
}


@pytest.mark.parametrize(
    ("lane", "mended"),
    [
        ({"id": "A", "tip": "m9", "system": "s9"}, {"id": "A", "tip": "m2"}),
        ({"id": "A", "tip": "m1", "system": "s1"}, {"id": "A", "tip": "m1", "system": "s1"}),
        ({"id": "A"}, {"id": "A"}),
        (5, 5),
    ],
)
def test_a_lane_stands_on_what_is_there(lane: object, mended: object) -> None:
    assert mending.mended({**BASE, "lanes": [lane]})["lanes"] == [mended]


def test_a_lane_of_a_session_without_messages_stands_before_the_first() -> None:
    assert mending.mended({"lanes": [{"id": "A", "tip": "m9"}]})["lanes"] == [{"id": "A", "tip": ""}]


def test_what_is_there_already_is_not_added_again() -> None:
    assert mending.joined(BASE, {"messages": BASE["messages"], "runs": BASE["runs"]}) == (BASE, {})


def test_rows_with_a_taken_id_get_another_and_those_that_name_them_follow() -> None:
    added = {
        "messages": [
            {"id": "m2", "parent": "m1", "role": "user", "text": "mine"},
            {"id": "m3", "parent": "m2", "role": "assistant", "text": "answer", "run": "r1"},
        ],
        "runs": [{"id": "r1", "parent": "m2", "state": "complete", "request_sha256": "2"}],
    }
    made, moved = mending.joined(BASE, added)
    assert moved == {"m2": "m3", "m3": "m4"}
    assert made["messages"][2:] == [
        {"id": "m3", "parent": "m1", "role": "user", "text": "mine"},
        {"id": "m4", "parent": "m3", "role": "assistant", "text": "answer", "run": "r2"},
    ]
    assert made["runs"][1:] == [{"id": "r2", "parent": "m3", "state": "complete", "request_sha256": "2"}]
    assert len(session_file.load(made).session.messages) == 4


def test_a_message_whose_parent_is_gone_begins_a_conversation() -> None:
    lost = [{"id": "m8", "parent": "m7", "role": "user", "text": "x"}, {"id": "m9", "role": "user", "text": "y"}]
    made, _ = mending.joined(BASE, {"messages": lost})
    assert [each["parent"] for each in made["messages"][2:]] == ["", ""]
    alone, _ = mending.joined({}, {"messages": lost})
    assert [each.parent for each in session_file.load(alone).session.messages] == [None, None]


def test_rows_without_an_id_get_one() -> None:
    made, _ = mending.joined(BASE, {"messages": [{"role": "user", "text": "z"}], "runs": [{"state": "complete"}]})
    assert (made["messages"][-1]["id"], made["runs"][-1]["id"]) == ("m3", "r2")
