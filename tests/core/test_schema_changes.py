"""Schemas made into what the API takes, and what they were made of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import schema, schema_changes
from workbench.core.kinds import Json, KindError
from workbench.core.params import Params, lookup

BARE = {"type": "object", "properties": {"a": {"type": "string"}}}
WRAPPED = {"type": "json_schema", "schema": BARE}


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (BARE, WRAPPED),
        (WRAPPED, WRAPPED),
        ({"properties": {}}, {"type": "json_schema", "schema": {"properties": {}}}),
        ({"$ref": "#/$defs/a", "$defs": {}}, {"type": "json_schema", "schema": {"$ref": "#/$defs/a", "$defs": {}}}),
        ({"type": ["object", "null"]}, {"type": "json_schema", "schema": {"type": ["object", "null"]}}),
        ({"schema": BARE}, {"schema": BARE}),  # half of it: the API's own words say what is missing
        ({"type": "jsonschema", "schema": BARE}, {"type": "jsonschema", "schema": BARE}),
        ({}, {}),
        ([], []),
    ],
)
def test_a_bare_schema_is_put_into_its_format(value: Any, made: Any) -> None:
    assert schema_changes.wrapped(value) == made


def test_the_parameter_takes_a_bare_schema_in_every_form() -> None:
    for held in (BARE, WRAPPED, Json.of(BARE).text, Json.of(WRAPPED)):
        params = Params().set("output_format", held)
        assert params.output_format == Json.of(WRAPPED)
        assert schema_changes.inside(params.output_format.value) == BARE


def test_a_schema_that_is_too_deep_in_its_format_is_not_taken() -> None:
    def typed(levels: int) -> str:
        return '{"items": ' * levels + "{}" + "}" * levels

    assert lookup("output_format").kind.read_text(typed(62))
    with pytest.raises(KindError, match="nests deeper than 64 levels"):
        lookup("output_format").kind.read_text(typed(63))


def test_an_object_that_allows_more_allows_no_more() -> None:
    made, notes = schema_changes.completed({"type": "object", "additionalProperties": True})
    assert made == {"type": "object", "additionalProperties": False}
    assert notes == ("the top: allows no other property",)


def test_what_the_api_insists_on_is_added_and_said() -> None:
    part = {"type": "object", "properties": {"b": {"type": "object"}, "c": {"items": dict(BARE)}}}
    made, notes = schema_changes.completed({**part, "$defs": {"d": {"type": "object", "required": []}}})
    assert schema.schema_fault(made) is None
    assert made["required"] == ["b", "c"]
    assert made["properties"]["b"] == {"type": "object", "additionalProperties": False}
    assert made["properties"]["c"]["items"]["required"] == ["a"]
    assert made["$defs"]["d"]["required"] == []
    assert notes == (
        "the top: allows no other property and requires b, c",
        "b: allows no other property",
        "c.items: allows no other property and requires a",
        "d: allows no other property",
    )
    assert schema_changes.completed(made) == (made, ())


def test_nullable_becomes_a_type() -> None:
    made, notes = schema_changes.completed({"type": "array", "items": {"type": "string", "nullable": True}})
    assert made == {"type": "array", "items": {"type": ["string", "null"]}}
    assert notes == ("items: may be null",)


def test_a_property_that_is_called_like_a_keyword_stays() -> None:
    names = {"$schema": {"type": "string", "$anchor": "a"}, "$id": {"type": "string"}, "minimum": {"minimum": 1}}
    root = {"type": "object", "properties": names}
    assert schema_changes.harmless(root)["properties"] == {**names, "$schema": {"type": "string"}}
    made, notes = schema_changes.supported(root)
    assert made["properties"]["minimum"] == {"description": "(minimum 1)"}
    assert notes == ("minimum: minimum 1 in the description only",)


SCHEMAS = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "integer", "minimum": 1}, {"enum": ["a", 1]}, {"minItems": 3}]),
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(lambda p: {"type": "object", "properties": p})
        | inner.map(lambda each: {"type": "array", "items": each, "description": "x"})
        | st.lists(inner, min_size=1, max_size=2).map(lambda some: {"anyOf": some})
    ),
    max_leaves=6,
)


@given(SCHEMAS)
def test_a_completed_and_supported_schema_has_no_fault(root: dict[str, Any]) -> None:
    made, _ = schema_changes.completed(schema_changes.supported(root)[0])
    assert schema.schema_fault(made) is None


def test_a_schema_that_is_too_deep_is_left_alone_there() -> None:
    root: dict[str, Any] = {"type": "object"}
    for _ in range(5000):
        root = {"type": "array", "items": root}
    assert schema_changes.completed(root)[0]["items"]["type"] == "array"


def test_nothing_leads_elsewhere_wherever_it_stands() -> None:
    inner = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "http://x/", "type": "string"}
    root = {"$ref": "#/odd/0", "odd": [inner], "propertyNames": inner, "dependentSchemas": {"a": inner}}
    bare = {"type": "string"}
    assert schema_changes.harmless(root) == {
        **root,
        "odd": [bare],
        "propertyNames": bare,
        "dependentSchemas": {"a": bare},
    }


def test_the_template_is_a_schema_that_the_api_takes() -> None:
    assert schema.schema_fault(schema_changes.TEMPLATE) is None
