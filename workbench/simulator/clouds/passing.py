"""The clouds that pass the API on as it is, under a path of their own, each with its own proof of who asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench.core.models import plain_id
from workbench.simulator.clouds import proofs
from workbench.simulator.clouds.front import Front, body_of, called, unreported, with_body
from workbench.simulator.errors import ApiError, invalid
from workbench.simulator.exchange import Request, Response

if TYPE_CHECKING:
    from workbench.simulator.service import Service

MESSAGES: Final = r"/v1/messages(/count_tokens)?"
EVERYTHING: Final = r"/v1/.+"
WORKSPACE: Final = "anthropic-workspace-id"


def behind(start: str, offered: str) -> Callable[[Request, str, Service], Request]:
    """The request without what its path begins with, where the cloud has such a route."""
    form = re.compile(f"{start}(?P<path>{offered})")

    def inner(request: Request, path: str, service: Service) -> Request:
        found = form.fullmatch(path)
        if found is None:
            raise ApiError(404, "Not Found")
        return called(request, found["path"])

    return inner


def of_mantle(request: Request, path: str, service: Service) -> Request:
    """The API with Bedrock's ids. Raises ApiError."""
    made = behind("/anthropic", MESSAGES)(request, path, service)
    body = body_of(made)
    model = str(body.get("model", ""))
    if not model.startswith("anthropic."):
        raise ApiError(404, f"model: {model}")
    return with_body(made, {**body, "model": plain_id(model)})


def of_aws(request: Request, path: str, service: Service) -> Request:
    """The API in the workspace that a header names. Raises ApiError."""
    if not request.header(WORKSPACE):
        raise invalid(f"{WORKSPACE}: header is required")
    return behind("", EVERYTHING)(request, path, service)


def as_it_is(response: Response, request_id: str) -> Response:
    response.headers.setdefault("request-id", request_id)
    return response


def without_limits(response: Response, request_id: str) -> Response:
    return as_it_is(unreported(response), request_id)


def refused(error: ApiError, request_id: str) -> Response:
    return as_it_is(error.response(request_id), request_id)


_GOOGLE: Final = "/v1/projects/[^/]+/locations/[^/]+/workspaces/[^/]+/invoke"
MANTLE: Final = Front(proofs.aws("bedrock-mantle"), of_mantle, without_limits, refused)
FOUNDRY: Final = Front(proofs.foundry, behind("/anthropic", MESSAGES), without_limits, refused)
AWS: Final = Front(proofs.aws("aws-external-anthropic"), of_aws, as_it_is, refused)
GOOGLE_CLOUD: Final = replace(FOUNDRY, proves=proofs.google, inner=behind(_GOOGLE, EVERYTHING), outward=as_it_is)
