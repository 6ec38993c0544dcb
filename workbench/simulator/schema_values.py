"""A value that fits a JSON schema: for structured output and for the input of tools."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, cast

from workbench.simulator import topic
from workbench.simulator.prose_words import ASPECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.simulator.chance import Chance
    from workbench.simulator.shape import Block

FORMATS: Final[Mapping[str, str]] = {
    "date-time": "2026-03-14T09:26:53Z",
    "date": "2026-03-14",
    "time": "09:26:53Z",
    "duration": "P3DT4H",
    "email": "someone@example.com",
    "hostname": "www.example.com",
    "uri": "https://example.com/path",
    "ipv4": "192.0.2.17",
    "ipv6": "2001:db8::17",
    "uuid": "3f2b6c1e-8d4a-4c57-9b0e-5a7d2c9e1f40",
}
DEEPEST: Final = 12
"""Levels at which a schema that refers to itself stops being followed."""
MOST: Final = 4000
"""Values, and characters of one, that are made: a schema can ask for more than there is room for."""


def fill(schema: Block, chance: Chance, prompt: str) -> object:
    """A value for the schema, with strings that come from the prompt where they may be anything."""
    about = topic.read(prompt)
    return Filler(
        schema, chance, [topic.bare(each) for each in (about.main, *about.others) if each] or list(ASPECTS)
    ).value(schema)


class Filler:
    def __init__(self, root: Block, chance: Chance, phrases: list[str]) -> None:
        self._root = root
        self._chance = chance
        self._phrases = phrases
        self._left = MOST

    def value(self, schema: object, name: str = "", depth: int = 0) -> object:
        if not isinstance(schema, dict):
            return self._chance.pick(self._phrases)  # `true`: anything at all
        self._left -= 1
        if self._left < 0:
            return None
        if "$ref" in schema and depth < DEEPEST:
            return self.value(self._target(str(schema["$ref"])), name, depth + 1)
        if "const" in schema:
            return schema["const"]
        if isinstance(choices := schema.get("enum"), list) and choices:
            return self._chance.pick(choices)
        for several in ("anyOf", "oneOf"):
            if isinstance(options := schema.get(several), list) and options:
                shallow = (
                    [each for each in options if not isinstance(each, dict) or "$ref" not in each] if depth > 3 else []
                )
                return self.value(cast("Block", self._chance.pick(shallow or options)), name, depth + 1)
        if isinstance(every := schema.get("allOf"), list) and every:
            merged: Block = {key: value for part in every for key, value in self._resolved(part).items()}
            return self.value({**merged, **{k: v for k, v in schema.items() if k != "allOf"}}, name, depth + 1)
        return self._typed(schema, name, depth)

    def _typed(self, schema: Block, name: str, depth: int) -> object:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((each for each in kind if each != "null"), "null")
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number":
                try:
                    return self._number(schema, whole=kind == "integer")
                except OverflowError:  # bounds beyond what a float holds
                    return 1
            case "boolean":
                return self._chance.pick((True, False))
            case "null":
                return None
            case _:
                return self._string(schema, name)

    def _object(self, schema: Block, depth: int) -> Block:
        """Required properties first, as the API orders them; the others as long as it is not too deep."""
        properties = cast("dict[str, Block]", schema.get("properties") or {})
        required = [each for each in cast("list[str]", schema.get("required") or []) if each in properties]
        others = [each for each in properties if each not in required] if depth < 4 else []
        return {each: self.value(properties[each], each, depth + 1) for each in (*required, *others)}

    def _array(self, schema: Block, name: str, depth: int) -> list[object]:
        least = _whole(schema.get("minItems"), 0)
        most = _whole(schema.get("maxItems"), max(least, 3))
        count = max(least, min(most, self._chance.between(1, 3) if depth < 4 else least))
        first = schema.get("prefixItems")
        made: list[object] = [self.value(each, name, depth + 1) for each in (first if isinstance(first, list) else ())]
        if (items := schema.get("items", {"type": "string"})) is False:
            return made
        for _ in range(count * (3 if schema.get("uniqueItems") else 1)):
            if self._left < 0:
                break
            value = self.value(items, name, depth + 1)
            if len(made) < count and not (schema.get("uniqueItems") and value in made):
                made.append(value)
        return made

    def _number(self, schema: Block, *, whole: bool) -> float:
        low = _bound(schema, "minimum", "exclusiveMinimum", 1)
        high = _bound(schema, "maximum", "exclusiveMaximum", -1)
        start = low if low is not None else min(1.0, high) if high is not None else 1.0
        end = high if high is not None else max(100.0, start + 100.0) if low is not None else 10.0
        step = schema.get("multipleOf")
        if isinstance(step, int | float) and step > 0:
            first = math.ceil(start / step)
            value = step * self._chance.between(first, max(first, math.floor(end / step)))
        elif whole:
            value = self._chance.between(math.ceil(start), max(math.ceil(start), math.floor(end)))
        else:
            value = round(start + (end - start) * self._chance.real(), 2)
        return int(value) if whole else min(max(value, start), max(start, end))

    def _string(self, schema: Block, name: str) -> str:
        if (format_ := str(schema.get("format", ""))) in FORMATS:
            return FORMATS[format_]
        phrase = (
            self._phrases[0] if name in {"query", "q", "topic", "title", "name"} else self._chance.pick(self._phrases)
        )
        least = min(_whole(schema.get("minLength"), 0), MOST)
        while len(phrase) < least:
            phrase += f" {self._chance.pick(ASPECTS)}"
        return phrase[: _whole(schema.get("maxLength"), len(phrase))]

    def _resolved(self, part: object) -> Block:
        schema = cast("Block", part) if isinstance(part, dict) else {}
        return self._target(str(schema["$ref"])) if "$ref" in schema else schema

    def _target(self, reference: str) -> Block:
        here: object = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            here = here.get(name) if isinstance(here, dict) and step else here
        return here if isinstance(here, dict) else {}


def _whole(value: object, usual: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else usual


def _bound(schema: Block, inside: str, outside: str, step: int) -> float | None:
    for name, shift in ((inside, 0), (outside, step)):
        value = schema.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value + shift
    return None
