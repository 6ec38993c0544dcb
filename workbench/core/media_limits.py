"""What the API takes of images and documents, and what is said before more is sent (claude-api §1.6, §6.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from workbench.core import clouds
from workbench.core.accepts import Caution
from workbench.core.media import Media, in_bytes
from workbench.core.model import Model

KEY: Final = "attachments"
"""What these cautions speak of."""
SIDE: Final = 8_000
"""Pixels that a side of a picture may have."""
MANY: Final = 20
MANY_SIDE: Final = 2_000
"""Pixels where a request has more than so many pictures."""
KINDS: Final = {"image_input": ("image", "images"), "pdf_input": ("pdf", "PDFs")}
"""What a list of models may say that one doesn't take."""
SMALL_CONTEXT: Final = 200_000
MB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one kind of endpoint."""

    image: int = 10 * MB
    """Characters of a picture's base64."""
    body: int = 32 * MB
    """Bytes of a request."""
    elsewhere: bool = True
    """Whether addresses and file ids are taken."""


CLOUDS: Final = {
    "bedrock": Limits(5 * MB, 20 * MB, elsewhere=False),
    "vertex": Limits(5 * MB, 30 * MB, elsewhere=False),
    "google-cloud": Limits(body=30 * MB),
}
"""By an endpoint's kind; every other has the API's own."""


def limits_of(kind: str) -> Limits:
    return CLOUDS.get(kind, Limits())


def most_of(model: Model | None) -> int:
    """Pictures of a request, and pages of all its PDFs."""
    small = model is not None and model.context is not None and model.context <= SMALL_CONTEXT
    return 100 if small else 600


def cautions(media: Iterable[Media], model: Model | None, kind: str = "anthropic") -> tuple[Caution, ...]:
    """What would be refused, each thing once, naming the file."""
    found = tuple(media)
    return tuple(Caution(KEY, text) for text in dict.fromkeys(_sentences(found, model, kind))) if found else ()


def of_one(each: Media, kind: str = "anthropic") -> Iterator[str]:
    """What is wrong with one of them, whatever is beside it."""
    limits = limits_of(kind)
    if each.elsewhere and not limits.elsewhere:
        row = clouds.of(kind)
        whose = row.short if row is not None else kind
        yield f"{each.name}: {whose} takes no addresses and no file ids; attach the file itself."
    if each.kind == "image" and each.sent > limits.image:
        yield (
            f"{each.name} is {in_bytes(each.sent)} as it is sent, and {limits.image // MB} MB is the most for an "
            "image; make it smaller."
        )
    if max(each.width or 0, each.height or 0) > SIDE:
        yield f"{each.name} is {each.measure}, and {SIDE} pixels is the most for a side; make it smaller."
    if each.locked:
        yield f"{each.name} is locked with a password, and the API can't open it; save it without one."


def _sentences(media: tuple[Media, ...], model: Model | None, kind: str) -> Iterator[str]:
    pictures = [each for each in media if each.kind == "image"]
    large = [each for each in pictures if max(each.width or 0, each.height or 0) > MANY_SIDE]
    for each in media:
        yield from of_one(each, kind)
    if len(pictures) > MANY and large:
        yield (
            f"with {len(pictures)} images none may have a side over {MANY_SIDE} pixels, and {large[0].name} is "
            f"{large[0].measure}; send at most {MANY}, or smaller ones."
        )
    for feature, (kind_of, words) in KINDS.items():
        if model is not None and feature in model.lacks and any(each.kind == kind_of for each in media):
            yield f"{model.id} takes no {words}, says the list of the endpoint; choose another model."
    most, whose = most_of(model), model.id if model is not None else "the API"
    if len(pictures) > most:
        yield f"{len(pictures)} images, and {most} is the most that {whose} takes at once."
    pages = sum(each.pages or 0 for each in media)
    if pages > most:
        yield f"the PDFs have {pages} pages together, and {most} is the most that {whose} takes at once."
    total = sum(each.sent for each in media)
    if total > limits_of(kind).body:
        yield (
            f"the attachments are {in_bytes(total)} as they are sent, and {limits_of(kind).body // MB} MB is the most "
            "for a request; attach less."
        )
