"""Whether a JSON schema is one, in words, and as the jsonschema library sees it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError

from workbench.core.kinds import Json
from workbench.core.schema import format_fault
from workbench.core.schema_grammar import BY_NAME, HOLDS, LISTED, NESTED, TYPES, grammar_fault
from workbench.core.tool_faults import list_fault

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, 0, -1, 1.0, 1.5, "", "string", "strin"),
        *([], {}, ["string"], ["string", "string"], [None], [{}], [5], {"a": 5}),
    ]
)
VALUES = st.one_of(ODD, st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), max_size=3))
KEYWORDS = [keyword for keywords, *_ in HOLDS for keyword in keywords] + list(NESTED)


def schemas(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    nested = st.one_of(inside, st.lists(inside, max_size=2), st.dictionaries(st.sampled_from("ab"), inside, max_size=2))
    return st.dictionaries(st.sampled_from(KEYWORDS), st.one_of(VALUES, nested), max_size=3)


SCHEMAS = schemas(st.recursive(VALUES, schemas, max_leaves=8))


def unknown(root: dict[str, Any]) -> bool:
    """Whether the library sees none in it; that a list of values must have some is only asked here."""
    try:
        Draft202012Validator.check_schema(root, format_checker=FormatChecker(formats=()))
    except SchemaError:
        return True
    return False


@given(SCHEMAS)
def test_what_the_library_takes_for_no_schema_is_told(root: dict[str, Any]) -> None:
    fault = grammar_fault(root)
    assert (fault is not None) >= unknown(root)
    assert fault is None or unknown(root) or fault.text.startswith("enum at")


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ({"type": "strin"}, f"type at the top must be one of {', '.join(TYPES)}, or a list of some"),
        ({"properties": {"a": {"type": []}}}, "type at a must be one of"),
        ({"properties": {"a": 5}}, "a must be a schema, which is a table"),
        ({"properties": []}, "properties at the top must be a table of schemas by their names"),
        ({"items": [{}]}, "items must be a schema, which is a table"),
        ({"items": {"anyOf": []}}, "anyOf at items must be a list of schemas, not an empty one"),
        ({"required": "a"}, "required at the top must be a list of names, each once"),
        ({"enum": "a"}, "enum at the top must be a list of values, not an empty one"),
        ({"$defs": {"x": {"minLength": -1}}}, "minLength at x must be a whole number, 0 or more"),
        ({"additionalProperties": "no"}, "additionalProperties must be a schema, which is a table"),
    ],
)
def test_what_is_wrong_has_its_place(root: dict[str, Any], words: str) -> None:
    fault = grammar_fault(root)
    assert fault is not None
    assert fault.text.startswith(words)
    told = format_fault(Json.of({"type": "json_schema", "schema": root}))
    assert told is not None
    assert told.text == f"output_format: {fault.text}"
    named = list_fault(Json.of([{"name": "f", "input_schema": {"type": "object", "properties": {"q": root}}}]))
    assert named is not None
    assert named.text.startswith("the input_schema of f: ")
    assert named.api.endswith("input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12")


@pytest.mark.parametrize(
    "root",
    [
        {"type": ["string", "null"], "pattern": r"\p{L}(?<name>x)"},
        {"minItems": 1.0, "multipleOf": 0.5},
        {"items": True, "not": False, "additionalProperties": {}},
        {"properties": {"type": {"type": "string"}, "enum": {"enum": [1]}, "required": {"$ref": "#"}}},
        {name: {"type": {"type": "null"}} for name in BY_NAME} | {name: [{}] for name in LISTED},
    ],
)
def test_a_schema_is_one(root: dict[str, Any]) -> None:
    assert grammar_fault(root) is None
    assert not unknown(root)
