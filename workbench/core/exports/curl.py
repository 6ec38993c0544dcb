"""The request as a curl command for any POSIX shell."""

from __future__ import annotations

import re
from shlex import quote
from typing import Final

from workbench.core.exports import proving
from workbench.core.exports.call import Call, ExportError, found
from workbench.core.exports.json_text import pretty

UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")
FRAMED: Final = "-with-response-stream"
"""What in an address asks Bedrock for frames, which no terminal shows: without it the answer comes whole, as JSON."""
NUL: Final = re.compile("\x00")


def write(call: Call) -> str:
    """A command that streams the answer; the key is the shell's to fill in.

    The body is a quoted here-document, in which a shell expands nothing. No line of indented JSON
    that holds text can be its end mark, because a line break inside a string is `\\n` there.
    """
    if (where := found(NUL, call.body)) is not None:
        raise ExportError(f"{where} holds a NUL character, which a shell can't be trusted with: remove it, or use json")
    url = call.url.removesuffix(FRAMED)
    if UNPRINTABLE.search(url + call.version):
        raise ExportError("the address or the version holds a control character: correct it in the configuration")
    lines = [
        f"curl --no-buffer {proving.address(url)}",
        *(f"  {each}" for each in proving.of_curl(call.endpoint, call.key_variable, url)),
        *(f"  --header {quote(f'{name}: {text}')}" for name, text in call.headers.items()),
        "  --data-binary @- <<'JSON'",
    ]
    return " \\\n".join(lines) + "\n" + pretty(call.body) + "JSON\n"
