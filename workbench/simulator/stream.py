"""A reply on its way: events at the reply's pace, output counted as it is made, and whatever goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.simulator.errors import ApiError
from workbench.simulator.exchange import Cut, Response, Silence
from workbench.simulator.sse_writer import MALFORMED, event, steps

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from workbench.simulator.buckets import Buckets
    from workbench.simulator.chance import Chance
    from workbench.simulator.faults import Mishap
    from workbench.simulator.ids import Ids
    from workbench.simulator.pace import Pace
    from workbench.simulator.reply import Reply

TOGETHER: Final = 1 << 12
"""Events that need no waiting are sent together up to this many bytes."""
LAST: Final = b"event: message_delta"
"""What an answer that is too short for its fault goes wrong before: after it, it would be as good as whole."""


@dataclass
class Stream:
    reply: Reply
    message: dict[str, object]
    final_usage: dict[str, object]
    pace: Pace
    chance: Chance
    buckets: Buckets | None
    mishap: Mishap | None

    async def pieces(self, ids: Ids) -> AsyncIterator[bytes]:
        """Bytes to send, each at its time."""
        waiting = bytearray()
        made = 0
        for step in steps(self.reply, self.message, self.final_usage, self.chance):
            made += step.tokens
            if step.tokens:
                if waiting and (self.pace.waits or len(waiting) > TOGETHER):
                    yield bytes(waiting)
                    waiting.clear()
                await self.pace.tokens(step.tokens)
                if self.buckets is not None:
                    self.buckets.spend(step.tokens)
            last = step.data.startswith(LAST)
            if not last:
                waiting += step.data
            if self.mishap and (last or made >= self.mishap.after):
                yield bytes(waiting)
                waiting.clear()
                if self.mishap.kind != "slow":
                    async for piece in self._goes_wrong(self.mishap, ids):
                        yield piece
                    return
                self.pace.trickle()
                self.mishap = None
            if last:
                waiting += step.data
        yield bytes(waiting)

    async def _goes_wrong(self, mishap: Mishap, ids: Ids) -> AsyncIterator[bytes]:
        match mishap.kind:
            case "stream-error":
                yield event("error", error=ApiError(529).error(), request_id=ids.next("req"))
            case "malformed":
                yield MALFORMED
            case "cut":
                raise Cut
            case "stall":
                raise Silence
            case _:
                return  # `end`: a polite end without `message_stop`


def broken_body(response: Response, mishap: Mishap, pace: Pace) -> Response:
    """The same faults for a message that isn't streamed."""
    body = bytes(response.body) if isinstance(response.body, bytes) else b""
    if mishap.kind == "stream-error":
        raise ApiError(529)
    if mishap.kind == "malformed":
        response.body = body[: len(body) // 2]
        return response
    response.length = len(body)
    response.body = _halved(body, mishap.kind, pace)
    return response


async def _halved(body: bytes, kind: str, pace: Pace) -> AsyncIterator[bytes]:
    middle = len(body) // 2
    yield body[:middle]
    if kind == "stall":
        raise Silence
    if kind in {"cut", "end"}:
        raise Cut
    pace.trickle()
    await pace.tokens(5)
    yield body[middle:]
