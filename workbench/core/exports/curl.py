"""The request as a curl command for any POSIX shell."""

from __future__ import annotations

import re
from shlex import quote
from typing import Final

from workbench.core.exports.call import Call, ExportError, found
from workbench.core.exports.json_text import pretty

UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")
NUL: Final = re.compile("\x00")


def write(call: Call) -> str:
    """A command that streams the answer; the key is the shell's to fill in.

    The body is a quoted here-document, in which a shell expands nothing. No line of indented JSON
    that holds text can be its end mark, because a line break inside a string is `\\n` there.
    """
    if (where := found(NUL, call.body)) is not None:
        raise ExportError(f"{where} holds a NUL character, which a shell can't be trusted with: remove it, or use json")
    if UNPRINTABLE.search(call.endpoint.base_url + call.version):
        raise ExportError("the address or the version holds a control character: correct it in the configuration")
    lines = [
        f"curl --no-buffer {quote(call.endpoint.base_url + '/v1/messages')}",
        *(f"  --header {each}" for each in _headers(call)),
        "  --data-binary @- <<'JSON'",
    ]
    return " \\\n".join(lines) + "\n" + pretty(call.body) + "JSON\n"


def _headers(call: Call) -> list[str]:
    key = {
        "x-api-key": f'"x-api-key: ${call.key_variable}"',
        "bearer": f'"authorization: Bearer ${call.key_variable}"',
    }.get(call.endpoint.auth)
    plain = [f"anthropic-version: {call.version}", "content-type: application/json"]
    if call.betas:
        plain.append(f"anthropic-beta: {call.betas}")
    return [*([key] if key else []), *map(quote, plain)]
