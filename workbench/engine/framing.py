"""The body of an answer as server-sent events, whatever it was framed in."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from workbench.core import errors
from workbench.core.eventstream import CONTENT_TYPE, BrokenFrameError, Unframer
from workbench.engine.failures import Broken
from workbench.engine.source import Answer


def framed(answer: Answer) -> bool:
    """Whether its events come in AWS's frames."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower() == CONTENT_TYPE


def pieces_of(answer: Answer) -> AsyncGenerator[bytes, None]:
    """The pieces as they come, or the events in them; a piece that completes no frame is none. Raises Broken."""
    return _unframed(answer) if framed(answer) else answer.pieces()


async def _unframed(answer: Answer) -> AsyncGenerator[bytes, None]:
    unframer = Unframer()
    try:
        async with aclosing(answer.pieces()) as pieces:
            async for piece in pieces:
                if made := unframer.feed(piece):
                    yield made
    except BrokenFrameError as error:
        if error.before:
            yield error.before
        raise Broken(errors.malformed("frame", str(error)), "body", nonsense=True) from None
    except Broken:
        if rest := unframer.rest():
            yield rest
        raise
    if rest := unframer.rest():
        yield rest
