"""Made-up streams as the API sends them, for the benchmarks that decode and the server that sends them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, Final

PROSE: Final = (
    "the answer of a model is made of words that come one after the other and mean something when they are read "
    "together with what stood before refund order customer policy temperature sampling window budget"
)
WORDS: Final = PROSE.split()
USAGE: Final = {
    "input_tokens": 1204,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 988,
    "output_tokens": 1,
    "service_tier": "standard",
}


def event(kind: str, **fields: Any) -> bytes:
    data = json.dumps({"type": kind, **fields}, separators=(",", ":"), ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def delta(index: int, kind: str, **fields: Any) -> bytes:
    return event("content_block_delta", index=index, delta={"type": kind, **fields})


def start(model: str = "claude-sonnet-4-6") -> bytes:
    return event(
        "message_start",
        message={
            "id": "msg_01Benchmark",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": USAGE,
        },
    )


def end(tokens: int, reason: str = "end_turn") -> Iterator[bytes]:
    yield event(
        "message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={**USAGE, "output_tokens": tokens}
    )
    yield event("message_stop")


def words(chance: random.Random) -> Iterator[str]:
    """Tokens of prose for ever: plain words, some marked, quoted or ending a line."""
    while True:
        word = chance.choice(WORDS)
        match chance.randrange(40):
            case 0:
                yield f"**{word}** "
            case 1:
                yield f'"{word}" '
            case 2:
                yield f"{word}.\n\n"
            case 3:
                yield f"– {word} "
            case _:
                yield f"{word} "


def block(index: int, start_with: dict[str, Any], deltas: Iterator[bytes]) -> Iterator[bytes]:
    yield event("content_block_start", index=index, content_block=start_with)
    yield from deltas
    yield event("content_block_stop", index=index)


def whole(events: int) -> list[bytes]:
    """About as many events: a tenth thinking, a twentieth the arguments of a tool, the rest text; a ping in 200."""
    chance = random.Random(1)
    prose = words(chance)
    found = [start()]
    thinking = (delta(0, "thinking_delta", thinking=next(prose)) for _ in range(events // 10))
    found += block(0, {"type": "thinking", "thinking": "", "signature": ""}, thinking)
    for number in range(events - events // 10 - events // 20):
        if number == 0:
            found.append(event("content_block_start", index=1, content_block={"type": "text", "text": ""}))
        found.append(delta(1, "text_delta", text=next(prose)))
        if number % 200 == 199:
            found.append(event("ping"))
    found.append(event("content_block_stop", index=1))
    pieces = json.dumps({"order": list(range(events // 20))}).split(" ")[: events // 20]
    arguments = (delta(2, "input_json_delta", partial_json=piece + " ") for piece in pieces)
    found += block(2, {"type": "tool_use", "id": "toolu_01", "name": "look_up", "input": {}}, arguments)
    found += end(events, "tool_use")
    return found
