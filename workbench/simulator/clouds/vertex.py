"""Google Vertex AI: project, region and model in the path, the version in the body, the API's own events."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from workbench.simulator.clouds import proofs
from workbench.simulator.clouds.front import Front, body_of, called, unreported, with_body, without_extras
from workbench.simulator.errors import ApiError, invalid
from workbench.simulator.exchange import Request, Response

if TYPE_CHECKING:
    from workbench.simulator.service import Service

PATH: Final = re.compile(
    r"/v1/projects/[^/]+/locations/[^/]+/publishers/anthropic/models/(?P<model>[^/:]+):(?P<how>rawPredict|streamRawPredict)"
)
COUNT: Final = "count-tokens"
VERSIONS: Final[Mapping[str, str]] = {"vertex-2023-10-16": "2023-06-01", "2026-10-21": "2026-10-21"}
WORDS: Final[Mapping[int, str]] = {
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}
"""Refusals that Google makes itself, in its own form; the rest is the API's."""
LIMIT: Final = 30 << 20


def inner(request: Request, path: str, service: Service) -> Request:
    """Raises ApiError."""
    found = PATH.fullmatch(path)
    if found is None or request.method != "POST":
        raise ApiError(404, "Not Found")
    if len(request.body) > LIMIT:
        raise ApiError(413, "Request payload size exceeds the limit.")
    body = body_of(request)
    if "anthropic_version" not in body:
        raise invalid("anthropic_version: Field required")
    version = VERSIONS.get(str(body.pop("anthropic_version")))
    if version is None:
        raise invalid("Invalid API version")
    if found["model"] == COUNT:  # the model stands in the body, under the same name as in a path
        named = {"model": body["model"].replace("@", "-")} if isinstance(body.get("model"), str) else {}
        return with_body(called(request, "/v1/messages/count_tokens", anthropic_version=version), {**body, **named})
    without_extras(body, "model")
    name, at, dated = found["model"].partition("@")
    known = service.catalogue.find(f"{name}-{dated}" if at else name)
    if known is None or known.lifecycle == "retired" or name.startswith("anthropic."):
        raise ApiError(404, f"Publisher Model `{path.rpartition(':')[0].lstrip('/')}` was not found.")
    made = {"model": known.id, **body}
    return with_body(called(request, "/v1/messages", anthropic_version=version), made)


def outward(response: Response, request_id: str) -> Response:
    return unreported(response)


def refused(error: ApiError, request_id: str) -> Response:
    if error.status not in WORDS:
        return error.response(request_id)
    told = {"code": error.status, "message": error.message, "status": WORDS[error.status]}
    head = {"content-type": "application/json; charset=UTF-8", **error.headers}
    return Response(error.status, head, json.dumps({"error": told}).encode())


FRONT: Final = Front(proofs.google, inner, outward, refused)
