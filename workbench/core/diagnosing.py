"""Why a cache was missed: what is asked with a request, and the server's reason in words (claude-api §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench.core.kinds import Json

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.request import Request
    from workbench.core.session import Lane, Session

AUTO: Final = "auto"
LONGEST: Final = 60
"""Characters of a reason that nobody documents."""
REASONS: Final[Mapping[str, str]] = {
    "model_changed": "the model or the speed is another",
    "system_changed": "the system prompt is another",
    "tools_changed": "the tools are others, or in another order",
    "messages_changed": "an earlier turn is another",
    "previous_message_not_found": "the server no longer knows the request before",
    "unavailable": "no diagnosis; thinking, effort or tool choice may be another",
}


def pointed(request: Request, session: Session, lane: Lane) -> Request:
    """The request with `auto` replaced by the id of the lane's last answer; with none, it compares with nothing."""
    asked = request.params.diagnostics
    previous = previous_id(session, lane) if asked is not None and asked.value == AUTO else None
    if previous is None:
        return request
    return replace(request, params=request.params.set("diagnostics", Json.of({"previous_message_id": previous})))


def previous_id(session: Session, lane: Lane) -> str | None:
    """The id of the newest answer of the lane; of a lane without one, of the conversation that it stands in."""
    own = next((run.message_id for run in reversed(session.runs) if run.lane == lane.id and run.message_id), None)
    if own is not None:
        return own
    answered = (session.run_by_id.get(each.run or "") for each in reversed(session.path(lane.tip)))
    return next((run.message_id for run in answered if run is not None and run.message_id), None)


def told(record: RunRecord) -> str:
    """`cache missed: the system prompt is another (≈ 3 012 tokens)`; empty where the server gave no reason."""
    reason = record.diagnostics.get("cache_miss_reason")
    if not isinstance(reason, Mapping):
        return ""
    kind = reason.get("type")
    words = REASONS.get(str(kind), str(kind)[:LONGEST])
    missed = reason.get("cache_missed_input_tokens")
    tokens = f" (≈ {missed:,} tokens)".replace(",", " ") if type(missed) is int else ""
    return f"cache missed: {words}{tokens}"
