"""JSON from strangers: what the standard library takes too far is an error here."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

MAX_DEPTH: Final = 64
_SPACE: Final = " \t\r\n"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class BadJsonError(ValueError):
    """The text is no JSON that anything here may build on; its message is the reason."""


class TooMuchError(BadJsonError):
    """It is JSON, but more than is taken: too deep, or with a number that nothing here could hold."""


def loads(text: str) -> Any:
    """The value of a JSON text.

    Raises `BadJsonError`, and nothing else, for what is not JSON, for NaN and infinities, for integers
    beyond Python's limit of digits, and for nesting deeper than 64.
    """
    try:
        value, end = _DECODER.raw_decode(text)
        if end != len(text) and text[end:].strip(_SPACE):
            raise BadJsonError("text after the JSON value")
    except json.JSONDecodeError:
        return _loads_after_space(text)
    except RecursionError:
        raise TooMuchError("nested too deeply") from None
    except BadJsonError:
        raise
    except ValueError:
        raise TooMuchError("a number with too many digits") from None
    if too_deep(text, value):
        raise TooMuchError("nested too deeply")
    return value


def too_deep(text: str, value: object, deepest: int = MAX_DEPTH) -> bool:
    """Whether the value of a JSON text nests deeper than so many levels."""
    return text.count("{") + text.count("[") > deepest and _deeper(value, deepest)


def encodable(value: Any) -> Any:
    """The same JSON value with every lone surrogate replaced by U+FFFD: UTF-8 has no form for one."""
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list():
            return [encodable(item) for item in value]
        case dict():
            return {encodable(key): encodable(item) for key, item in value.items()}
    return value


def _loads_after_space(text: str) -> Any:
    """Try again without leading white space, which the quick way does not skip."""
    if not text or text[0] not in _SPACE:
        raise BadJsonError("not JSON" if text else "empty")
    return loads(text.lstrip(_SPACE))


def _refuse(constant: str) -> float:
    raise BadJsonError(f"{constant} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise TooMuchError("a number too large")
    return number


def _deeper(value: object, limit: int) -> bool:
    """Whether lists and objects lie deeper than `limit`, counted without recursion."""
    level: list[object] = [value]
    for _ in range(limit):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        if not below:
            return False
        level = below
    return any(isinstance(item, dict | list) for item in level)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
