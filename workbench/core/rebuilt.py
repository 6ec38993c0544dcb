"""The request of an earlier run, made again from its session; a run is the same only when its bytes are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from workbench.core.conversation import request_of
from workbench.core.params import from_mapping
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.session import Session


def request(session: Session, record: RunRecord, drafts: Iterable[str] = ()) -> Request | None:
    """The request whose body has the run's SHA-256, or None where the session no longer makes it.

    Turns are never overwritten, but a variable in them may have another value by now. `drafts` are what may have been
    asked under the run's parent without being a turn of the session, as a sweep does.
    """
    if not record.request_sha256 or (record.parent is not None and record.parent not in session.by_id):
        return None
    params, unknown, _ = from_mapping(record.params)
    if unknown:
        return None
    for draft in (None, *drafts):
        made = replace(request_of(session, session.lane(), record.parent, draft), params=params)
        if sha256(made.encoded).hexdigest() == record.request_sha256:
            return made
    return None
