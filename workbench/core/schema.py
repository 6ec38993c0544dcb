"""The part of JSON Schema that structured outputs understand: what a schema must have and must not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from workbench.core.kinds import Json
from workbench.core.schema_grammar import Fault, grammar_fault, inside

TOO_COMPLEX: Final = "Schema is too complex for compilation."
MOST_OPTIONAL: Final = 24
MOST_UNIONS: Final = 16
UNSUPPORTED: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "maxItems", "uniqueItems", "minContains", "maxContains"),
)
FORMATS: Final = (*("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"),)


@lru_cache(maxsize=64)
def format_fault(held: Json) -> Fault | None:
    """The first thing wrong with an `output_config.format`, if any."""
    value = held.value
    if not isinstance(value, Mapping) or value.get("type") != "json_schema":
        return Fault(
            'output_format must be {"type": "json_schema", "schema": {…}}', "type: Input should be 'json_schema'"
        )
    found = value.get("schema")
    if not isinstance(found, Mapping):
        return Fault('output_format has no "schema": put the JSON schema there', "schema: Field required")
    fault = schema_fault(found)
    return None if fault is None else Fault(f"output_format: {fault.text}", f"schema: {fault.api}")


def schema_fault(root: Mapping[str, object]) -> Fault | None:
    """The first part of a schema that the API would refuse."""
    if (fault := grammar_fault(root)) is not None:
        return fault
    optional = unions = 0
    for place, part in _parts(root):
        fault = _part_fault(place, part, root)
        if fault is not None:
            return fault
        optional += _optional(part)
        unions += "anyOf" in part or isinstance(part.get("type"), list)
    if optional > MOST_OPTIONAL or unions > MOST_UNIONS:
        return Fault(
            f"the schema has {optional} optional and {unions} union properties; "
            f"{MOST_OPTIONAL} and {MOST_UNIONS} are the most",
            TOO_COMPLEX,
        )
    looping = _recursive(root)
    if looping is not None:
        return Fault(
            f"the schema refers to itself at {looping}; recursion is not supported",
            f"Recursive reference '{looping}' is not supported",
        )
    return None


def _part_fault(place: str, part: Mapping[str, object], root: Mapping[str, object]) -> Fault | None:
    kind = part.get("type")
    if (kind == "object" or "properties" in part) and part.get("additionalProperties") is not False:
        return Fault(
            f'the object at {place} needs "additionalProperties": false',
            "For 'object' type, 'additionalProperties' must be explicitly set to false",
        )
    for keyword in UNSUPPORTED:
        if keyword in part:
            return Fault(
                f"{keyword} at {place} is not supported; say it in the description",
                f"For '{kind}' type, property '{keyword}' is not supported",
            )
    if part.get("minItems", 0) not in (0, 1):
        return Fault(
            f"minItems at {place} can only be 0 or 1",
            "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
        )
    if isinstance(part.get("format"), str) and part["format"] not in FORMATS:
        return Fault(
            f"the format {part['format']} at {place} is not supported; there are {', '.join(FORMATS)}",
            f"For 'string' type, 'format' value '{part['format']}' is not supported",
        )
    for keyword in ("enum", "const"):
        if any(isinstance(value, dict | list) for value in _constants(part, keyword)):
            return Fault(
                f"{keyword} at {place} holds tables or lists; only text, numbers, true, false and null may stand there",
                f"For '{keyword}', complex values are not supported",
            )
    ref = part.get("$ref")
    if isinstance(ref, str) and _target(ref, root) is None:
        return Fault(
            f"$ref {ref} at {place} leads nowhere in this schema",
            f"External or unresolvable '$ref' '{ref}' is not supported",
        )
    return None


def _constants(part: Mapping[str, object], keyword: str) -> list[object]:
    """What a value may be, by `enum` or `const`."""
    if keyword not in part:
        return []
    held = part[keyword]
    return held if keyword == "enum" and isinstance(held, list) else [held] if keyword == "const" else []


def _parts(root: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every schema inside a schema with its place, without recursion: a pasted one can be deep."""
    waiting: list[tuple[str, object]] = [("", root)]
    while waiting:
        place, part = waiting.pop()
        if not isinstance(part, Mapping):
            continue
        yield place or "the top", part
        waiting.extend(reversed(list(inside(place, part))))


def resolves(root: Mapping[str, object]) -> bool:
    """Whether every `$ref` leads somewhere in the schema itself."""
    return all(_target(ref, root) is not None for ref in _refs(root))


def _optional(part: Mapping[str, object]) -> int:
    properties, required = part.get("properties"), part.get("required")
    if not isinstance(properties, Mapping):
        return 0
    needed = required if isinstance(required, list) else []
    return sum(name not in needed for name in properties)


def _target(ref: str, root: Mapping[str, object]) -> Mapping[str, object] | None:
    """What a local `$ref` points at; None for an external or a dangling one."""
    if ref != "#" and not ref.startswith("#/"):
        return None
    here: object = root
    for step in ref[1:].split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        here = here.get(name) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else None


def _recursive(root: Mapping[str, object]) -> str | None:
    """A `$ref` from which one gets back to it, if there is any; each part of the schema is gone through once."""
    inside: dict[int, list[str]] = {}
    done: dict[str, bool] = {}
    """False for those on the way from the first to the one that is looked at."""
    waiting = list(_refs(root))
    while waiting:
        ref = waiting[-1]
        if ref in done:
            done[waiting.pop()] = True
            continue
        done[ref] = False
        target = _target(ref, root)
        if target is None:
            continue
        if id(target) not in inside:
            inside[id(target)] = list(_refs(target))
        for further in inside[id(target)]:
            if done.get(further) is False:
                return further
            if further not in done:
                waiting.append(further)
    return None


def _refs(part: Mapping[str, object]) -> Iterator[str]:
    return (ref for _, each in _parts(part) if isinstance(ref := each.get("$ref"), str))
