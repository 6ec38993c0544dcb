"""The request of an earlier run, made again from its session; a run is the same only when its bytes are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from workbench.core.conversation import request_with
from workbench.core.params import from_mapping
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.session import Session


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the session would send for a run now."""

    request: Request
    exact: bool
    """Whether its bytes have the SHA-256 of those that were sent."""
    draft: str | None = None
    """What was asked without being a turn of the session."""


def rebuild(session: Session, record: RunRecord, drafts: Iterable[str] = ()) -> Rebuilt | None:
    """The request of a run as its session makes it now, or None where too little is known to make one.

    Turns are never overwritten, but a variable in them may have another value by now. `drafts` are what may have been
    asked under the run's parent without being a turn of the session, as a sweep does. Earlier versions sent less
    thinking along, and that is tried too.
    """
    params, unknown, _ = from_mapping(record.params)
    if unknown or (record.parent is not None and record.parent not in session.by_id):
        return None
    found: Rebuilt | None = None
    for draft, as_before in product((None, *drafts), (False, True)):
        made = request_with(session, params, record.parent, draft, as_before=as_before)
        exact = sha256(made.encoded).hexdigest() == record.request_sha256
        if made.turns and (exact or found is None):
            found = Rebuilt(made, exact, draft)
        if exact:
            break
    return found
