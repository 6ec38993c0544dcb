"""A line of a batch's results becomes the run record that the same request sent live would have left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from workbench.core import errors, masking, thoughts, usage
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.run import Run, State
from workbench.core.state import FULL_STATES

if TYPE_CHECKING:
    from workbench.core.batch import Batch
    from workbench.core.endpoint import Endpoint
    from workbench.core.models import Catalogue

CANCELED: Final = Problem(
    "Cancelled with its batch", "The batch was cancelled before this was asked; it costs nothing.", type="canceled"
)
EXPIRED: Final = Problem(
    "Expired",
    "The batch's 24 hours were over before this was asked; it costs nothing.",
    "Send it again: live, or in another batch.",
    type="expired",
)
ENDS: Final[Mapping[str, tuple[State, Problem]]] = {
    "canceled": (State.CANCELLED, CANCELED),
    "expired": (State.REJECTED, EXPIRED),
}
NOT_KNOWN: Final = Problem(
    "Unknown result", "The batch's results say of it what this version does not know.", "Look at it in the console."
)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where results come from, and what decides their price."""

    batch: Batch
    endpoint: Endpoint
    catalogue: Catalogue
    simulated: bool = False
    """Whether the server says that it is a simulator."""
    secrets: tuple[str, ...] = ()


def unasked(record: RunRecord) -> bool:
    """Whether a batch ended before it asked this: the answer is missing, and no more."""
    return record.problem is not None and record.problem.title in {CANCELED.title, EXPIRED.title}


def refused(record: RunRecord) -> bool:
    """Whether a batch asked this and got no answer."""
    return record.state not in FULL_STATES and bool(record.extra.get("batch")) and not unasked(record)


def record_of(line: Mapping[str, Any], begun: RunRecord | None, number: int, landing: Landing) -> RunRecord:
    """The finished record of a line; `number` is its place in the batch, from 0, and makes its id: `b1-17`.

    What nobody knows the request of is kept all the same: it is paid for.
    """
    known = begun or RunRecord(endpoint=landing.batch.endpoint)
    # Repeats ask the very same in one moment: what tells them apart elsewhere are their starts.
    start = (landing.batch.created or datetime.fromtimestamp(0, UTC)) + timedelta(microseconds=number)
    run = Run(
        id=f"{landing.batch.id}-{number + 1}",
        lane=known.lane,
        parent=known.parent,
        endpoint=known.endpoint,
        params=Params(),
        model=known.model,
        started=start,
        request_sha256=known.request_sha256,
        attempts=1,
        sent=True,
        simulated=landing.simulated or landing.endpoint.simulated,
    )
    _end(run, line.get("result"), landing.secrets)
    run.unpaid = run.state in {State.REJECTED, State.CANCELLED}
    cost = usage.charged(run, landing.endpoint, landing.catalogue, batch=True)
    extra = {**known.extra, "batch": landing.batch.server_id, "custom_id": str(line.get("custom_id", ""))}
    made = run.record(cost)
    bound_to = known.conversation_sha256 if thoughts.has(made.content) else ""
    kept = replace(made, params=known.params, breakpoints=known.breakpoints, variables=known.variables)
    return replace(kept, conversation_sha256=bound_to, extra=extra)


def _end(run: Run, result: object, secrets: tuple[str, ...]) -> None:
    """Fold one result into the run."""
    found = result if isinstance(result, Mapping) else {}
    kind = str(found.get("type", ""))
    if kind == "succeeded" and isinstance(message := found.get("message"), dict):
        run.apply_message(message)
        run.finish()
    elif kind == "errored":
        run.request_id, problem = _error(found.get("error"))
        run.end(State.REJECTED, masking.masked_problem(problem, secrets))
    elif kind in ENDS:
        run.end(*ENDS[kind])
    else:
        run.end(State.MALFORMED, replace(NOT_KNOWN, type=kind[:60] or None))


def _error(found: object) -> tuple[str | None, Problem]:
    """The request id and the problem; the error stands in the API's usual frame, on some servers without it."""
    frame = found if isinstance(found, Mapping) else {}
    inner = frame.get("error")
    error = inner if isinstance(inner, Mapping) else frame
    status = errors.TYPES.get(str(error.get("type")), 500)
    told = errors.from_event(error)
    row = errors.STATUSES[status]
    request_id = frame.get("request_id")
    hint = row.hint if told.hint.startswith(row.hint) else told.hint
    return (
        request_id if isinstance(request_id, str) else None,
        replace(told, title=row.title if "stream" in told.title else told.title, hint=hint, status=status),
    )
