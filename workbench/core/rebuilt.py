"""The request of an earlier run, made again from its session; a run is the same only when its bytes are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product

from workbench.core.conversation import request_with
from workbench.core.kinds import Json
from workbench.core.params import LASTING, from_mapping
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.session import Session
from workbench.core.shape import every


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the session would send for a run now."""

    request: Request
    exact: bool
    """Whether its bytes have the SHA-256 of those that were sent."""
    draft: str | Json | None = None
    """What was asked without being a turn of the session."""


def rebuild(
    session: Session,
    record: RunRecord,
    drafts: Iterable[str | Json] = (),
    fill: Callable[[Request], Request] = lambda request: request,
    versions: Iterable[str] = (),
) -> Rebuilt | None:
    """The request of a run as its session makes it now, or None where too little is known to make one.

    Turns are never overwritten; their cache breakpoints are those of the run, and so are the variables that it had
    other than its session, but another variable may have another value by now. `drafts` are what may have been asked
    under the run's parent without being a turn of the session, as a sweep does; `fill` puts files in place of their
    paths; `versions` are those that the user's endpoints have in place of the API's. Earlier versions sent less
    thinking along, and that is tried too.
    """
    params, unknown, _ = from_mapping(record.params)
    if unknown or (record.parent is not None and record.parent not in session.by_id):
        return None
    for name, value in record.variables.items():
        session = session.with_variable(name, value)
    marks = {each.id: record.breakpoints.get(each.id) for each in session.path(record.parent)}
    session = session.with_cache({name: mark if mark in LASTING else None for name, mark in marks.items()})
    session = session.towards(record.endpoint) if record.endpoint else session
    found: Rebuilt | None = None
    for draft, as_before in product((None, *drafts), (False, True)):
        made = fill(request_with(session, params, record.parent, draft, as_before=as_before))
        sent = _as_sent(made, record.request_sha256, versions)
        if made.turns and (sent is not None or found is None):
            found = Rebuilt(sent or made, sent is not None, draft)
        if sent is not None:
            break
    return found


def _as_sent(made: Request, digest: str | None, versions: Iterable[str]) -> Request | None:
    """The request in the form whose bytes have this SHA-256: what a cloud took may be reachable otherwise by now."""
    if not digest:
        return None
    chosen = (made.params.version,) if made.params.version else ()
    forms = (replace(made, shape=shape) for shape in every((*chosen, *versions)))
    return next((each for each in forms if each.digest == digest), None)
