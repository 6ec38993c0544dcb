"""Failures without an error from the API: no answer came, it stopped short, or it was something else."""

from __future__ import annotations

from typing import Final

from workbench.core import masking
from workbench.core.masking import shortened
from workbench.core.problem import Problem

SAMPLE: Final = 200
"""Characters shown of an answer that is no stream."""

UNREACHABLE: Final = {
    "dns": Problem(
        "Host not found",
        "The name in {where} could not be resolved.",
        "Check the base URL and the network.",
        retry=True,
    ),
    "refused": Problem(
        "Connection refused", "Nothing answers at {where}.", "Check that the server runs, and its port.", retry=True
    ),
    "connect_timeout": Problem(
        "No connection",
        "{where} did not answer in time.",
        "Check the base URL, the network and the firewall.",
        retry=True,
    ),
    "network": Problem("No connection", "{where} cannot be reached.", "Check the network.", retry=True),
    "closed": Problem(
        "Connection closed", "{where} closed the connection without an answer.", "Run again.", retry=True
    ),
    "no_answer": Problem(
        "No answer", "{where} took the request and sent nothing back.", "Run again, or try another endpoint."
    ),
    "protocol": Problem(
        "Not an HTTP answer", "{where} sent something that is no HTTP.", "Check the base URL and its port."
    ),
    "tls": Problem(
        "Certificate not accepted",
        "{where} could not prove who it is.",
        "Check the address; for an own authority set SSL_CERT_FILE.",
    ),
    "proxy": Problem(
        "Proxy failed", "The proxy {where} did not pass the request on.", "Check HTTPS_PROXY and NO_PROXY.", retry=True
    ),
    "bad_address": Problem(
        "Not a base URL",
        "{where} is no address that can be used.",
        "Write it as https://host or http://localhost:port.",
    ),
    "plain_http_refused": Problem(
        "Key not sent in the clear",
        "{where} is not encrypted and not on this machine.",
        "Use https; to send it all the same, run on the screen, which asks first, or add --confirm-origin once.",
    ),
    "origin_refused": Problem(
        "Key not sent",
        "Nobody has agreed yet that the key goes to {where}.",
        "If you trust it, run on the screen, which asks first, or add --confirm-origin once.",
    ),
    "no_key": Problem(
        "No key", "There is no key for {where}.", "Set ANTHROPIC_API_KEY, or key_env or key_file of the endpoint."
    ),
    "bad_key": Problem(
        "Key cannot be used",
        "The key for {where} is not one that a header can carry.",
        "Check for spaces, quotes and line ends in it.",
    ),
}
"""Why no response head ever arrived; `{where}` is host:port."""

INTERRUPTED: Final = {
    "cut": Problem("Cut off", "The stream ended before the message did."),
    "reset": Problem("Connection lost", "The connection broke while the answer was coming."),
    "stalled": Problem("Stalled", "The server stopped sending."),
    "truncated": Problem("Cut off", "The answer's transfer ended too early."),
    "unconfirmed": Problem("Not confirmed", "The stop reason and the usage came, but not the end of the message."),
}
"""Why a stream that had begun has no verdict."""
KEPT: Final = "What came is kept. Run again for a whole answer."

MALFORMED: Final = {
    "not_stream": Problem(
        "Not an event stream", hint="Check the base URL: a login page or another service may be answering."
    ),
    "empty": Problem("Empty answer", "The server said yes and sent nothing.", "Check the base URL, then run again."),
    "frame": Problem(
        "Not an event stream of AWS",
        hint="What came before is kept. Run again; if it stays so, check what is on the way.",
    ),
    "structure": Problem(
        "Not a Messages stream", hint="Check the base URL, and that the server speaks the Messages API."
    ),
    "too_large": Problem("Event too large", "One event passed 16 MiB and was refused."),
    "not_message": Problem("Not a message", hint="Check the base URL: this server answers with something else."),
}
"""How an answer was no Messages stream."""


def unreachable(kind: str, where: str, why: str = "", *, secrets: tuple[str, ...] = ()) -> Problem:
    """No response head came; `where` is host:port, `why` the system's words. Raises KeyError for a new kind."""
    row = UNREACHABLE[kind]
    return _with(row, row.detail.format(where=shortened(where, secrets) or "The address"), why, row.hint, secrets)


def interrupted(kind: str, why: str = "", *, secrets: tuple[str, ...] = ()) -> Problem:
    """The stream broke off; never sent again by itself, because the answer was being paid for."""
    row = INTERRUPTED[kind]
    return _with(row, row.detail, why, KEPT, secrets)


def malformed(kind: str, sample: str = "", *, secrets: tuple[str, ...] = ()) -> Problem:
    """The answer is not what was asked for; `sample` is its beginning, or what is odd about it."""
    row = MALFORMED[kind]
    shown = shortened(masking.masked(sample, secrets)[: SAMPLE * 4], secrets)[:SAMPLE]
    return _with(row, row.detail, shown, row.hint, secrets)


def _with(row: Problem, detail: str, why: str, hint: str, secrets: tuple[str, ...]) -> Problem:
    why = shortened(why, secrets)
    return Problem(row.title, f"{detail} {f'({why})' if why and detail else why}".strip(), hint, row.retry)
