"""The API's refusals: a status, a type and a message (the API's own table)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from workbench.simulator.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Final[Mapping[int, str]] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    502: "api_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
MESSAGES: Final[Mapping[int, str]] = {
    400: "The request was invalid.",
    401: "invalid x-api-key",
    402: "Your credit balance is too low to make this request.",
    403: "Your key does not have permission to use this resource.",
    404: "Not Found",
    408: "The request took too long to arrive.",
    409: "The resource was changed by another request.",
    413: "Request exceeds the maximum size",
    422: "The request could not be processed.",
    429: "This request would exceed your organization's rate limit.",
    500: "Internal server error",
    502: "Bad gateway",
    503: "Service unavailable",
    504: "The request timed out. Use streaming for long requests.",
    529: "Overloaded",
}


class ApiError(Exception):
    """A request that the API refuses; becomes the JSON error body."""

    def __init__(
        self,
        status: int,
        message: str = "",
        headers: Mapping[str, str] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message or MESSAGES.get(status, "The request failed.")
        self.headers = dict(headers or {})
        self.details = dict(details or {})
        """What tells one refusal from another of its status, in words for programs."""

    @property
    def type(self) -> str:
        return TYPES.get(self.status, "api_error" if self.status >= 500 else "invalid_request_error")

    def error(self) -> dict[str, object]:
        details = {"details": self.details} if self.details else {}
        return {"type": self.type, "message": self.message, **details}

    def response(self, request_id: str) -> Response:
        body = {"type": "error", "error": self.error(), "request_id": request_id}
        return Response(self.status, {"content-type": "application/json", **self.headers}, json.dumps(body).encode())


def invalid(message: str) -> ApiError:
    """A 400: the request itself is wrong."""
    return ApiError(400, message)
