"""Attachments as a session file has them: in the content of a message, or in short beside its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from workbench.core import attached, strict_json
from workbench.core.kinds import Json, KindError

KEY: Final = "attachments"
ABOUT: Final = ("title", "context", "citations")
"""What may be said of a document beside its path."""
DEEPEST: Final = strict_json.MAX_DEPTH + 2
"""Levels of content: a call's input may have all that are taken of a server, in its block, in the list."""
PLAIN: Final = "content must be a list of content blocks; plain text goes in text"


def rows(blocks: Sequence[Json]) -> list[object]:
    """A list of references where they say it all, else of blocks."""
    return [attached.short(_table(each.value)) or each.plain for each in blocks]


def read(raw: object) -> tuple[Json, ...]:
    """The blocks of such a list. Raises AttachError, which completes a sentence that names the place."""
    if not isinstance(raw, list):
        raise attached.AttachError(f'{KEY} must be a list, like ["cat.png", "report.pdf"]')
    return tuple(Json.of(_block(each)) for each in raw)


def content(role: str, row: dict[str, Any]) -> str | Json:
    """What a message says, taken out of its row. Raises AttachError."""
    said = _said(row)
    if KEY not in row:
        return said
    if role != "user":
        raise attached.AttachError(f"{KEY} belong to what the user says, not to role {role!r}")
    blocks = read(row.pop(KEY))
    if isinstance(said, str):
        return attached.content(said, blocks)
    return Json.of([*(each.value for each in blocks), *_listed(said.value)])


def _said(row: dict[str, Any]) -> str | Json:
    if "content" not in row:
        text = row.pop("text", "")
        if not isinstance(text, str):
            raise attached.AttachError(f"text must be text in quotes, not {text!r:.60}")
        return text
    raw = row.pop("content")
    try:
        made = Json.parse(raw, DEEPEST) if isinstance(raw, str) else Json.of(raw)
    except KindError as error:
        plain = isinstance(raw, str) and not raw.lstrip().startswith(("[", "{"))
        raise attached.AttachError(PLAIN if plain else f"content {error}") from error
    if not isinstance(made.value, list) or not all(isinstance(block, dict) for block in made.value):
        raise attached.AttachError(PLAIN)
    check(made.value)
    return made


def check(blocks: object) -> None:
    """Whether every path in them is one. Raises AttachError."""
    for each in attached.within(blocks):
        _check(each["source"])


def _check(source: dict[str, Any]) -> None:
    if source.get("type") != attached.PATH:
        return
    if not isinstance(source.get("path"), str) or not source["path"]:
        raise attached.AttachError('a source of type "path" needs a path, like { type = "path", path = "cat.png" }')
    if not isinstance(source.get("sha256", ""), str):
        raise attached.AttachError(f"sha256 of {source['path']} must be text in quotes")


def _block(raw: object) -> attached.Block:
    if isinstance(raw, str):
        return attached.block(raw)
    table = _table(raw)
    if set(table) <= {"path", "sha256", *ABOUT} and isinstance(table.get("path"), str):
        made = attached.block(table["path"])
        if made["source"].get("type") == attached.PATH:
            source = {**made["source"], **{key: table[key] for key in ("sha256",) if key in table}}
            return {**made, **{key: table[key] for key in ABOUT if key in table}, "source": source}
    if not attached.is_attachment(table):
        raise attached.AttachError(
            f"each of {KEY} is a path, an address, a file id or a content block, not {raw!r:.60}"
        )
    _check(table["source"])
    return table


def _table(raw: object) -> dict[str, Any]:
    return dict(raw) if isinstance(raw, dict) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
