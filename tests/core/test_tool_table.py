"""The vendor's tools by their types, lists of tools as they are pasted, and what is wrong with either in a sentence."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from workbench.core import tool_table
from workbench.core.kinds import Json, KindError
from workbench.core.tool_faults import list_fault

LOOK = {"name": "look", "input_schema": {"type": "object"}}
FUNCTION: dict[str, Any] = {
    "type": "function",
    "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {}}},
}


def test_the_official_sdk_knows_the_same_types_and_names() -> None:
    """Its source is read, without the second that importing it takes."""
    spec = find_spec("anthropic")
    assert spec is not None
    assert spec.origin is not None
    types = Path(spec.origin).parent / "types"
    source = (types / "tool_union_param.py").read_text()
    known: dict[str, str] = {}
    for module in re.findall(r"from \.(\w+_20\d{6}_param) import", source):
        text = (types / f"{module}.py").read_text()
        name = re.search(r'name: Required\[Literal\["([^"]+)"', text)
        kind = re.search(r'type: Required\[Literal\["([^"]+)"', text)
        assert kind is not None
        known[kind[1]] = name[1] if name else ""
    assert {kind: family.name_of(kind) for kind, family in tool_table.TYPES.items()} == known


@pytest.mark.parametrize("family", tool_table.FAMILIES, ids=lambda family: str(family.stem))
def test_each_template_is_right_as_it_is(family: tool_table.Family) -> None:
    assert list_fault(Json.of([family.template(), dict(tool_table.TEMPLATE)])) is None
    assert tool_table.is_served(family.template()) is family.served
    assert tool_table.title_of(family.template()) in {family.name, family.newest}


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ({"type": "web_serch_20260318"}, "did you mean web_search_20260318?"),
        ({"type": "web_search_20240101", "name": "web_search"}, "there is no web_search_20240101; the newest is"),
        ({"type": "web_search", "name": "web_search"}, "there is no web_search; the newest is web_search_20260318"),
        ({"type": "teleport"}, "there are web_search_20260318, web_fetch"),
        ({"type": 3}, "type must be a word"),
        ({"type": "web_search_20260318", "name": "search"}, 'must be named "web_search"'),
        ({"type": "text_editor_20250124", "name": "str_replace_based_edit_tool"}, 'named "str_replace_editor"'),
        ({"type": "computer_toolset_20260801", "name": "computer"}, "takes no name"),
        (FUNCTION, "OpenAI"),
        ({"name": "look"}, "the tool look needs an input_schema"),
        ({"name": "look", "input_schema": {"type": "array"}}, 'the input_schema of look must be of "type": "object"'),
        ({**LOOK, "strict": True}, 'look is strict, and the object at the top needs "additionalProperties": false'),
    ],
)
def test_what_is_wrong_is_a_sentence(tool: dict[str, Any], said: str) -> None:
    fault = list_fault(Json.of([tool]))
    assert fault is not None
    assert said in fault.text


def test_a_type_newer_than_the_table_and_one_without_a_date_are_let_through() -> None:
    newer = {"type": "web_search_20271231", "name": "web_search"}
    assert list_fault(Json.of([newer, {"type": "tool_search_tool_bm25", "name": "tool_search_tool_bm25"}])) is None


@pytest.mark.parametrize(
    ("pasted", "tools", "foreign"),
    [
        ([LOOK], [LOOK], False),
        (LOOK, [LOOK], False),
        ({"model": "x", "tools": [LOOK]}, [LOOK], False),
        ([FUNCTION, LOOK], [FUNCTION, LOOK], True),
        (3, [], False),
        (["x", LOOK], [LOOK], False),
    ],
)
def test_a_list_one_tool_or_a_whole_request_can_be_pasted(pasted: object, tools: list[Any], foreign: bool) -> None:
    assert tool_table.read_pasted(json.dumps(pasted)) == (tools, foreign)
    with pytest.raises(KindError, match="is not JSON"):
        tool_table.read_pasted('{"name": ')


@pytest.mark.parametrize(
    "function",
    [FUNCTION, {"type": "function", **FUNCTION["function"]}],  # the newer form is flat
)
def test_openais_form_becomes_this_apis(function: dict[str, Any]) -> None:
    (made, kept) = tool_table.converted([function, LOOK])
    assert made == {
        "name": "look",
        "description": "Looks.",
        "input_schema": {"type": "object", "properties": {}},
    }
    assert kept == LOOK
    strict = next(tool_table.converted([{"type": "function", "name": "a", "strict": True}]))
    assert strict == {"name": "a", "input_schema": {"type": "object", "properties": {}}, "strict": True}
