"""What went over the wire, as a curl command that sends the same bytes again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from shlex import quote
from typing import Final

from workbench.core.endpoint import Endpoint
from workbench.core.exports.call import KEY_VARIABLE, ExportError
from workbench.core.exports.proving import SIGNED, address, of_curl

SECRET: Final[Mapping[str, str]] = {"x-api-key": "", "api-key": "", "authorization": "Bearer "}
"""Headers whose value is the shell's to fill in, and what stands before the key."""
UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f]")


def curl(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    key_variable: str = KEY_VARIABLE,
    *,
    endpoint: Endpoint | None = None,
) -> str:
    """A command for any POSIX shell that streams the answer; the key is taken from the environment.

    What an `endpoint` of a cloud signed is signed anew.

    The body goes through `printf`, which a shell has built in: there it may be of any size, and nothing is added.
    Raises ExportError for what no shell can be trusted with.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise ExportError("the body is not UTF-8, and a shell would change it: copy it as it is") from None
    if "\x00" in text:
        raise ExportError("the body holds a NUL character, which a shell can't be trusted with: copy it as it is")
    if any(UNSAFE.search(each) for each in (url, *headers, *headers.values())):
        raise ExportError("the address or a header holds a control character: correct it in the configuration")
    signed = endpoint is not None and endpoint.auth in ("sigv4", "google")
    sent = {name: value for name, value in headers.items() if not (signed and name.lower() in SIGNED)}
    lines = [
        f"printf %s {quote(text)} | curl --no-buffer {address(url)}",
        *(f"  {each}" for each in (of_curl(endpoint, key_variable, url) if signed and endpoint else ())),
        *(f"  --header {_header(name, value, key_variable)}" for name, value in sent.items()),
        "  --data-binary @-",
    ]
    return " \\\n".join(lines) + "\n"


def _header(name: str, value: str, key_variable: str) -> str:
    before = SECRET.get(name.lower())
    return quote(f"{name}: {value}") if before is None else f'"{name}: {before}${key_variable}"'
