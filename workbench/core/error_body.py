"""What an error's body says, whatever shape it has: the API's JSON, other servers' JSON, HTML, text, nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.core import strict_json
from workbench.core.masking import shortened

_READ: Final = 64 * 1024
"""Bytes of a body that are looked at, where it is too long to be an error of the API."""
_TITLE: Final = re.compile(r"(?is)<(title|h1)[^>]*>(.*?)</\1\s*>")
_TAG: Final = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>")


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of an error that a server gave."""

    message: str = ""
    """Shortened, without keys."""
    type: str | None = None
    code: str | None = None
    """`details.error_code`."""
    request_id: str | None = None


def read(body: bytes, secrets: tuple[str, ...] = ()) -> Said:
    """Read a body; never raises, and takes the same time for 10 MB as for 64 KB."""
    text = body[:_READ].decode(errors="replace").lstrip("\ufeff \t\r\n")
    if text[:1] in ("{", "["):
        try:
            value = strict_json.loads(text)
        except strict_json.BadJsonError:
            return Said(shortened(text, secrets))
        return _of_json(value, text, secrets)
    if text[:1] == "<":
        title = _TITLE.search(text)
        text = title[2] if title else text
        return Said(shortened(_TAG.sub(" ", text), secrets))
    return Said(shortened(text, secrets))


def of_object(error: Mapping[str, Any], secrets: tuple[str, ...] = ()) -> Said:
    """Read the `error` object of the API, or of a server that is like it."""
    details = error.get("details")
    return Said(
        shortened(_first_text(error, "message", "detail", "error"), secrets),
        named(error.get("type")) or named(error.get("code")) or named(error.get("status")),
        named(details.get("error_code")) if isinstance(details, dict) else None,
    )


def _of_json(value: object, text: str, secrets: tuple[str, ...]) -> Said:
    """The API's form, OpenAI's, Google's (alone or in a list), a bare `error`, FastAPI's `detail`, or else the JSON."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return Said(shortened(text, secrets))
    error = value.get("error")
    said = of_object(error if isinstance(error, dict) else value, secrets)
    if value.get("type") == "error" and not isinstance(error, dict):
        said = Said(said.message)
    return Said(said.message or shortened(text, secrets), said.type, said.code, named(value.get("request_id")))


def _first_text(error: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = error.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return _placed(value[0])
    return ""


def _placed(error: Mapping[str, Any]) -> str:
    """FastAPI's `{"loc": ["body", "model"], "msg": "field required"}`, without what says that it is the body."""
    message, place = str(error.get("msg", error)), error.get("loc")
    path = ".".join(str(each) for each in place if each != "body") if isinstance(place, list) else ""
    return f"{path}: {message}" if path else message


def named(value: object) -> str | None:
    """A short name; what is longer, empty or no text is none."""
    return value if isinstance(value, str) and 0 < len(value) <= 100 else None
