"""What the folds of calls and results say, and which start out open."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.ui.chat import tool_folds
from workbench.ui.widgets.conversation_entry import Entry, Fold

NAMES = {"toolu_1": "get_weather"}


@pytest.mark.parametrize(
    ("block", "title", "text", "opened"),
    [
        ({"content": "rain"}, "✓ result of get_weather", "rain", True),
        ({"content": "no city", "is_error": True}, "✗ error of get_weather", "no city", True),
        ({"content": "line\n" * 9}, "✓ result of get_weather", "line\n" * 9, False),
        ({"content": "x" * 601}, "✓ result of get_weather", "x" * 601, False),
        ({}, "✓ result of get_weather", "", False),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, None, "a\n\nb", True),
        ({"content": [{"type": "image", "source": {"type": "url"}}]}, None, '[\n  {\n    "type": "image",', True),
        ({"content": 3}, None, "3", True),
        ({"tool_use_id": "toolu_2", "content": "x"}, "✓ result of an unknown call", "x", True),
    ],
)
def test_a_result_says_whose_it_is_and_a_short_one_is_open(
    block: dict[str, Any], title: str | None, text: str, opened: bool
) -> None:
    fold = tool_folds.result_of({"type": "tool_result", "tool_use_id": "toolu_1", **block}, 0, NAMES)
    assert fold.title == (title or "✓ result of get_weather")
    assert fold.text.startswith(text)
    assert fold.opened is opened
    assert fold.count == ("" if fold.text else "empty")


@pytest.mark.parametrize(
    ("block", "text", "count"),
    [
        ({"input": {"city": "Paris"}}, '{\n  "city": "Paris"\n}', '{"city": "Paris"}'),
        ({"input": {"city": "P" * 90}}, f'{{\n  "city": "{"P" * 90}"\n}}', f'{{"city": "{"P" * 49}…'),
        ({"input": {}}, "{}", "no input"),
        ({"partial_json": '{"ci'}, '{"ci', "cut off"),
    ],
)
def test_a_call_shows_its_input_as_far_as_it_came(block: dict[str, Any], text: str, count: str) -> None:
    fold = tool_folds.call_of({"type": "tool_use", "name": "get_weather", **block}, 3)
    assert fold == Fold("tool use get_weather", text, 3, "json", count)


PAGE = {"type": "web_search_result", "title": "Fog", "url": "https://example.com/fog", "encrypted_content": "bba8"}


@pytest.mark.parametrize(
    ("content", "title", "text", "count"),
    [
        ([PAGE, PAGE], "✓ result of web search", "Fog\nhttps://example.com/fog\n\nFog\nhttps:", "2 pages"),
        ([{**PAGE, "title": None}], "✓ result of web search", "no title\nhttps://example.com/fog", "1 page"),
        ({"error_code": "max_uses_exceeded"}, "✗ error of web search", "max_uses_exceeded", ""),
        ([], "web search tool result", '{\n  "type": "web_search_tool_result"', ""),
        ([PAGE, "of next year"], "web search tool result", '{\n  "type": "web_search_tool_result"', ""),
    ],
)
def test_what_the_server_searched_is_read_as_pages(content: object, title: str, text: str, count: str) -> None:
    fold = tool_folds.searched({"type": "web_search_tool_result", "content": content}, 3)
    assert (fold.title, fold.count, fold.at) == (title, count, 3)
    assert fold.text.startswith(text)


def test_a_picture_in_a_result_is_no_hundred_thousand_rows() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo" * 90_000}
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "image", "source": source}]}
    fold = tool_folds.result_of(block, 0, NAMES)
    assert len(fold.text) < 400
    assert "990 000 characters of base64" in fold.text


def test_calls_of_one_tool_are_numbered_and_only_a_persons_are_unfolded() -> None:
    titles = ["tool use a", "thinking", "tool use a", "thinking", "server tool use a"]
    folds = tool_folds.told_apart(Fold(title) for title in titles)
    assert [fold.title for fold in folds] == [
        "tool use a",
        "thinking",
        "tool use a · 2",
        "thinking",
        "server tool use a",
    ]
    entry = tool_folds.waiting(Entry("m2", "assistant", "claude", folds=folds, remarks=("cut",)), 2, "^J or c")
    assert [fold.opened for fold in entry.folds] == [True, False, True, False, False]
    assert entry.remarks == ("cut", "2 calls wait for their results: ^J or c answers.")
