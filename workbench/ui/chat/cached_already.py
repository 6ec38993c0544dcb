"""What the session's own runs have left in the cache, by their times: nobody is asked to write that once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from workbench.core import rebuilt
from workbench.core.warming import LASTS_S, Prefix, left_cached
from workbench.ui.chat import enclosed

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.request import Request
    from workbench.ui.chat.screen import Chat

LOOKED_AT: Final = 20
"""Runs whose requests are made again, the newest first."""


def prefixes(chat: Chat, requests: Sequence[Request]) -> frozenset[Prefix]:
    """Every prompt that a run of this endpoint wrote or read so short ago that the next can read it."""
    found: set[Prefix] = set()
    fill = enclosed.exact(chat)
    for record, age_s in islice(_late(chat, {each.params.model for each in requests}), LOOKED_AT):
        made = rebuilt.rebuild(chat.session, record, (), fill, chat.desk.versions)
        if made is not None and made.exact:
            found |= left_cached(made.request, _cached(record), age_s, chat.desk.catalogue)
    return frozenset(found)


def _late(chat: Chat, models: set[str | None]) -> Iterator[tuple[RunRecord, float]]:
    """The runs that a cache had a part in and may still have, with their age in seconds."""
    now, name = chat.desk.now(), chat.desk.chosen.endpoint.name
    for record in reversed(chat.session.runs):
        if record.started is None or record.endpoint != name or record.asked_model not in models:
            continue
        age_s = (now - record.started).total_seconds()
        if 0 <= age_s < max(LASTS_S.values()) and _cached(record):
            yield record, age_s


def _cached(record: RunRecord) -> int:
    tokens = record.tokens
    return (tokens.read or 0) + (tokens.write_5m or 0) + (tokens.write_1h or 0)
