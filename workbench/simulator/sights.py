"""Images and documents of a request: refused as the API refuses them, and mentioned in the answer."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final, cast

from workbench.core import attached, images, media, media_limits
from workbench.simulator.errors import ApiError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbench.core.media import Media
    from workbench.core.model import Model
    from workbench.simulator.ask import Ask, Turn
    from workbench.simulator.shape import Block

FILE_ID: Final = re.compile(r"file_[A-Za-z0-9]{3,}")
ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*")


def check(body: Mapping[str, object], model: Model) -> None:
    """Raises ApiError at the first that the API would not take."""
    seen: list[tuple[str, Media]] = []
    structured = cast("Block", body.get("output_config") or {}).get("format") is not None
    for at, message in enumerate(cast("list[Block]", body["messages"])):
        content = message["content"]
        for number, block in enumerate(content if isinstance(content, list) else ()):
            place = f"messages.{at}.content.{number}"
            for each in attached.within(block):
                _source(each, place)
                if structured and cast("Block", each.get("citations") or {}).get("enabled") is True:
                    raise invalid(f"{place}.{each['type']}.citations: not supported with output_config.format")
                seen += [(place, found) for found in media.of([each]) if found.kind != "text"]
    _sizes(seen, model)


def _source(block: Block, place: str) -> None:
    source = cast("Block", block["source"])
    kind = f"{place}.{block['type']}.source"
    match source:
        case {"type": "base64", "data": str(data), "media_type": media_type}:
            try:
                whole = base64.b64decode(data, validate=True)
            except (binascii.Error, ValueError):
                raise invalid(f"{kind}.base64.data: Invalid base64 data") from None
            _bytes(whole, str(media_type), kind)
        case {"type": "url", "url": str(url)} if not ADDRESS.fullmatch(url):
            raise invalid(f"{kind}.url.url: Only HTTP and HTTPS URLs are supported.")
        case {"type": "file", "file_id": str(name)} if not FILE_ID.fullmatch(name):
            raise ApiError(404, f"File not found: {name}")
        case {"type": "text", "data": ""}:
            raise invalid(f"{kind}.text.data: document text must be non-empty")
        case _:
            pass


def _bytes(data: bytes, media_type: str, kind: str) -> None:
    found = images.media_type(data)
    if media_type == "application/pdf":
        if not data.startswith(b"%PDF-"):
            raise invalid("The PDF specified was not valid.")
        if b"/Encrypt" in data[-4096:]:
            raise invalid("The PDF specified is password protected.")
    elif found is None or images.size(data) is None:
        raise invalid("Could not process image")
    elif found != media_type:
        raise invalid(
            f"{kind}.base64.data: The image was specified using the {media_type} media type, but the image appears to "
            f"be a {found} image"
        )


def _sizes(seen: Sequence[tuple[str, Media]], model: Model) -> None:
    limits = media_limits.limits_of("anthropic")
    pictures = [(place, each) for place, each in seen if each.kind == "image"]
    many = len(pictures) > media_limits.MANY
    side = media_limits.MANY_SIDE if many else media_limits.SIDE
    large = [place for place, each in pictures if max(each.width or 0, each.height or 0) > side]
    if large:
        which = "many-image requests" if many else "max allowed size"
        raise ApiError(
            400,
            f"{large[0]}.image.source.base64.data: At least one of the image dimensions exceed {which}: {side} pixels",
            details={"error_code": "image_dimensions_too_large", "max_side_length_pixels": side, "paths": large},
        )
    for place, each in pictures:
        if each.sent > limits.image:
            raise invalid(
                f"{place}.image.source.base64: image exceeds {limits.image // media_limits.MB} MB maximum: "
                f"{each.sent} bytes > {limits.image} bytes"
            )
    most = media_limits.most_of(model)
    if len(pictures) > most:
        raise invalid(f"messages: Too many images: {len(pictures)} > {most}")
    pages = sum(each.pages or 0 for _, each in seen)
    if pages > most:
        raise invalid(f"messages: A maximum of {most} PDF pages may be provided.")


def told(turn: Turn) -> str:
    """What the newest turn shows, in a paragraph of its own; empty where it shows nothing."""
    return " ".join(_told(turn))


def _told(turn: Turn) -> Iterator[str]:
    blocks = [block for block in turn.blocks if attached.is_attachment(block)]
    for block, each in zip(blocks, media.of(blocks), strict=False):
        match each.kind:
            case "image" if each.width is not None:
                yield f"The image is {each.width} × {each.height} pixels, a {each.form}."
            case "pdf":
                yield f"The PDF has {each.measure}."
            case "text":
                yield _begins(block)
            case _:
                yield f"The {block['type']} lies elsewhere, and I can't look at it from here."


def cited(ask: Ask) -> Iterator[tuple[str, Block]]:
    """Each sentence of the answer that quotes a document which is to be cited, with its citation."""
    documents = [block for turn in ask.turns for block in turn.blocks if block["type"] == "document"]
    for number, block in enumerate(documents):
        source = cast("Block", block["source"])
        wanted = cast("Block", block.get("citations") or {}).get("enabled") is True
        if not wanted or source.get("type") != "text" or not any(block is each for each in ask.last.blocks):
            continue
        text = str(source["data"])
        start = len(text) - len(text.lstrip())
        end = start + len(" ".join(text[start:].split(" ", 8)[:8]).rstrip())
        yield (
            _begins(block),
            {
                "type": "char_location",
                "cited_text": text[start:end],
                "document_index": number,
                "document_title": block.get("title"),
                "start_char_index": start,
                "end_char_index": end,
                "file_id": None,
            },
        )


def _begins(block: Block) -> str:
    data = cast("Block", block["source"]).get("data", "")
    return f"The document{_called(block)} begins with “{_opening(str(data))}”."


def _called(block: Block) -> str:
    title = block.get("title")
    return f" {title}" if isinstance(title, str) and title else ""


def _opening(text: str) -> str:
    words = text.split(maxsplit=9)[:8]
    return " ".join(words)
