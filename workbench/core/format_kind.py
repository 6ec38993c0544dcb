"""The kind of the output format: a table that may also be given as the bare schema in it."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.kinds import Json, JsonKind
from workbench.core.schema_changes import wrapped


@dataclass(frozen=True, slots=True)
class FormatKind(JsonKind):
    """A bare JSON schema is taken for the schema of a format; what is shown and saved is what is sent."""

    def _checked(self, value: Json) -> Json:
        made = wrapped(value.value)
        return super(FormatKind, self)._checked(value if made == value.value else Json.of(made))
