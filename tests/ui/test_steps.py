"""What an undo says that it took back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.core.canned import CannedResult
from workbench.core.kinds import Json
from workbench.core.session import Lane, Message, Session
from workbench.ui.chat.steps import step

TALK = Session(
    messages=(
        Message("m1", "user", "First.", None),
        Message("m2", "assistant", "One.", "m1", "r1"),
        Message("m3", "user", "Second.", "m2"),
        Message("m4", "assistant", "Two.", "m3", "r2"),
        Message("m5", "user", "Another second.", "m2"),
        Message("m6", "assistant", "Uno.", "m1", "r3"),
        Message("m7", "assistant", "By hand.", "m1"),
    ),
    variables=(("tone", "brief"),),
)


def at(tip: str | None) -> Session:
    return replace(TALK, lanes=(Lane(tip=tip),))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("m2", "m4", "the last prompt"),
        (None, "m2", "the last prompt"),
        ("m4", "m2", "the branch"),
        ("m2", None, "the branch"),
        ("m4", "m5", "the edited prompt"),
        ("m2", "m6", "the run"),
        ("m2", "m7", "the edited answer"),
        ("m4", "m4", "a change"),
    ],
)
def test_where_the_conversation_went(before: str | None, after: str | None, said: str) -> None:
    assert step(at(before), at(after)) == said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (TALK.with_param(TALK.lane(), "temperature", 0.5), "temperature"),
        (TALK.with_variable("tone", None).with_variable("order_id", "#1"), "variable order_id, variable tone"),
        (TALK.with_system(TALK.lane(), "Be brief."), "system prompt"),
        (replace(TALK, title="x", endpoint="llama"), "title, endpoint"),
        (replace(TALK, prompt="Hm."), "the draft"),
        (replace(TALK, attachments=(Json.of([]),), endpoint="llama"), "attachments, endpoint"),
        (replace(TALK, tool_results=(CannedResult("look_up"),)), "canned results"),
        (TALK.with_cache({"m1": "5m", "m3": "1h"}), "cache breakpoint"),
        (replace(TALK.with_param(TALK.lane(), "top_k", 5), preset="strict"), "preset strict"),
    ],
)
def test_what_was_changed(after: Session, said: str) -> None:
    assert step(TALK, after) == said
    assert step(after, TALK) == said


def test_many_parameters_are_counted() -> None:
    after = TALK
    for key, value in (("temperature", 0.5), ("top_k", 5), ("top_p", 0.5), ("tools", Json.of([]))):
        after = after.with_param(after.lane(), key, value)
    assert step(TALK, after) == "4 parameters"
