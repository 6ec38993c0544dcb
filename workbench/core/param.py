"""One row of the table of parameters: what it is called, what it takes, and where it stands in the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from workbench.core.kinds import Choice, Json, JsonKind, Kind, KindError, Text, Value

LAST: Final = "[-1]"
"""Behind a name of a path: the last of the list there; a text stands for a list of one text block."""


class ParamError(ValueError):
    """A parameter that can't be set so; the text is a sentence that names the key and the remedy."""


@dataclass(frozen=True, slots=True)
class Param:
    """What one parameter is, wherever it shows."""

    key: str
    """Its name in files, on the command line and in the code."""
    label: str
    kind: Kind
    help: str
    path: tuple[str, ...]
    """Where the value stands in the request body; empty for what goes in a header."""
    group: str
    wire: Mapping[str, object] | None = None
    """Values that go on the wire as something else."""

    @property
    def told(self) -> str:
        """The sentence of help as a terminal shows it: what documents set as code stands in it like any word."""
        return self.help.replace("`", "")

    def on_wire(self, value: Value) -> object:
        said = value.value if isinstance(value, Json) else value
        if self.wire is not None and isinstance(said, str):
            return self.wire[said]
        return list(said) if isinstance(said, tuple) else said

    def plain(self, value: Value) -> object:
        """The value as TOML can say it."""
        if isinstance(value, Json):
            said = isinstance(self.kind, JsonKind) and value.value in self.kind.words
            return value.value if said else value.plain
        return list(value) if isinstance(value, tuple) else value

    def read(self, raw: object) -> Value:
        """A value from a TOML file or from JSON. Raises ParamError."""
        return self._reading(self.kind.read, raw)

    def read_text(self, text: str) -> Value:
        """A value that a person typed into the row. Raises ParamError."""
        return self._reading(self.kind.read_text, text)

    def read_setting(self, text: str) -> Value:
        """The right side of `--set KEY=VALUE`: a TOML value, else plain text. Raises ParamError."""
        import tomllib

        try:
            # Inside a list, because a comment after the value would be dropped otherwise.
            parsed = tomllib.loads(f"value = [{text}]")
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            return self.read_text(text)
        if list(parsed) != ["value"] or len(parsed["value"]) != 1:
            return self.read_text(text)
        (value,) = parsed["value"]
        # A date is a word here, and so is a number: the API's versions are dates.
        is_words = isinstance(self.kind, Text | Choice) and not isinstance(value, str)
        return self.read_text(text) if is_words else self.read(value)

    def _reading(self, read: Any, raw: object) -> Value:
        try:
            return cast(Value, read(raw))
        except KindError as error:
            raise ParamError(f"{self.key} {error}") from error


def param(
    label: str, kind: Kind, help_: str, *, path: str | None = None, group: str = "sampling", wire: Any = None
) -> Any:
    """One field of `Params`: the table row rides in the dataclass field's metadata."""
    row = {"label": label, "kind": kind, "help": help_, "path": path, "group": group, "wire": wire}
    return field(default=None, metadata=row)
