"""Amazon Bedrock's InvokeModel: the model in the path, the version in the body, AWS's frames around the events."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from workbench.core import eventstream
from workbench.core.models import plain_id
from workbench.core.sse import Decoder
from workbench.simulator.clouds import proofs
from workbench.simulator.clouds.front import Front, body_of, called, unreported, with_body, without_extras
from workbench.simulator.errors import ApiError, invalid
from workbench.simulator.exchange import Cut, Request, Response

if TYPE_CHECKING:
    from workbench.simulator.service import Service

PATH: Final = re.compile(r"/model/(?P<model>.+)/invoke(?P<stream>-with-response-stream)?")
MODEL: Final = re.compile(r"(?:arn:aws:bedrock:[^/]+/)?(?:[a-z]+\.)?anthropic\..+")
VERSIONS: Final[Mapping[str, str]] = {"bedrock-2023-05-31": "2023-06-01", "2026-10-21": "2026-10-21"}
NEWEST: Final = "2026-10-21"
EXCEPTIONS: Final[Mapping[str, str]] = {
    "overloaded_error": "serviceUnavailableException",
    "rate_limit_error": "throttlingException",
    "invalid_request_error": "validationException",
    "timeout_error": "modelTimeoutException",
}
STATUSES: Final[Mapping[int, str]] = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
LIMIT: Final = 20 << 20
"""Bytes of a body (claude-api §1.6)."""


def inner(request: Request, path: str, service: Service) -> Request:
    """Raises ApiError."""
    found = PATH.fullmatch(path)
    if found is None or request.method != "POST":
        raise ApiError(404, "UnknownOperationException", {"x-amzn-errortype": "UnknownOperationException"})
    if len(request.body) > LIMIT:
        raise ApiError(413, "The request body is too large.")
    if not MODEL.fullmatch(found["model"]):
        raise invalid("The provided model identifier is invalid.")
    body = body_of(request)
    without_extras(body, "model", "stream")
    if "anthropic_version" not in body:
        raise invalid("anthropic_version: Field required")
    model = plain_id(found["model"])
    known = service.catalogue.find(model)
    version = VERSIONS.get(str(body.pop("anthropic_version")))
    old = known is not None and not known.new_tokenizer and known.line != "haiku"
    if version is None or (version == NEWEST and old):
        raise invalid("Invalid API version")
    betas = body.pop("anthropic_beta", [])
    if not isinstance(betas, list) or not all(isinstance(each, str) for each in betas):
        raise invalid("anthropic_beta: Input should be a valid list")
    made = {"model": model, **body, **({"stream": True} if found["stream"] else {})}
    return with_body(called(request, "/v1/messages", anthropic_version=version, anthropic_beta=",".join(betas)), made)


def outward(response: Response, request_id: str) -> Response:
    response = unreported(response)
    response.headers["x-amzn-requestid"] = request_id
    if not isinstance(response.body, bytes) and "event-stream" in response.headers.get("content-type", ""):
        response.headers["content-type"] = eventstream.CONTENT_TYPE
        response.headers["x-amzn-bedrock-content-type"] = "application/json"
        response.body = frames(response.body)
    return response


def refused(error: ApiError, request_id: str) -> Response:
    """`{"message": …}`, with its kind in a header."""
    status = 503 if error.status == 529 else error.status
    kind = {"x-amzn-errortype": STATUSES.get(status, "InternalServerException"), **error.headers}
    head = {"content-type": "application/json", "x-amzn-requestid": request_id, **kind}
    return Response(status, head, json.dumps({"message": error.message}).encode())


async def frames(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same events in frames; a stream that is cut is cut inside one."""
    decoder = Decoder()
    try:
        async for piece in pieces:
            for frame in decoder.feed(piece):
                if frame.event != "ping":
                    yield framed(frame.data)
    except Cut:
        yield chunk('{"type":"ping"}')[:40]
        raise


def framed(data: str) -> bytes:
    """One event in its frame: an error is an exception of AWS, and what is no JSON a frame with a wrong checksum."""
    try:
        event: dict[str, Any] = json.loads(data)
    except ValueError:
        broken = bytearray(chunk(data))
        broken[-1] ^= 0xFF
        return bytes(broken)
    if event.get("type") == "error":
        error = event["error"]
        kind = EXCEPTIONS.get(error["type"], "internalServerException")
        headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
        return eventstream.write(headers, json.dumps({"message": error["message"]}).encode())
    if event.get("type") == "message_stop":
        data = json.dumps({**event, "amazon-bedrock-invocationMetrics": {"invocationLatency": 1}})
    return chunk(data)


def chunk(data: str) -> bytes:
    packed = b64encode(data.encode("utf-8", "surrogatepass")).decode()
    payload = json.dumps({"bytes": packed, "p": "abcdefgh"}, separators=(",", ":")).encode()
    headers = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}
    return eventstream.write(headers, payload)


FRONT: Final = Front(proofs.aws("bedrock"), inner, outward, refused)
