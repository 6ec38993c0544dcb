"""Servers that say what no server should: for the stories that see the program stay all the same."""

from __future__ import annotations

from itertools import cycle
from typing import Final

from tests.engine.behaviours import CASES
from tests.engine.fault_server import Behave, Talk, event, head, sends

NEVER_END: Final = ("N13 silence", "S01 silence", "S17 a byte a second", "H429 for an hour")
"""What only a person, or ten minutes, ends; stories of their own show it."""
LARGE: Final = ("S16 huge event", "S17 one-byte chunks", "N13 endless header")
ODD: Final[tuple[object, ...]] = (None, -1, 10**30, 0.5, "7", [], {"a": 1}, "\x1b[31m", "x" * 3000)
"""What no server should say where a number, a text or a list is due."""


def strange(value: object) -> Behave:
    """A whole stream in which this stands wherever something can."""
    said = {"input_tokens": value, "output_tokens": value, "cache_creation": value, "iterations": [value]}
    message = {"id": value, "model": value, "role": value, "content": value, "usage": said}
    block = {"type": value, "text": value, "name": value, "input": value, "citations": value}
    pieces = (
        event("message_start", message=message),
        event("content_block_start", index=0, content_block=block),
        event("content_block_delta", index=0, delta={"type": value, "text": value}),
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": "kept"}),
        event("content_block_delta", index=value, delta={"type": "text_delta", "text": "lost"}),
        event("content_block_stop", index=0),
        event("message_delta", delta={"stop_reason": value, "container": value}, usage=said),
        event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 1}),
        event("message_stop"),
    )
    told = {f"anthropic_ratelimit_requests_{part}": str(value)[:20] for part in ("limit", "remaining", "reset")}
    limits = {f"x_ratelimit_{part}_tokens": "9s" for part in ("limit", "remaining", "reset")}
    date = "Fri, 31 Dec 9999 23:59:59 GMT"
    headers = told if isinstance(value, int | float) else limits
    return sends(head(request_id="r", date=date, **headers), *pieces)


def behaviours(many: int) -> list[Behave]:
    """The odd values, and every so manieth of what a network can do; with all of it what takes long too."""
    names = [name for name in CASES if name not in NEVER_END and (many == 1 or name not in LARGE)]
    return [*map(strange, ODD), *(CASES[name].behave for name in names[::many])]


async def counts_too(talk: Talk) -> bool:
    """Answer a question for the number of tokens; whether it was one."""
    if b"/count_tokens" not in talk.head.partition(b"\r\n")[0]:
        return False
    body = b'{"input_tokens": 12}'
    await talk.send(head(kind="application/json", content_length=len(body)), body)
    return True


def in_turn(chosen: list[Behave]) -> Behave:
    """Each request is answered as the next of them says."""
    following = cycle(chosen)

    async def behave(talk: Talk) -> None:
        if not await counts_too(talk):
            await next(following)(talk)
            talk.writer.close()

    return behave
