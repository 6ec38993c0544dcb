"""A large body in parts, until the server answers before it has read it all (faults N15).

Sending on would end in a reset, and the answer would be lost with it.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Callable
from typing import Any, Final

LARGE_BODY: Final = 256 * 1024
PEEK_SECONDS: Final = 0.001
_core: Final = importlib.import_module("httpcore")  # what httpx is made of, and it goes on to read the answer ...
WRITE_ERROR: Final[type[Exception]] = _core.WriteError  # ... when sending the body raises this
READ_ERROR: Final[type[Exception]] = _core.ReadError
SILENCE: Final[type[Exception]] = _core.ReadTimeout


async def parts(body: bytes, stream: Callable[[], Any], *, secure: bool) -> AsyncGenerator[bytes, None]:
    """The parts in turn; `stream` gives the connection's, which there is once the first is asked for."""
    for at in range(0, len(body), LARGE_BODY):
        now = stream()
        if now is not None and now.get_extra_info("is_readable") and (not secure or await _answered(now)):
            raise WRITE_ERROR
        yield body[at : at + LARGE_BODY]


async def _answered(stream: Any) -> bool:
    """Whether what can be read is an answer: under TLS it may be a session ticket, so it is read, and put back."""
    read = stream.read
    try:
        early = await read(LARGE_BODY, PEEK_SECONDS)
    except SILENCE:
        return False
    except READ_ERROR:
        return True

    async def again(*_: object, **__: object) -> bytes:
        stream.read = read
        return bytes(early)

    stream.read = again
    return True
