"""Signatures of AWS, worked out again from what arrived (Signature Version 4), with the standard library alone."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from posixpath import normpath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from workbench.simulator.errors import ApiError

if TYPE_CHECKING:
    from workbench.simulator.exchange import Request
    from workbench.simulator.service import Service

ACCESS_KEY: Final = "AKIASIMULATED0000000"
SECRET_KEY: Final = "simulated/secret/key/of/nobody"  # noqa: S105 - everyone may know it
"""The one pair that the simulator knows."""
SKEW: Final = timedelta(minutes=5)
AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<day>\d{8})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/"
    r"aws4_request,\s*SignedHeaders=(?P<names>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
MUST: Final = ("host", "x-amz-date")


def check(request: Request, service: Service, name: str) -> None:
    """Whether the request is signed for this service of AWS, now, with the known key. Raises ApiError 403."""
    found = AUTHORIZATION.fullmatch(request.header("authorization"))
    if found is None:
        raise _refused("IncompleteSignatureException", "The Authorization header is no signature of AWS.")
    if found["key"] != ACCESS_KEY:
        raise _refused("UnrecognizedClientException", "The security token included in the request is invalid.")
    if found["service"] != name:
        raise _refused("InvalidSignatureException", f"Credential should be scoped to correct service: '{name}'.")
    names = found["names"].split(";")
    token = ("x-amz-security-token",) if request.header("x-amz-security-token") else ()
    if any(each not in names for each in (*MUST, *token)):
        raise _refused("InvalidSignatureException", "Host and all x-amz-* headers must be signed.")
    _in_time(request, service, found["day"])
    if not hmac.compare_digest(signature(request, found, names), found["signature"]):
        raise _refused(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method.",
        )


def signature(request: Request, found: re.Match[str], names: list[str]) -> str:
    """What the signature must be."""
    parts = urlsplit(request.target)
    canonical = "\n".join(
        [
            request.method,
            quote(_normal(parts.path), safe="/~"),
            "&".join(f"{key}={value}" for key, value in sorted(_pairs(parts.query))),
            *(f"{name}:{' '.join(request.header(name).split())}" for name in names),
            "",
            ";".join(names),
            sha256(request.body).hexdigest(),
        ]
    )
    scope = f"{found['day']}/{found['region']}/{found['service']}/aws4_request"
    digest = sha256(canonical.encode()).hexdigest()
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    told = f"AWS4-HMAC-SHA256\n{request.header('x-amz-date')}\n{scope}\n{digest}"
    return hmac.digest(key, told.encode(), "sha256").hex()


def _normal(path: str) -> str:
    """Without dot segments and doubled slashes; one at the end stays."""
    made = normpath(path).replace("//", "/") if path else "/"
    return f"{made}/" if path.endswith("/") and made != "/" else made


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in (pair.partition("=") for pair in query.split("&") if pair)]


def _in_time(request: Request, service: Service, day: str) -> None:
    try:
        signed = datetime.strptime(request.header("x-amz-date"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _refused("IncompleteSignatureException", "X-Amz-Date must be like 20261122T120000Z.") from None
    if signed.strftime("%Y%m%d") != day:
        raise _refused("InvalidSignatureException", "Date in Credential scope does not match X-Amz-Date.")
    if abs(service.now() - signed) > SKEW:
        raise _refused("InvalidSignatureException", f"Signature expired: {signed} is not within five minutes of now.")


def _refused(kind: str, message: str) -> ApiError:
    return ApiError(403, message, {"x-amzn-errortype": kind})
