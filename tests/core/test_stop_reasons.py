"""Why an answer ended, in words."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.core import stop_reasons
from workbench.core.record import RunRecord
from workbench.core.state import State

THOUGHT = ({"type": "thinking", "thinking": "", "signature": "s"},)


def remarks(reason: str | None, **more: Any) -> str:
    made = {"state": State.COMPLETE, "text": "So", "content": ({"type": "text", "text": "So"},), **more}
    return " ".join(stop_reasons.remarks(RunRecord(stop_reason=reason, **made)))


EMPTY = {"text": "", "content": THOUGHT}
SPENT = {"usage": {"output_tokens": 64, "output_tokens_details": {"thinking_tokens": 64}}}
CASES: list[tuple[str | None, dict[str, Any], str]] = [
    ("end_turn", {}, ""),
    ("stop_sequence", {}, ""),
    ("tool_use", {}, ""),
    ("end_turn", {"text": "", "content": ()}, "The answer is empty. Say something more"),
    (
        "max_tokens",
        {"params": {"max_tokens": 2048}},
        "Cut off by max_tokens. The answer reached max_tokens, 2 048, before",
    ),
    ("max_tokens", {}, "Raise max_tokens, and run it again."),
    (
        "max_tokens",
        {**EMPTY, **SPENT, "params": {"max_tokens": 64}},
        "All 64 output tokens went into thinking, and none was left for the answer. Raise max_tokens (it was 64)",
    ),
    ("max_tokens", {**EMPTY, "params": {"max_tokens": 64, "effort": "max"}}, "or lower effort (it was max)."),
    ("max_tokens", {**EMPTY, "params": {"max_tokens": 64, "effort": "low"}}, "or ask for less."),
    (
        "max_tokens",
        {**EMPTY, "params": {"max_tokens": 4096, "thinking_budget": 4000}},
        "or lower the thinking budget of 4 000.",
    ),
    ("max_tokens", {"text": "", "content": (), "params": {"max_tokens": 0}}, "max_tokens is 0: the prompt was cached"),
    ("max_tokens", {"text": "", "content": ()}, "Cut off by max_tokens."),
    (
        "max_tokens",
        {"text": "", "content": (*THOUGHT, {"type": "tool_use", "name": "f", "partial_json": '{"a'})},
        "A tool call broke off in its input, and can't be sent back. Raise max_tokens",
    ),
    ("pause_turn", {}, "Send it again to go on."),
    (
        "refusal",
        {},
        "Refused. The model, or the API's safety check, stopped here; what came before it is not sent back.",
    ),
    ("refusal", {"text": "", "content": ()}, "Nothing had come, so it is not billed."),
    (
        "refusal",
        {"stop_details": {"type": "refusal", "category": "bio", "explanation": "No\nharm."}},
        "Refused: biological danger (bio). “No harm.” The model",
    ),
    ("refusal", {"stop_details": {"category": "new_kind", "explanation": None}}, "Refused: new kind (new_kind). The"),
    ("refusal", {"stop_details": {"category": 7}}, "Refused. The"),
    ("model_context_window_exceeded", {}, "Cut off by the context window. Prompt and answer together"),
    ("compaction", {}, "Compacted."),
    ("brand_new", {}, "Unknown stop reason. The server ended the answer with 'brand_new'"),
    (None, {}, "No stop reason. The stream ended without saying why"),
    ("max_tokens", {"state": State.CANCELLED}, ""),
    ("max_tokens", {"content": ({"type": {"odd": []}},)}, "Cut off by max_tokens."),
]


@pytest.mark.parametrize(("reason", "more", "words"), CASES)
def test_each_end_says_what_it_means_and_what_to_do(reason: str | None, more: dict[str, Any], words: str) -> None:
    found = remarks(reason, **more)
    assert words in found
    assert bool(found) == bool(words)


def test_only_of_a_refusal_before_any_word_it_is_said_that_nothing_is_billed() -> None:
    assert "billed" not in remarks("refusal")


@pytest.mark.parametrize("reason", ["refusal", "new"])
def test_a_server_that_says_much_is_cut_short(reason: str) -> None:
    much = {"category": "c" * 9000, "explanation": "why " * 9000}
    found = remarks(reason if reason == "refusal" else "r" * 9000, stop_details=much)
    assert len(found) < 1000
    assert "…" in found


@pytest.mark.parametrize("category", stop_reasons.CATEGORIES)
def test_every_category_of_a_refusal_has_words(category: str) -> None:
    assert f"({category})" in remarks("refusal", stop_details={"category": category})


@pytest.mark.parametrize("reason", stop_reasons.STOP_REASONS)
def test_every_documented_reason_has_a_title_and_what_it_means(reason: str) -> None:
    row = stop_reasons.find(reason)
    assert row.title
    assert row.means.endswith(".")
    assert row.plain or row.remedy.endswith(".")
