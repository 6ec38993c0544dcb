"""What a cloud puts in front of the API: its own proof of who asks, its own addresses, its own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from workbench.simulator.errors import ApiError, invalid
from workbench.simulator.exchange import Request, Response

if TYPE_CHECKING:
    from workbench.simulator.service import Service

UNREPORTED: Final = ("anthropic-ratelimit-", "anthropic-fast-")
"""How the headers begin that clouds don't pass on."""


@dataclass(frozen=True, slots=True)
class Front:
    """One cloud; each of its parts raises ApiError for what it refuses."""

    proves: Callable[[Request, Service], None]
    """Looks at who asks."""
    inner: Callable[[Request, str, Service], Request]
    """The request as the API itself would have it; the path is the one behind the cloud's name."""
    outward: Callable[[Response, str], Response]
    """The API's answer as the cloud gives it; the text is the request's id."""
    refused: Callable[[ApiError, str], Response]
    """A refusal, of the API or of its own, as the cloud says it."""


def called(request: Request, path: str, **headers: str) -> Request:
    """The request at another path, with these headers in place of its own."""
    query = request.target.partition("?")[2]
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return replace(request, target=f"{path}?{query}" if query else path, headers={**request.headers, **named})


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; what is none is refused by the route itself."""
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        raise invalid("The request body is not valid JSON") from None
    if not isinstance(value, dict):
        raise invalid("Input should be a valid dictionary")
    return cast("dict[str, Any]", value)


def with_body(request: Request, body: Mapping[str, object]) -> Request:
    return replace(request, body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def without_extras(body: Mapping[str, object], *names: str) -> None:
    """Raises ApiError for a field that this cloud has elsewhere."""
    for name in names:
        if name in body:
            raise invalid(f"{name}: Extra inputs are not permitted")


def unreported(response: Response) -> Response:
    """Without the headers about limits."""
    response.headers = {
        name: text for name, text in response.headers.items() if not name.lower().startswith(UNREPORTED)
    }
    return response
