"""Frame → event: one frozen value for each kind the API sends (claude-api §3), and two for the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from workbench.core import strict_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.core.sse import Frame

Wire = dict[str, Any]
"""A JSON object as it came."""


@dataclass(frozen=True, slots=True)
class MessageStart:
    message: Wire


@dataclass(frozen=True, slots=True)
class BlockStart:
    index: int
    block: Wire


@dataclass(frozen=True, slots=True)
class TextDelta:
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    index: int
    thinking: str


@dataclass(frozen=True, slots=True)
class SignatureDelta:
    index: int
    signature: str


@dataclass(frozen=True, slots=True)
class InputJsonDelta:
    index: int
    partial_json: str


@dataclass(frozen=True, slots=True)
class CitationsDelta:
    index: int
    citation: Wire


@dataclass(frozen=True, slots=True)
class OtherDelta:
    """A delta of a type this program does not know, or knows only as fields to replace."""

    index: int
    delta: Wire


@dataclass(frozen=True, slots=True)
class BlockStop:
    index: int


@dataclass(frozen=True, slots=True)
class MessageDelta:
    delta: Wire
    usage: Wire


@dataclass(frozen=True, slots=True)
class MessageStop:
    pass


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """The server gave up after its 200: the stream ends with this."""

    type: str
    message: str
    request_id: str | None
    error: Wire
    """The `error` object as it came."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of a type this program does not know, verbatim: a new API event is not a crash."""

    type: str
    data: Wire


@dataclass(frozen=True, slots=True)
class Malformed:
    """An event that cannot be read."""

    reason: str
    text: str


Delta = TextDelta | ThinkingDelta | SignatureDelta | InputJsonDelta | CitationsDelta | OtherDelta
Event = (
    MessageStart | BlockStart | Delta | BlockStop | MessageDelta | MessageStop | Ping | ErrorEvent | Unknown | Malformed
)

_TEXT_DELTAS: Final[dict[str, tuple[Callable[[int, str], Delta], str]]] = {
    "text_delta": (TextDelta, "text"),
    "thinking_delta": (ThinkingDelta, "thinking"),
    "input_json_delta": (InputJsonDelta, "partial_json"),
    "signature_delta": (SignatureDelta, "signature"),
}
DONE: Final = "[DONE]"
"""What OpenAI-style gateways send last; it says nothing about the message."""


_COMMON: Final = re.compile(
    r'\{"type":"content_block_delta","index":([0-9]|[1-9][0-9]{1,3}),"delta":'
    r'\{"type":"(text|thinking)_delta","\2":"([^"\\\x00-\x1f]*)"\} *\}'
)
"""Nineteen events in twenty, as the API writes them when nothing in the text is escaped."""


def parse(frame: Frame) -> Event:
    """Read one frame; `data.type` wins over the `event:` line, which some servers leave out.

    The common form takes a short way that costs half of a JSON parser and means the same.
    """
    text = frame.data
    if common := _COMMON.fullmatch(text):
        index, kind, piece = common.groups()
        return TextDelta(int(index), piece) if kind == "text" else ThinkingDelta(int(index), piece)
    try:
        data = strict_json.loads(text)
        if not isinstance(data, dict):
            raise _ShapeError("not a JSON object")
        kind = data.get("type") or frame.event
        if kind == "content_block_delta":
            return _delta(data, text)
        return _event(kind, strict_json.encodable(data) if "\\u" in text else data)
    except (strict_json.BadJsonError, _ShapeError) as problem:
        if text == DONE:
            return Unknown(DONE, {})
        if frame.event == "error":
            return ErrorEvent("", text, None, {})
        return Malformed(str(problem), text)


class _ShapeError(ValueError):
    """A field holds a value of the wrong type; the message names it."""


def _delta(data: Wire, text: str) -> Event:
    index = _index(data)
    delta = data.get("delta")
    if not isinstance(delta, dict):
        raise _ShapeError("delta is not an object")
    kind = delta.get("type")
    row = _TEXT_DELTAS.get(kind) if isinstance(kind, str) else None
    if row is not None:
        make, field = row
        value = delta.get(field)
        if isinstance(value, str):
            return make(index, value)
        if value is None:
            return make(index, "")
        raise _ShapeError(f"{field} is not text")
    if "\\u" in text:
        delta = strict_json.encodable(delta)
    if delta.get("type") == "citations_delta":
        return CitationsDelta(index, _object(delta, "citation"))
    return OtherDelta(index, delta)


def _event(kind: object, data: Wire) -> Event:
    match kind:
        case "message_start":
            return MessageStart(_object(data, "message"))
        case "content_block_start":
            return BlockStart(_index(data), _object(data, "content_block"))
        case "content_block_stop":
            return BlockStop(_index(data))
        case "message_delta":
            return MessageDelta(_object(data, "delta"), _object(data, "usage"))
        case "message_stop":
            return MessageStop()
        case "ping":
            return Ping()
        case str() if kind and kind != "error":
            return Unknown(kind, data)
        case _ if kind == "error" or "error" in data:
            return _error(data)
    raise _ShapeError("no type")


def _error(data: Wire) -> ErrorEvent:
    """Read the API's error object, or a bare text in its place."""
    error = data.get("error")
    found: Wire = error if isinstance(error, dict) else {"message": error or data.get("message")}
    kind, message, request_id = found.get("type"), found.get("message"), data.get("request_id")
    return ErrorEvent(
        kind if isinstance(kind, str) else "",
        message if isinstance(message, str) else "",
        request_id if isinstance(request_id, str) else None,
        found,
    )


def _index(data: Wire) -> int:
    """The block's number; a server that leaves it out has one block."""
    index = data.get("index", 0)
    if type(index) is int and index >= 0:
        return index
    raise _ShapeError("index is not a number from 0 on")


def _object(data: Wire, key: str) -> Wire:
    """A member that is an object; absent and null are both empty."""
    value = data.get(key)
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise _ShapeError(f"{key} is not an object")
