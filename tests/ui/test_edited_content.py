"""A turn with another text keeps what isn't text."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.core.kinds import Json
from workbench.core.session import Message
from workbench.ui.chat.drafting import edited_content

IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "42"}
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "s"}
CALL = {"type": "tool_use", "id": "t1", "name": "clock", "input": {}}
CACHED = {"type": "text", "text": "Old.", "cache_control": {"type": "ephemeral"}}


def said(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ([IMAGE, said("Old.")], "New.", [IMAGE, said("New.")]),
        ([said("Old."), IMAGE], "", [IMAGE]),
        ([RESULT], "And?", [RESULT, said("And?")]),
        ([THOUGHT, CALL], "I look.", [THOUGHT, said("I look."), CALL]),
        ([THOUGHT, said("Old."), CALL], "New.", [THOUGHT, said("New."), CALL]),
        ([CACHED, IMAGE], "New.", [{**CACHED, "text": "New."}, IMAGE]),
        ([said("One. "), IMAGE, said("Two.")], "One. Three.", [said("One. "), IMAGE, said("Three.")]),
        ([said("One. "), IMAGE, said("Two.")], "Zero. Two.", [said("Zero. "), IMAGE, said("Two.")]),
        ([said("One. "), IMAGE, said("Two.")], "All new!", [said("All new!"), IMAGE]),
        ([{**said("Old."), "citations": [{"type": "page_location"}]}, IMAGE], "New.", [said("New."), IMAGE]),
    ],
)
def test_blocks_beside_the_text_stay_where_they_stood(
    before: list[dict[str, Any]], text: str, after: list[dict[str, Any]]
) -> None:
    made = edited_content(Message("m1", "user", Json.of(before)), text)
    assert made == Json.of(after)


@pytest.mark.parametrize("content", ["Old.", Json.of([said("Old.")])])
def test_what_is_only_text_stays_text(content: str | Json) -> None:
    assert edited_content(Message("m1", "user", content), "New.") == "New."


def test_an_untouched_turn_is_as_it_was() -> None:
    content = Json.of([IMAGE, said("Old."), said("er")])
    assert edited_content(Message("m1", "user", content), "Old.er") is content
