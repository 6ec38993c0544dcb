"""What is known of each image and document in a turn: how large it is, how many tokens, what the API takes of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.core import attached, images
from workbench.core.estimate import is_newer, tokens_of, weight
from workbench.core.figures import grouped
from workbench.core.model import Model

UNKNOWN_IMAGE: Final = 1_600
"""Tokens of a picture that can't be seen from here, or whose head says no size."""
PDF_PAGE: Final = 1_600
"""Tokens of a page, its text and its picture, about."""
JPEG_HEAD: Final = 1 << 21
"""Bytes of a picture that are looked at where its first ones say no size."""


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment."""

    name: str
    kind: str
    """`image`, `pdf`, `text`, or `document` for one that can't be seen from here."""
    form: str = ""
    """`PNG`, `JPEG`, `GIF`, `WebP`; `url` or `file` for what lies elsewhere."""
    size: int | None = None
    """Bytes of the file."""
    sent: int = 0
    """Bytes in the request."""
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    weight: float = 0.0
    """Of a text, for its tokens."""
    locked: bool = False
    """Whether a password is needed."""

    def tokens(self, model: Model | None) -> int:
        """About how many."""
        new = model is None or model.new_tokenizer
        if self.kind == "text":
            return tokens_of((self.weight,), newer=is_newer(model))
        if self.kind == "image":
            known = self.width is not None and self.height is not None
            return images.tokens(self.width or 0, self.height or 0, new=new) if known else UNKNOWN_IMAGE
        return PDF_PAGE * (self.pages or 1)

    @property
    def elsewhere(self) -> bool:
        """Whether only the server sees it."""
        return self.form in {"url", "file"}

    @property
    def measure(self) -> str:
        """`1000×1000`, `12 pages`, `412 lines`; empty where it isn't known."""
        if self.width is not None:
            return f"{self.width}×{self.height}"
        if self.pages is not None:
            return "1 page" if self.pages == 1 else f"{grouped(self.pages)} pages"
        return ""

    def told(self, model: Model | None) -> str:
        """`1000×1000 · 48 kB · ≈ 1 296 tok`, as far as it is known."""
        size = "" if self.size is None else in_bytes(self.size)
        known = "" if self.elsewhere else f"≈ {grouped(self.tokens(model))} tok"
        where = {"url": "read by the API", "file": "with the API"}.get(self.form, "")
        return " · ".join(part for part in (self.measure, size, known, where) if part)


def in_bytes(number: int) -> str:
    """`812 B`, `48 kB`, `3.1 MB`."""
    if number < 1_000:
        return f"{number} B"
    return f"{number / 1e3:.0f} kB" if number < 999_500 else f"{number / 1e6:.1f} MB"


def of(value: object) -> tuple[Media, ...]:
    """Every attachment in a turn's content."""
    return tuple(_media(each) for each in attached.within(value))


def of_bytes(name: str, data: bytes, media_type: str) -> Media:
    """A picture, by its bytes."""
    found = images.size(data)
    width, height = found if found is not None else (None, None)
    form = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WebP"}.get(media_type, "")
    return Media(name, "image", form, len(data), encoded_size(len(data)), width, height)


def of_text(name: str, text: str, size: int | None = None) -> Media:
    """A text, by its words."""
    size = len(text.encode("utf-8", "surrogatepass")) if size is None else size
    return Media(name, "text", "text", size, size, weight=weight(text))


def encoded_size(size: int) -> int:
    """Characters of so many bytes in base64."""
    return (size + 2) // 3 * 4


def _media(block: Mapping[str, Any]) -> Media:
    source, name = block["source"], attached.name_of(block)
    image = block.get("type") == "image"
    match source:
        case {"type": "base64", "data": str(data)} if image:
            return _picture(name, data)
        case {"type": "base64", "data": str(data)}:
            size = len(data) // 4 * 3 - data[-2:].count("=")
            return Media(name, "pdf", "PDF", size, len(data), pages=images.pdf_pages(decoded(data)))
        case {"type": "text", "data": str(text)}:
            return of_text(name, text)
        case {"type": "content"}:  # its parts are attachments of their own, or text
            return Media(name, "text", "content", weight=sum(map(weight, _texts(source.get("content")))))
        case {"type": "url" | "file" as form}:
            return Media(name, "image" if image else "document", form)
    return Media(name, "image" if image else "document", "" if source.get("type") == attached.PATH else "url")


def _picture(name: str, data: str) -> Media:
    size = len(data) // 4 * 3 - data[-2:].count("=")
    for head in (images.HEAD, JPEG_HEAD):
        start = decoded(data[: head // 3 * 4])
        media_type = images.media_type(start)
        found = of_bytes(name, start, media_type or "")
        if found.width is not None or media_type != "image/jpeg":
            break
    return Media(name, "image", found.form, size, len(data), found.width, found.height)


def decoded(data: str) -> bytes:
    """The bytes of base64, none where it isn't any."""
    try:
        return base64.b64decode(data[: len(data) // 4 * 4], validate=False)
    except (binascii.Error, ValueError):
        return b""


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        yield from (
            str(each["text"]) for each in content if isinstance(each, dict) and isinstance(each.get("text"), str)
        )
