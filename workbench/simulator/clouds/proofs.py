"""Who asks, as each cloud wants it proved; any key or token is made up, so its beginning is all that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from workbench.simulator import gate
from workbench.simulator.clouds import sigv4
from workbench.simulator.errors import ApiError

if TYPE_CHECKING:
    from workbench.simulator.exchange import Request
    from workbench.simulator.service import Service

AWS_STARTS: Final = ("sk-", "bedrock-api-key-")
GOOGLE_STARTS: Final = ("ya29.",)


def bearer(request: Request) -> str:
    """The token of `Authorization: Bearer …`, or nothing."""
    scheme, _, token = request.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def aws(service_name: str) -> Callable[[Request, Service], None]:
    """A signature for that service of AWS, or a bearer key."""

    def proves(request: Request, service: Service) -> None:
        token = bearer(request) or request.header("x-api-key")
        if not token and not request.header("authorization"):
            kind = {"x-amzn-errortype": "MissingAuthenticationTokenException"}
            raise ApiError(403, "Missing Authentication Token", kind)
        if not token:
            sigv4.check(request, service, service_name)
        elif not token.startswith(AWS_STARTS) or token.startswith("sk-invalid"):
            raise ApiError(403, "Invalid API Key format", {"x-amzn-errortype": "AccessDeniedException"})

    return proves


def google(request: Request, service: Service) -> None:
    """An OAuth token of Google's."""
    if not bearer(request).startswith(GOOGLE_STARTS):
        raise ApiError(
            401,
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
            "valid authentication credential.",
        )


def foundry(request: Request, service: Service) -> None:
    """A key under either of two names, or a token of Entra's."""
    if request.header("api-key") and not request.header("x-api-key"):
        request.headers["x-api-key"] = request.header("api-key")
    gate.check_key(request)
