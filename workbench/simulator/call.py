"""One request on its way through a route: the request, the service, and what was read from the path."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from workbench.simulator.errors import ApiError, invalid

if TYPE_CHECKING:
    from workbench.simulator.exchange import Request
    from workbench.simulator.faults import Mishap
    from workbench.simulator.service import Service
    from workbench.simulator.shape import Block

MESSAGE_LIMIT: Final = 32 << 20
"""Bytes of a message or a token count; a batch may have eight times as many."""

DEEPEST: Final = 100
"""Levels of JSON; no sensible request comes near, and deeper ones end in a recursion error somewhere."""


@dataclass(frozen=True, slots=True)
class Call:
    service: Service
    request: Request
    version: str
    betas: tuple[str, ...] = ()
    argument: str = ""
    """What the path says after the collection: an id."""
    mishap: Mishap | None = None

    def body(self, limit: int = MESSAGE_LIMIT) -> Block:
        """The JSON object that was sent. Raises ApiError 400 or 413."""
        request = self.request
        if request.too_large or len(request.body) > limit:
            raise ApiError(413, "Request exceeds the maximum size")
        if request.header("content-encoding") not in {"", "identity"}:
            raise invalid("The request body's content-encoding is not supported.")
        try:
            value = json.loads(request.body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise invalid(f"The request body is not valid JSON: {error}") from None
        if not isinstance(value, dict):
            raise invalid("Input should be a valid dictionary")
        if _deeper_than(value, DEEPEST):
            raise invalid(f"The request body is nested deeper than {DEEPEST} levels.")
        return cast("Block", value)


def _deeper_than(value: object, levels: int) -> bool:
    level: list[object] = [value]
    while level and levels >= 0:
        inner = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [each for values in inner if isinstance(values, list) for each in values]
        levels -= 1
    return bool(level)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")
