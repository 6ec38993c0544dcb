"""Which JSON schemas structured outputs take."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.core import schema
from workbench.core.kinds import Json
from workbench.core.schema_grammar import Fault


def obj(**more: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": more, "required": list(more)}


def fault(root: dict[str, Any]) -> Fault | None:
    return schema.format_fault(Json.of({"type": "json_schema", "schema": root}))


GOOD: list[dict[str, Any]] = [
    obj(),
    obj(name={"type": "string", "format": "email"}, tags={"type": "array", "items": {"type": "string"}, "minItems": 1}),
    obj(kind={"enum": ["a", 1, None, True]}, one={"const": "x"}, inner=obj(x={"type": "number"})),
    obj(x={"$ref": "#/$defs/leaf"}) | {"$defs": {"leaf": obj()}},
    obj(x={"anyOf": [{"type": "null"}, obj()]}),
    obj(minimum={"type": "integer"}, format={"type": "string"}),
    {"type": "array", "items": obj()},
]


@pytest.mark.parametrize("root", GOOD, ids=str)
def test_a_schema_within_the_subset_is_taken(root: dict[str, Any]) -> None:
    assert fault(root) is None


BAD: list[tuple[dict[str, Any], str]] = [
    ({"type": "object"}, 'the object at the top needs "additionalProperties": false'),
    ({"properties": {}}, 'the object at the top needs "additionalProperties": false'),
    ({"type": "object", "additionalProperties": True}, "needs"),
    (obj(inner={"type": "object"}), "the object at inner needs"),
    (obj(a=obj(b={"type": "object"})), "the object at a.b needs"),
    (obj(a={"type": "array", "items": {"type": "object"}}), "the object at a.items needs"),
    (obj(a={"anyOf": [{"type": "null"}, {"type": "object"}]}), "the object at a.anyOf[1] needs"),
    (obj(n={"type": "integer", "minimum": 0}), "minimum at n is not supported"),
    (obj(n={"type": "integer", "maximum": 0}), "maximum at n"),
    (obj(n={"type": "integer", "multipleOf": 2}), "multipleOf at n"),
    (obj(s={"type": "string", "minLength": 1}), "minLength at s"),
    (obj(s={"type": "string", "maxLength": 1}), "maxLength at s"),
    (obj(a={"type": "array", "maxItems": 3}), "maxItems at a"),
    (obj(a={"type": "array", "minItems": 2}), "minItems at a can only be 0 or 1"),
    (obj(s={"type": "string", "format": "colour"}), "the format colour at s is not supported"),
    (obj(x={"enum": ["a", {"b": 1}]}), "enum at x holds tables or lists"),
    (obj(x={"const": [1]}), "const at x holds tables or lists"),
    (obj(x={"$ref": "https://example.com/x"}), "leads nowhere"),
    (obj(x={"$ref": "#/$defs/none"}), "leads nowhere"),
    (obj(x={"$ref": "#"}), "refers to itself at #"),
    (
        obj(x={"$ref": "#/$defs/a"})
        | {"$defs": {"a": obj(b={"$ref": "#/$defs/b"}), "b": obj(a={"$ref": "#/$defs/a"})}},
        "refers to itself",
    ),
    (obj(**{f"p{n}": {} for n in range(25)}) | {"required": []}, "25 optional"),
    (obj(**{f"p{n}": {"type": ["string", "null"]} for n in range(17)}), "17 union"),
]


@pytest.mark.parametrize(("root", "words"), BAD, ids=[words for _, words in BAD])
def test_a_schema_outside_the_subset_is_named_at_its_place(root: dict[str, Any], words: str) -> None:
    found = fault(root)
    assert found is not None
    assert words in found.text
    assert found.api.startswith("schema: ")


def test_a_shared_part_that_is_used_twice_is_no_recursion() -> None:
    leaf = {"$ref": "#/$defs/leaf"}
    assert fault(obj(a=leaf, b=leaf) | {"$defs": {"leaf": obj()}}) is None


@pytest.mark.parametrize(
    ("value", "api"),
    [
        ({"type": "object"}, "type: Input should be 'json_schema'"),
        ({}, "type: Input should be 'json_schema'"),
        ({"type": "json_schema"}, "schema: Field required"),
        ({"type": "json_schema", "schema": 3}, "schema: Field required"),
    ],
    ids=str,
)
def test_the_format_around_the_schema(value: dict[str, Any], api: str) -> None:
    found = schema.format_fault(Json.of(value))
    assert found is not None
    assert found.api == api


def test_many_parts_that_lead_to_each_other_are_gone_through_once() -> None:
    """A closure of them took a minute, on the screen's own thread."""
    parts = {f"a{at}": {"$ref": f"#/$defs/a{at + 1}"} for at in range(3000)}
    assert schema.schema_fault(obj() | {"$defs": {**parts, "a3000": {"type": "string"}}}) is None
    back = {**parts, "a3000": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/a1500"}]}}
    fault = schema.schema_fault(obj() | {"$defs": back})
    assert fault is not None
    assert "refers to itself at #/$defs/a" in fault.text
    same = {f"b{at}": {"$ref": f"#{at}/$defs"} for at in range(3)}
    fault = schema.schema_fault(obj() | {"$defs": same})
    assert fault is not None
    assert "leads nowhere" in fault.text, "that is no pointer"


def test_a_deep_schema_is_walked_without_recursion() -> None:
    root: dict[str, Any] = {"type": "string"}
    for _ in range(5000):
        root = {"type": "array", "items": root}
    assert schema.schema_fault(root) is None
