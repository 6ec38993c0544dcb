"""What went wrong, as a value with a title, a reason and a next step (claude-api §4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from workbench.core import error_body, masking
from workbench.core.failures import UNREACHABLE, interrupted, malformed, unreachable
from workbench.core.params import FIELDS
from workbench.core.problem import Problem

__all__ = ["Problem", "from_event", "from_response", "interrupted", "malformed", "request_id", "unreachable"]

_LATER: Final = "Wait a moment, then run again."
_SPENT: Final = "Raise the limit in the console, or wait until it starts anew; sending again will not help."

STATUSES: Final[Mapping[int, Problem]] = {
    row.status or 0: row
    for row in (
        Problem("Request not accepted", hint="Change what the message names, then run again.", status=400),
        Problem("Key rejected", hint="Check the key and the endpoint it belongs to.", status=401),
        Problem("Payment needed", hint="Check billing in the console.", status=402),
        Problem("Not permitted", hint="This key may not use that model, feature or address.", status=403),
        Problem("Not found", hint="Check the model's name, and the base URL (without /v1).", status=404),
        Problem("Method not allowed", hint="Check the base URL: this address takes no messages.", status=405),
        Problem("Proxy wants a login", hint="Check the proxy in HTTPS_PROXY.", status=407),
        Problem("Server gave up waiting", hint=_LATER, retry=True, status=408),
        Problem("Conflict", hint=_LATER, retry=True, status=409),
        Problem("Request too large", hint="Shorten the prompt or take out attachments.", status=413),
        Problem("Request not understood", hint="Change what the message names, then run again.", status=422),
        Problem(
            "Rate limited", hint="Wait until the limit refills, or run fewer lanes at once.", retry=True, status=429
        ),
        Problem("Header too large", hint="Check the key and the custom headers.", status=431),
        Problem("Server error", hint=_LATER, retry=True, status=500),
        Problem("Not offered here", hint="This server lacks what was asked for.", retry=True, status=501),
        Problem("Bad gateway", hint=_LATER, retry=True, status=502),
        Problem("Service unavailable", hint=_LATER, retry=True, status=503),
        Problem("Server timed out", hint="Run again, with fewer tokens if it happens often.", retry=True, status=504),
        Problem(
            "Overloaded", hint="The server is busy, not you. Wait a moment, then run again.", retry=True, status=529
        ),
    )
}
"""The advice for each status; other 5xx are like 500, other 4xx like 400."""

TYPES: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
    "validationException": 400,
    "throttlingException": 429,
    "modelTimeoutException": 408,
    "modelStreamErrorException": 500,
    "internalServerException": 500,
    "serviceUnavailableException": 503,
}
"""Which row an `error` event gets, whose HTTP status was 200; the last ones are Bedrock's names."""

CODES: Final[Mapping[str, Problem]] = {
    "enforced_spend_limit_reached": Problem("Spend limit reached", hint=_SPENT),
    "contract_spend_limit_reached": Problem("Contract limit reached", hint=_SPENT),
    "ramp_limit_exceeded": Problem("Use grew too fast", hint="Send fewer requests, and more slowly.", retry=True),
    "image_dimensions_too_large": Problem("Image too large", hint="Scale the image down, then run again."),
    "tool_name_conflict": Problem("Two tools share a name", hint="Rename one of the tools."),
    "organization_on_hold": Problem("Organization on hold", hint="See the console, or write to support."),
    "request_body_too_large_after_decoding": Problem("Request too large", hint="Shorten the prompt."),
    "file_expired": Problem("File expired", hint="Upload the file again."),
    "ExpiredTokenException": Problem("Credentials expired", hint="Sign in to AWS again, or set fresh credentials."),
    "UnrecognizedClientException": Problem("Credentials not known", hint="Check the AWS credentials and the region."),
    "InvalidSignatureException": Problem(
        "Signature not accepted", hint="Check the secret key, the region, and this machine's clock."
    ),
    "UNAUTHENTICATED": Problem("Token not accepted", hint="Sign in to Google again, or set a fresh token."),
}
"""`details.error_code`, the API's stable discriminator, or a cloud's type, where it says more than the status."""
_AWS_TYPE: Final = "x-amzn-errortype"

_FIELD: Final = re.compile(r"(([a-z_]+)(?:\.[a-z0-9_]+)*): ")
"""How the API's message names a field first, as in `temperature: Extra inputs are not permitted`."""
_SENT: Final = {"messages", *(row.path[0] for row in FIELDS if row.path)}
"""What a field's name begins with; a gateway begins its messages with names of its own."""
_NO_KEY: Final = UNREACHABLE["no_key"]


def from_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    sent_bytes: int | None = None,
    secrets: tuple[str, ...] = (),
    keyless: bool = False,
) -> Problem:
    """The problem that an HTTP answer other than success tells of; `secrets` never appear in it.

    `keyless` says that no key was sent: some gateways answer that with a 500 in plain text.
    """
    told = {name.lower(): value for name, value in headers.items()}
    if 300 <= status < 400:
        return _redirect(status, masking.masked(told.get("location", ""), secrets))
    found = error_body.read(body, secrets)
    row = STATUSES.get(status) or replace(STATUSES[500 if status >= 500 else 400], title=f"HTTP {status}")
    if found.type is None and _AWS_TYPE in told:  # `ThrottlingException:http://…`
        found = replace(found, type=error_body.named(told[_AWS_TYPE].partition(":")[0]))
    row = _with_code(row, found.code or found.type)
    hint = row.hint
    field = _FIELD.match(found.message) if status == 400 and found.type and found.code not in CODES else None
    if field and field[2] in _SENT:
        hint = f"Look at {field[1]}, then run again."
    if keyless and status == 401:
        row, hint = replace(row, title=_NO_KEY.title), _NO_KEY.hint
    elif keyless and (status == 403 or (status in (400, 500) and found.type is None)):
        hint = f"No key was sent. If this server wants one: {_NO_KEY.hint[0].lower()}{_NO_KEY.hint[1:]}"
    detail = found.message
    if status == 413 and sent_bytes is not None:
        size = f"{sent_bytes / 1e6:.1f} MB" if sent_bytes >= 1e6 else f"{sent_bytes:,} bytes"
        detail = f"{detail or 'The request was refused.'} It had {size}."
    problem = replace(row, detail=detail, hint=hint, status=status, type=found.type)
    return masking.masked_problem(problem, secrets)


def from_event(error: Mapping[str, Any]) -> Problem:
    """The problem that an `error` event in a stream tells of; its HTTP status was a success."""
    found = error_body.of_object(error)
    row = _with_code(STATUSES[TYPES.get(found.type or "", 500)], found.code)
    if found.type not in TYPES:
        row = replace(row, title="Server error in the stream")
    return replace(
        row, detail=found.message, hint=f"{row.hint} What came before it is kept.", status=200, type=found.type
    )


def request_id(headers: Mapping[str, str], body: bytes = b"") -> str | None:
    """The id that support asks for, from the headers or an error's body."""
    told = {name.lower(): value for name, value in headers.items()}
    known = (told.get(name) for name in ("request-id", "x-request-id", "x-amzn-requestid"))
    return next(filter(None, known), None) or error_body.read(body).request_id


def _with_code(row: Problem, code: str | None) -> Problem:
    known = CODES.get(code or "")
    return replace(row, title=known.title, hint=known.hint, retry=known.retry) if known else row


def _redirect(status: int, location: str) -> Problem:
    """Say where a redirect pointed, without the parts of an address that can hold a secret."""
    try:
        parts = urlsplit(location)
        scheme = f"{parts.scheme}:" if parts.scheme else ""
        where = f"{scheme}//{parts.hostname}" if parts.hostname else scheme
        where += f":{parts.port}" if parts.port else ""
        where += parts.path
    except ValueError:
        where = ""
    return Problem(
        "Redirected",
        f"The server points to {masking.shortened(where) or 'another address'}, and was not followed.",
        "If you trust that address, set it as the base URL.",
        status=status,
    )
