"""What the runner asks of a place that answers come from: the network, or a recording in its stead."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Protocol


class Answer(Protocol):
    """A response whose head has come."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case."""

    @property
    def ended(self) -> bool:
        """The body came to its proper end, so that the connection can be used again."""

    def pieces(self, most: int = ...) -> AsyncGenerator[bytes, None]:
        """The body as it arrives, unpacked, up to `most` bytes of it. Raises Broken."""

    async def whole(self, limit: int) -> bytes:
        """The body up to `limit`; what a broken connection held back is missing."""

    async def drain(self) -> None:
        """Read the end of a body whose last event has come, if it comes at once."""


class Connection(Protocol):
    """What one request at a time goes over."""

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, on_sending: Callable[[], None]
    ) -> Answer:
        """The response head; `on_sending` is called when the request begins to go out. Raises Broken."""

    async def release(self, *, clean: bool) -> None:
        """Keep it for a later request, or close it where its last answer was not read to its end."""


class Source(Protocol):
    """Where connections come from."""

    async def take(self, url: str) -> Connection:
        """Raises Broken."""

    async def warm(self, *, secure: bool) -> None:
        """Load what the first connection needs; it takes a thread, not the loop."""

    async def aclose(self) -> None: ...
