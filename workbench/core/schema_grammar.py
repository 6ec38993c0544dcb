"""Whether a JSON schema is one: that each keyword holds what JSON Schema, draft 2020-12, says that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

TYPES: Final = ("object", "array", "string", "integer", "number", "boolean", "null")
BY_NAME: Final = ("properties", "$defs", "definitions", "patternProperties")
"""Keywords whose table holds a schema under each name."""
LISTED: Final = ("anyOf", "allOf", "oneOf", "prefixItems")
NESTED: Final = ("items", "additionalProperties", "not", "contains", "if", "then", "else")
INVALID: Final = "JSON schema is invalid. It must match JSON Schema draft 2020-12"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, in a person's words and in the API's."""

    text: str
    api: str


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 and value == value // 1


def _words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value) and len({*value}) == len(value)


def _types(value: object) -> bool:
    named = value if isinstance(value, list) else [value]
    return bool(named) and _words(named) and all(each in TYPES for each in named)


def _several(value: object) -> bool:
    return isinstance(value, list) and bool(value)


HOLDS: Final[tuple[tuple[tuple[str, ...], Callable[[object], bool], str], ...]] = (
    (("type",), _types, f"one of {', '.join(TYPES)}, or a list of some"),
    (BY_NAME, lambda value: isinstance(value, Mapping), "a table of schemas by their names"),
    (LISTED, _several, "a list of schemas, not an empty one"),
    (("required",), _words, "a list of names, each once"),
    (("enum",), _several, "a list of values, not an empty one"),
    (("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _number, "a number"),
    (("multipleOf",), lambda value: _number(value) and value > 0, "a number above 0"),  # type: ignore[operator]
    (("minLength", "maxLength", "minItems", "maxItems"), _count, "a whole number, 0 or more"),
    (("uniqueItems",), lambda value: isinstance(value, bool), "true or false"),
    (("$ref", "format", "pattern", "title", "description"), lambda value: isinstance(value, str), "text"),
)
"""Keywords, what may stand there, and that in words."""


def grammar_fault(root: Mapping[str, object]) -> Fault | None:
    """The first keyword that holds something else, without recursion: a pasted schema can be deep."""
    waiting: list[tuple[str, object]] = [("", root)]
    while waiting:
        place, part = waiting.pop()
        where = place or "the top"
        if isinstance(part, bool):
            continue
        if not isinstance(part, Mapping):
            return Fault(f"{where} must be a schema, which is a table", INVALID)
        for keywords, holds, words in HOLDS:
            for keyword in keywords:
                if keyword in part and not holds(part[keyword]):
                    return Fault(f"{keyword} at {where} must be {words}", INVALID)
        waiting.extend(reversed(list(inside(place, part))))
    return None


def inside(place: str, part: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Each that must be a schema, with its place."""
    for keyword in BY_NAME:
        named = part.get(keyword)
        if isinstance(named, Mapping):
            yield from ((f"{place}.{name}".lstrip("."), child) for name, child in named.items())
    for keyword in LISTED:
        several = part.get(keyword)
        if isinstance(several, list):
            yield from ((f"{place}.{keyword}[{n}]".lstrip("."), child) for n, child in enumerate(several))
    for keyword in NESTED:
        if keyword in part:
            yield f"{place}.{keyword}".lstrip("."), part[keyword]
