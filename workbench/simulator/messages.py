"""`POST /v1/messages` and `/v1/messages/count_tokens`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from workbench.simulator import cache, check, reply, usage, wishes
from workbench.simulator.chance import Chance
from workbench.simulator.errors import invalid
from workbench.simulator.exchange import Response
from workbench.simulator.pace import Pace
from workbench.simulator.stream import Stream, broken_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.simulator.ask import Ask
    from workbench.simulator.call import Call
    from workbench.simulator.reply import Reply
    from workbench.simulator.service import Service


FAST: Final = 2.5
"""How much quicker fast mode is."""


async def create(call: Call) -> Response:
    """Checks, limits, cache and a wait; then a message, whole or as a stream."""
    service = call.service
    started = service.clock()
    ask = check.message(call.body(), call.version, service.catalogue, call.betas, service.now().date())
    wish = wishes.read(ask, call.request)
    prompt = cache.prompt_of(ask)
    check.fits(ask, prompt.total)
    split = service.cache.look_up(prompt, started)
    buckets = service.buckets_of(ask.model, fast=ask.fast)
    headers = {}
    if buckets is not None:
        buckets.take(split.limited, now=service.now(), model=ask.model.id, organization=service.ids.organization)
        headers = buckets.headers(service.now())
    answer = reply.compose(ask, service.seed, service.ordinal(ask), service.ids, prompt.total)
    answer = wishes.granted(answer, wish, ask)
    chance = Chance(service.seed, "pace", ask.fingerprint)
    pace = Pace(service.speed * (FAST if ask.fast else 1.0), service.clock, service.sleep, chance)
    await pace.opening(prompt.total)
    message = _message(ask, service.ids.next("msg"))
    message["diagnostics"] = service.diagnoses.take(str(message["id"]), ask, prompt, split)
    if ask.stream:
        service.cache.remember(prompt, started)
        message["usage"] = usage.at_start(ask, split, min(answer.output_tokens, chance.between(1, 3)))
        stream = Stream(answer, message, usage.at_end(split, answer), pace, chance, buckets, call.mishap)
        head = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
        return Response(200, {**head, **headers}, stream.pieces(service.ids))
    await pace.tokens(answer.output_tokens)
    service.cache.remember(prompt, started)
    if buckets is not None:
        buckets.spend(answer.output_tokens)
        headers = buckets.headers(service.now())
    finish(message, answer, usage.whole(ask, split, answer))
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    response = Response(200, {"content-type": "application/json", **headers}, body)
    return broken_body(response, call.mishap, pace) if call.mishap else response


async def count_tokens(call: Call) -> Response:
    """What the same body would weigh as input; free, and with a limit of its own."""
    service = call.service
    ask = check.count(call.body(), call.version, service.catalogue)
    headers = {}
    buckets = service.buckets("count_tokens", factor=2)
    if buckets is not None:
        buckets.take(0, now=service.now(), model=ask.model.id, organization=service.ids.organization)
        headers = {name: value for name, value in buckets.headers(service.now()).items() if "-requests-" in name}
    body = json.dumps({"input_tokens": cache.prompt_of(ask).total}).encode()
    return Response(200, {"content-type": "application/json", **headers}, body)


def in_batch(params: Mapping[str, object], version: str, betas: tuple[str, ...], service: Service) -> dict[str, object]:
    """One request of a batch, answered at once. Raises ApiError, which becomes its result."""
    for refused in ("stream", "speed"):
        if params.get(refused):
            raise invalid(f"{refused}: not supported in batches")
    if params.get("max_tokens") == 0:
        raise invalid("max_tokens: 0 is not supported in batches")
    ask = check.message(params, version, service.catalogue, betas, service.now().date())
    prompt = cache.prompt_of(ask)
    check.fits(ask, prompt.total)
    now = service.clock()
    split = service.cache.look_up(prompt, now)
    service.cache.remember(prompt, now)
    answer = reply.compose(ask, service.seed, service.ordinal(ask), service.ids, prompt.total)
    answer = wishes.granted(answer, wishes.read(ask), ask)
    message = _message(ask, service.ids.next("msg"))
    message["diagnostics"] = service.diagnoses.take(str(message["id"]), ask, prompt, split)
    finish(message, answer, usage.whole(ask, split, answer, tier="batch"))
    return message


def _message(ask: Ask, message_id: str) -> dict[str, object]:
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": ask.model.snapshot,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "container": None,
        "diagnostics": None,
        "usage": {},
    }


def finish(message: dict[str, object], answer: Reply, used: dict[str, object]) -> None:
    """Turn the message of a stream's start into the whole one."""
    message["content"] = [part.block() for part in answer.parts]
    message["stop_reason"] = answer.stop_reason
    message["stop_sequence"] = answer.stop_sequence
    message["stop_details"] = answer.stop_details
    message["usage"] = used
