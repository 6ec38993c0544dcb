"""The grammar of a JSON schema: that its keywords hold what they must, before anything reads it."""

from __future__ import annotations

from typing import Final

from workbench.simulator.errors import invalid
from workbench.simulator.shape import boolean, list_of, map_of, number, string, struct, text_or

MOST: Final = 1e15


def schema(value: object, place: str) -> None:
    """A schema inside another: an object, or true or false. Raises ApiError 400."""
    if not isinstance(value, bool):
        KEYWORDS(value, place)


def _choices(value: object, place: str) -> None:
    if not isinstance(value, list) or not value:
        raise invalid(f"{place}: JSON schema is invalid: enum must be a non-empty array")


def _some(value: object, place: str) -> None:
    list_of(schema)(value, place)
    if not value:
        raise invalid(f"{place}: JSON schema is invalid: [] should be non-empty")


NUMBER: Final = number(-MOST, MOST)
KEYWORDS: Final = struct(
    {},
    {
        "type": text_or(list_of(string)),
        "$ref": string,
        "enum": _choices,
        "properties": map_of(schema),
        "required": list_of(string),
        "items": schema,
        "anyOf": _some,
        "oneOf": _some,
        "allOf": _some,
        "$defs": map_of(schema),
        "definitions": map_of(schema),
        "format": string,
        "uniqueItems": boolean,
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), NUMBER),
        **dict.fromkeys(("minItems", "maxItems", "minLength", "maxLength"), number(0, 10_000)),
    },
    extra=True,
)
