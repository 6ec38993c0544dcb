"""Images and documents as content blocks: named by a path, an address or a file id, and read when they are sent."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from workbench.core.kinds import Json

Block: TypeAlias = "dict[str, Any]"
KINDS: Final = ("image", "document")
"""The types of blocks that are attachments."""
PATH: Final = "path"
"""The type of a source that is read when it is sent; the API never sees it."""
IMAGE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
FILE_ID: Final = re.compile(r"file_[A-Za-z0-9_-]+")
"""What the Files API calls a file that was uploaded."""
ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
PASTED: Final = "pasted"
"""The title of a document that was pasted."""


class AttachError(ValueError):
    """What can't be attached so; the text is a sentence that says what would be right."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a request was made with."""

    path: str
    """Where it really lies, links followed."""
    named: str
    """As the session says."""
    sha256: str
    recorded: str = ""
    """The SHA-256 that the session has of it, from when it was first sent."""
    outside: bool = False
    """Whether it lies where the session's folder doesn't vouch for it."""
    agreed: bool = False
    """Whether a person chose this file, or said yes to it."""

    @property
    def changed(self) -> bool:
        """Whether it is another file than was sent before, and nobody said yes to that."""
        return bool(self.recorded) and self.recorded != self.sha256 and not self.agreed

    @property
    def strange(self) -> bool:
        """Whether it is to be asked about: nobody chose it, and the session can't have known what is in it."""
        return self.outside and not self.agreed and self.recorded != self.sha256


def block(reference: str) -> Block:
    """The block that a path, `https://…` or `file_…` stands for. Raises AttachError.

    What is at an address or behind an id can't be seen: `image:` before it says that it is an image.
    """
    if any("\ud800" <= character <= "\udfff" for character in reference):
        raise AttachError("its name is not UTF-8 text, which no session can hold: rename the file first")
    kind, colon, rest = reference.partition(":")
    if kind in KINDS and colon and (FILE_ID.fullmatch(rest) or ADDRESS.fullmatch(rest)):
        return _elsewhere(kind, rest)
    if not reference.strip() or "\0" in reference:
        raise AttachError(f"{reference!r} names no file: give a path, https://… or file_…")
    if FILE_ID.fullmatch(reference):
        return _elsewhere("document", reference)
    if ADDRESS.fullmatch(reference):
        return _elsewhere(_kind(reference.partition("?")[0].partition("#")[0]), reference)
    return of_path(_kind(reference), reference)


def _kind(path: str) -> str:
    return "image" if posixpath.splitext(path)[1].lower() in IMAGE_SUFFIXES else "document"


def of_path(kind: str, path: str) -> Block:
    """A file by its path; a document is called by its name, which the model sees."""
    titled = {"title": posixpath.basename(path)} if kind == "document" else {}
    return {"type": kind, "source": {"type": PATH, "path": path}, **titled}


def of_text(text: str, title: str = PASTED) -> Block:
    """A text as a document, to the character."""
    return {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": text}, "title": title}


def _elsewhere(kind: str, rest: str) -> Block:
    if FILE_ID.fullmatch(rest):
        return {"type": kind, "source": {"type": "file", "file_id": rest}}
    return {"type": kind, "source": {"type": "url", "url": rest}}


def short(value: Mapping[str, Any]) -> str | None:
    """The reference that makes this very block, where there is one: what a person would write."""
    source = value.get("source")
    if not isinstance(source, Mapping):
        return None
    found = next((source[key] for key in ("path", "url", "file_id") if isinstance(source.get(key), str)), None)
    for reference in (found, f"{value.get('type')}:{found}") if found else ():
        try:
            if block(reference) == value:
                return reference
        except AttachError:
            return None
    return None


def is_attachment(value: Mapping[str, Any]) -> bool:
    return value.get("type") in KINDS and isinstance(value.get("source"), Mapping)


def name_of(value: Mapping[str, Any]) -> str:
    """What a person calls it: the file's name, the address, the id, the title."""
    source = value.get("source")
    source = source if isinstance(source, Mapping) else {}
    if isinstance(path := source.get("path"), str):
        return posixpath.basename(path) or path
    if isinstance(title := value.get("title"), str) and title:
        return title
    return str(source.get("url") or source.get("file_id") or value.get("type"))


def content(text: str, attachments: Sequence[Json]) -> str | Json:
    """A turn of the user: the attachments, then the text, which is how the API reads them best."""
    if not attachments:
        return text
    said = [{"type": "text", "text": text}] if text else []
    return Json.of([*(each.value for each in attachments), *said])


def text_of(said: str | Json) -> str:
    """All text blocks of what is said, joined."""
    if isinstance(said, str):
        return said
    blocks = said.value if isinstance(said.value, list) else []
    return "".join(each["text"] for each in blocks if isinstance(each, dict) and _is_text(each))


def _is_text(each: Mapping[str, Any]) -> bool:
    return each.get("type") == "text" and isinstance(each.get("text"), str)


def attachments_of(said: str | Json) -> tuple[Json, ...]:
    """The blocks of a turn that are attachments."""
    if isinstance(said, str) or not isinstance(said.value, list):
        return ()
    return tuple(Json.of(each) for each in said.value if isinstance(each, dict) and is_attachment(each))


def within(value: object) -> Iterator[Block]:
    """Every attachment in a body or a part of one, those in the results of tools too."""
    if isinstance(value, dict):
        if is_attachment(value):
            yield value
        for key in ("content", "source"):
            yield from within(value.get(key))
    elif isinstance(value, list):
        for each in value:
            yield from within(each)


def paths(value: object) -> Iterator[Block]:
    """Every source in it that is a path."""
    for each in within(value):
        if each["source"].get("type") == PATH and isinstance(each["source"].get("path"), str):
            yield each["source"]


def replaced(value: object, change: Callable[[Block], Block]) -> object:
    """The same with each attachment changed; a part in which nothing changes is the same object."""
    if isinstance(value, dict):
        made = change(value) if is_attachment(value) else value
        for key in ("content", "source"):
            inner = replaced(made.get(key), change)
            if inner is not made.get(key):
                made = {**made, key: inner}
        return made
    if isinstance(value, list):
        items = [replaced(each, change) for each in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
