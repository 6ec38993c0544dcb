"""A reply as server-sent events, step by step with the tokens that each step took to make."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.simulator.chance import Chance
    from workbench.simulator.reply import Part, Reply

DELTAS: Final = {
    "text": ("text_delta", "text"),
    "thinking": ("thinking_delta", "thinking"),
    "tool_use": ("input_json_delta", "partial_json"),
    "server_tool_use": ("input_json_delta", "partial_json"),
}
PING: Final = b'event: ping\ndata: {"type": "ping"}\n\n'
MALFORMED: Final = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"te\n\n'
ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
EMPTY: Final = b'""}}\n\n'
"""How an event of a delta without text ends; all of one block differ in that text alone."""
QUIET_TOKENS: Final = 200
"""How many omitted thinking tokens pass between two pings."""


@dataclass(frozen=True, slots=True)
class Step:
    data: bytes
    tokens: int = 0
    """Made since the last step; the step is sent after the time they take."""


def event(name: str, **fields: object) -> bytes:
    data = ENCODER.encode({"type": name, **fields})
    return f"event: {name}\ndata: {data}\n\n".encode("utf-8", "surrogatepass")


def steps(reply: Reply, message: dict[str, object], final_usage: dict[str, object], chance: Chance) -> Iterator[Step]:
    """The whole stream of a reply, from `message_start` to `message_stop`."""
    yield Step(event("message_start", message=message))
    for index, part in enumerate(reply.parts):
        opening = event("content_block_start", index=index, content_block=part.opening())
        yield Step(opening + PING if index == 0 else opening)
        yield from _deltas(part, index, chance)
        yield Step(event("content_block_stop", index=index))
    delta = {
        "stop_reason": reply.stop_reason,
        "stop_sequence": reply.stop_sequence,
        "stop_details": reply.stop_details,
        "container": None,
    }
    yield Step(event("message_delta", delta=delta, usage=final_usage))
    yield Step(event("message_stop"))


def _deltas(part: Part, index: int, chance: Chance) -> Iterator[Step]:
    if part.whole is not None:
        return
    kind, field = DELTAS[part.kind]
    empty = event("content_block_delta", index=index, delta={"type": kind, field: ""})
    if part.kind.endswith("tool_use"):
        yield Step(empty)
    before, after = empty.removesuffix(EMPTY), EMPTY.removeprefix(b'""')
    at = 0
    while at < len(part.tokens):
        size = chance.between(1, 3) if part.shown else QUIET_TOKENS
        made = part.tokens[at : at + size]
        at += size
        if part.shown:
            text = ENCODER.encode("".join(made)).encode("utf-8", "surrogatepass")
            yield Step(before + text + after, len(made))
        else:
            yield Step(PING, len(made))
    for citation in part.citations:
        cited = {"type": "citations_delta", "citation": citation}
        yield Step(event("content_block_delta", index=index, delta=cited))
    if part.signature:
        signed = {"type": "signature_delta", "signature": part.signature}
        yield Step(event("content_block_delta", index=index, delta=signed))
