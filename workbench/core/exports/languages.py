"""The table of exports: one row a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core.exports import csharp, curl, go, java, json_text, php, python, ruby, typescript
from workbench.core.exports.call import Call


@dataclass(frozen=True, slots=True)
class Language:
    """One form that a request can be written in."""

    id: str
    """What `--as` takes."""
    label: str
    suffix: str
    """Of a file that holds it."""
    write: Callable[[Call], str]
    """Raises ExportError."""


LANGUAGES: Final[Mapping[str, Language]] = {
    row.id: row
    for row in (
        Language("python", "Python", ".py", python.write),
        Language("typescript", "TypeScript", ".ts", typescript.write),
        Language("java", "Java", ".java", java.write),
        Language("go", "Go", ".go", go.write),
        Language("ruby", "Ruby", ".rb", ruby.write),
        Language("csharp", "C#", ".cs", csharp.write),
        Language("php", "PHP", ".php", php.write),
        Language("curl", "curl", ".sh", curl.write),
        Language("json", "JSON", ".json", json_text.write),
    )
}
