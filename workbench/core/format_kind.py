"""The kind of the output format: a table that may also be given as the bare schema in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core.kinds import Json, JsonKind, Value

LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class FormatKind(JsonKind):
    """A bare JSON schema is taken for the schema of a format; what is shown and saved is what is sent.

    A `Json` is what was sent, or will be, and stays as it is.
    """

    def read(self, raw: object) -> Value:
        made = raw if isinstance(raw, Json | str) else _wrapped(raw)
        return super(FormatKind, self).read(made)

    def read_text(self, text: str) -> Value:
        made = Json.of(_wrapped(Json.parse(text).value))
        return super(FormatKind, self).read(Json.parse(made.text))  # one level more than was typed

    def shown(self, value: Value) -> str:
        """The schema's title, else the names of what is asked for."""
        from workbench.core.schema_changes import inside

        found = inside(value.value) if isinstance(value, Json) else None
        if not isinstance(found, Mapping):
            return super(FormatKind, self).shown(value)
        title, properties = found.get("title"), found.get("properties")
        names = ", ".join(properties) if isinstance(properties, Mapping) else ""
        text = title if isinstance(title, str) and title else names or str(found.get("type", "a schema"))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _wrapped(raw: object) -> object:
    from workbench.core.schema_changes import wrapped

    return wrapped(raw)
