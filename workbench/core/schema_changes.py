"""JSON schemas made otherwise: put into the form that the API takes, completed, and made harmless to check with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from workbench.core.schema import UNSUPPORTED
from workbench.core.schema_grammar import BY_NAME, LISTED, NESTED, TYPES

Wire = dict[str, Any]
Change = Callable[[str, Wire], Wire]

DEEPEST: Final = 100
"""Levels of a schema that are gone into; what is deeper stays as it is, and the API refuses it."""
FORMAT: Final = "json_schema"
MARKS: Final = ("$schema", "$ref", "$defs", "properties", "items", "anyOf", "allOf", "enum", "const")
"""Keywords by which a bare schema is known."""
LOOKED_UP: Final = ("$id", "$schema", "$anchor", "$dynamicAnchor", "$dynamicRef")
"""Keywords with which a schema could send its reader elsewhere."""
TEMPLATE: Final[Wire] = {
    "type": "object",
    "properties": {"answer": {"type": "string", "description": "…"}},
    "required": ["answer"],
    "additionalProperties": False,
}
"""What a schema is begun from."""


def wrapped(value: object) -> object:
    """A bare schema as `output_config.format` wants it; anything else as it is."""
    if not isinstance(value, Mapping) or value.get("type") == FORMAT:
        return value
    kind = value.get("type")
    typed = kind in TYPES if isinstance(kind, str) else isinstance(kind, list)
    bare = typed or ("schema" not in value and any(mark in value for mark in MARKS))
    return {"type": FORMAT, "schema": dict(value)} if bare else value


def inside(value: object) -> object:
    """The schema alone, as it is written; what isn't wrapped is it already."""
    wraps = isinstance(value, Mapping) and value.get("type") == FORMAT and "schema" in value
    return value["schema"] if wraps and isinstance(value, Mapping) else value


def completed(root: Wire) -> tuple[Wire, tuple[str, ...]]:
    """The schema with what the API insists on and a person forgets, and a sentence for each object that lacked it.

    Each object gets `additionalProperties: false`. One that says nothing of what it requires gets all of its
    properties required: to the API, what isn't is optional, and few may be. `nullable`, which JSON Schema doesn't
    know and the API passes over, becomes a type of its own.
    """
    notes: list[str] = []

    def change(place: str, part: Wire) -> Wire:
        if part.get("nullable") is True and isinstance(part.get("type"), str):
            notes.append(f"{place or 'the top'}: may be null")
            part = {key: value for key, value in part.items() if key != "nullable"} | {"type": [part["type"], "null"]}
        if part.get("type") != "object" and "properties" not in part:
            return part
        lacks: Wire = {}
        if "additionalProperties" not in part or part["additionalProperties"] is True:
            lacks["additionalProperties"] = False
        properties = part.get("properties")
        if "required" not in part and isinstance(properties, dict) and properties:
            lacks["required"] = list(properties)
        if lacks:
            more = [f"requires {', '.join(properties or ())}"] if "required" in lacks else []
            allows = ["allows no other property"] if "additionalProperties" in lacks else []
            notes.append(f"{place or 'the top'}: {' and '.join((*allows, *more))}")
        return {**part, **lacks}

    return rewritten(root, change), tuple(notes)


def supported(root: Wire) -> tuple[Wire, tuple[str, ...]]:
    """The schema without the keywords that the API refuses, each moved into its description, and what was moved."""
    notes: list[str] = []

    def change(place: str, part: Wire) -> Wire:
        moved: Wire = {key: part[key] for key in UNSUPPORTED if key in part}
        if part.get("minItems", 0) not in (0, 1):
            moved["minItems"] = part["minItems"]
        if not moved:
            return part
        words = ", ".join(f"{key} {value}" for key, value in moved.items())
        notes.append(f"{place or 'the top'}: {words} in the description only")
        told = " ".join(each for each in (str(part.get("description", "")).strip(), f"({words})") if each)
        return {**{key: value for key, value in part.items() if key not in moved}, "description": told}

    return rewritten(root, change), tuple(notes)


def harmless(root: Wire) -> Wire:
    """The schema without what would send its reader elsewhere, wherever that stands: a `$ref` may lead anywhere.

    Raises RecursionError for one that nobody could check with either.
    """
    made: Wire = _harmless(root)
    return made


def _harmless(part: Any) -> Any:
    if isinstance(part, list):
        return [_harmless(each) for each in part]
    if not isinstance(part, dict):
        return part
    gone = [key for key in LOOKED_UP if isinstance(part.get(key), str)]  # a property may be named so
    return {key: _harmless(value) for key, value in part.items() if key not in gone}


def rewritten(part: Wire, change: Change, place: str = "", depth: int = 0) -> Wire:
    """The schema with each schema in it changed, the outer ones first."""
    made = change(place, part)
    if depth >= DEEPEST:
        return made

    def go(value: object, where: str) -> object:
        inner = f"{place}.{where}".lstrip(".")
        return rewritten(value, change, inner, depth + 1) if isinstance(value, dict) else value

    for keyword in BY_NAME:
        if isinstance(named := made.get(keyword), dict):
            made = {**made, keyword: {name: go(child, name) for name, child in named.items()}}
    for keyword in LISTED:
        if isinstance(several := made.get(keyword), list):
            made = {**made, keyword: [go(child, f"{keyword}[{at}]") for at, child in enumerate(several)]}
    for keyword in NESTED:
        if isinstance(made.get(keyword), dict):
            made = {**made, keyword: go(made[keyword], keyword)}
    return made
