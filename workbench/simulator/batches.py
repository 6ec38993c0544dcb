"""Message batches: nothing runs in the background, a batch is as far as the clock says when it is looked at."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from workbench.simulator import messages, paging
from workbench.simulator.batch import KEPT, Batch
from workbench.simulator.errors import ApiError, invalid
from workbench.simulator.exchange import Response
from workbench.simulator.shape import dictionary, list_of, string, struct

if TYPE_CHECKING:
    from workbench.simulator.call import Call
    from workbench.simulator.service import Service
    from workbench.simulator.shape import Block

LIMIT: Final = 256 << 20
MOST: Final = 100_000
CUSTOM_ID: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
FIELDS: Final = struct({"requests": list_of(struct({"custom_id": string, "params": dictionary}))})
WINDING_UP_S: Final = 2.0
"""How long a cancelled batch takes to end."""


def advance(batch: Batch, service: Service) -> None:
    """Bring a batch to where it would be by now."""
    if batch.ended is not None:
        return
    now = service.clock()
    over = now - batch.begun - min(batch.takes, KEPT.total_seconds())
    if batch.cancelled is not None:
        over = max(over, now - batch.cancelled_at - min(WINDING_UP_S, batch.takes))
    if over < 0:
        return
    batch.ended = service.now() - timedelta(seconds=over)
    until = batch.begun + KEPT.total_seconds() if batch.cancelled is None else batch.cancelled_at
    done = round(len(batch.requests) * min(1.0, (until - batch.begun) / max(batch.takes, 1e-9)))
    left: Block = {"type": "expired" if batch.cancelled is None else "canceled"}
    for at, (custom_id, params) in enumerate(batch.requests):
        result = _result(batch, params, service) if at < done else left
        batch.results.append({"custom_id": custom_id, "result": result})


def _result(batch: Batch, params: Block, service: Service) -> Block:
    try:
        return {"type": "succeeded", "message": messages.in_batch(params, batch.version, batch.betas, service)}
    except ApiError as error:
        request_id = service.ids.next("req")
        return {"type": "errored", "error": {"type": "error", "error": error.error(), "request_id": request_id}}


async def create(call: Call) -> Response:
    """Only the frame is checked now; each request's own mistakes show in its result."""
    body = call.body(LIMIT)
    FIELDS(body, "")
    requests = tuple(
        (str(each["custom_id"]), cast("Block", each["params"])) for each in cast("list[Block]", body["requests"])
    )
    if not requests:
        raise invalid("requests: List should have at least 1 item after validation, not 0")
    if len(requests) > MOST:
        raise invalid(f"requests: at most {MOST} requests are allowed")
    seen: set[str] = set()
    for at, (custom_id, _) in enumerate(requests):
        if not CUSTOM_ID.fullmatch(custom_id):
            raise invalid(f"requests.{at}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'")
        if custom_id in seen:
            raise invalid(f"requests.{at}.custom_id: custom_id must be unique: {custom_id}")
        seen.add(custom_id)
    service = call.service
    buckets = service.buckets("batches")
    if buckets is not None:
        buckets.take(0, now=service.now(), model="batches", organization=service.ids.organization)
    batch = Batch(
        id=service.ids.next("msgbatch"),
        requests=requests,
        version=call.version,
        betas=call.betas,
        created=service.now(),
        begun=service.clock(),
        takes=service.batch_seconds,
    )
    service.batches[batch.id] = batch
    return _told(call, batch)


async def list_all(call: Call) -> Response:
    """Newest first."""
    for batch in call.service.batches.values():
        advance(batch, call.service)
    described = [batch.describe(call.service.base_url) for batch in reversed(call.service.batches.values())]
    return _json(paging.page(described, call.request.query))


async def retrieve(call: Call) -> Response:
    return _told(call, _found(call))


async def cancel(call: Call) -> Response:
    batch = _found(call)
    if batch.ended is not None:
        raise invalid(f"Batch {batch.id} cannot be canceled because it has already ended.")
    if batch.cancelled is None:
        batch.cancelled, batch.cancelled_at = call.service.now(), call.service.clock()
    return _told(call, batch)


async def delete(call: Call) -> Response:
    batch = _found(call)
    if batch.ended is None:
        raise invalid(f"Batch {batch.id} cannot be deleted because it is still processing. Cancel it first.")
    del call.service.batches[batch.id]
    return _json({"id": batch.id, "type": "message_batch_deleted"})


async def results(call: Call) -> Response:
    """JSON lines, in no promised order."""
    batch = _found(call)
    if batch.ended is None:
        raise ApiError(404, f"Batch {batch.id} has no results yet: it is still processing.")
    lines = "".join(f"{json.dumps(result, ensure_ascii=False)}\n" for result in batch.results)
    return Response(200, {"content-type": "application/x-jsonl"}, lines.encode("utf-8", "surrogatepass"))


def _found(call: Call) -> Batch:
    batch = call.service.batches.get(call.argument)
    if batch is None:
        raise ApiError(404, f"Batch {call.argument} not found.")
    advance(batch, call.service)
    return batch


def _told(call: Call, batch: Batch) -> Response:
    return _json(batch.describe(call.service.base_url))


def _json(value: object) -> Response:
    return Response(200, {"content-type": "application/json"}, json.dumps(value).encode())
