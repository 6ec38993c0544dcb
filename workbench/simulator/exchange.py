"""One request and its response, free of sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived, byte for byte; also what `Simulator.received` keeps for tests."""

    method: str
    target: str
    """The path with its query, as sent."""
    headers: dict[str, str]
    """Names in lower case; repeated fields joined by a comma."""
    body: bytes = b""
    too_large: bool = False
    """Whether the body went past the limit, and was thrown away."""

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(urlsplit(self.target).query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return values

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(slots=True)
class Response:
    """A head, and a body that is bytes or comes piece by piece."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | AsyncIterator[bytes] = b""
    close: bool = False
    """Whether the connection ends with this response."""
    length: int | None = None
    """The length promised for a body in pieces; without one it is chunked."""


class Cut(Exception):  # noqa: N818 - a way to end, not an error of ours
    """Raised by a body to drop the connection without finishing the response."""


class Silence(Exception):  # noqa: N818 - a way to end, not an error of ours
    """Raised by a body to say nothing more while keeping the connection open."""
