"""A run's wire as sections: times, tries, request, body, response, events; what isn't known says so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Final

from workbench.core import eventstream
from workbench.core.arrivals import arrivals
from workbench.core.base64_text import folded
from workbench.core.figures import grouped
from workbench.core.rebuilt import Rebuilt
from workbench.core.record import RunRecord
from workbench.core.request import encode
from workbench.engine.wire import Try, Wire
from workbench.ui.wire.event_section import EventSection
from workbench.ui.wire.section import Section, TextSection
from workbench.ui.wire.signs import header_spans, json_spans, reading, shown
from workbench.ui.wire.timing import TimingSection

NOT_KEPT: Final = "not kept: the raw events are kept only until the program ends"
WHOLE: Final = "none: the answers of a batch come whole, and all at once"
REBUILT: Final = "rebuilt from the session: its SHA-256 is that of the request"
NOT_REBUILT: Final = (
    "Not kept, and it can't be rebuilt exactly: what the session sends now has another SHA-256. "
    "A variable may have another value since, or another program made this run."
)
IN_BATCH: Final = "rebuilt from the session, as it stood in its batch: without `stream`"
FRAMED: Final = "its events came in AWS's frames, and are shown and recorded without them"
LONG: Final = 4_096
"""Bytes of a body in which there may be something to fold."""
NO_HASH: Final = "Not kept, and no SHA-256 of it was recorded: what was sent can't be shown for certain."


def of_wire(
    record: RunRecord, wire: Wire, *, exact: bool = True, linear: bool = False, before: EventSection | None = None
) -> list[Section]:
    """The wire of a run of this start; `before` are the events as they were shown until now."""
    found: list[Section] = [TimingSection(record, wire.pieces)]
    if wire.tries:
        found.append(_tries(wire.tries))
    line = f"POST {wire.url}" if wire.url else "not sent"
    request = "\n".join([line, *_headers(wire.request_headers)]) + "\n"
    note = " · ".join(part for part in (wire.signed_by, "the key is masked", wire.route) if part)  # the last go first
    found.append(TextSection("request", note, shown(request).removesuffix("\n"), request, header_spans))
    found.append(_body(wire.request_body, "", exact=exact))
    if wire.status is None:
        found.append(TextSection("response", "no response came", "", ""))
        return found
    response = "\n".join([f"HTTP {wire.status}", *_headers(wire.response_headers)]) + "\n"
    note = FRAMED if eventstream.CONTENT_TYPE in wire.response_headers.get("content-type", "").lower() else ""
    found.append(TextSection("response", note, shown(response).removesuffix("\n"), response, header_spans))
    found.append(_answer(wire, before, exact=exact, linear=linear))
    if wire.oddities:
        odd = "\n".join(wire.oddities)
        found.append(TextSection("oddities", grouped(len(wire.oddities)), shown(odd), f"{odd}\n"))
    return found


def of_record(record: RunRecord, rebuilt: Rebuilt | None, *, exact: bool = True) -> list[Section]:
    """What is still known of a run of an earlier start."""
    found: list[Section] = [TimingSection(record, ())]
    if record.attempts > 1:
        found.append(TextSection("tries", f"{record.attempts}; why the first failed is not kept", "", ""))
    batch = record.extra.get("batch")
    found.append(TextSection("request", f"part of the message batch {batch}" if batch else NOT_KEPT, "", ""))
    if rebuilt is not None and rebuilt.exact and batch:
        found.append(_body(encode(rebuilt.request.body(stream=False)), IN_BATCH, exact=exact))
    elif rebuilt is not None and rebuilt.exact:
        found.append(_body(rebuilt.request.encoded, REBUILT, exact=exact))
    else:
        reason = NOT_REBUILT if record.request_sha256 else NO_HASH
        found.append(TextSection("body", "", reason, ""))
    lines = [f"request-id: {record.request_id}"] if record.request_id else []
    lines += [f"HTTP {record.problem.status}"] if record.problem and record.problem.status else []
    known = "\n".join(lines)
    why = WHOLE if batch else NOT_KEPT
    found.append(TextSection("response", why, shown(known), f"{known}\n" if known else "", header_spans))
    found.append(TextSection("events", why, "", ""))
    return found


def _headers(headers: Mapping[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]


def _body(body: bytes, source: str, *, exact: bool) -> TextSection:
    """The request's body as its bytes, or in the form for reading; either way the bytes are what is copied."""
    text, short, digest = _looked_at(body)
    size = f"{grouped(len(body))} bytes"
    form = "exact bytes" if exact else "for reading; y copies the exact bytes"
    form = form if short is text else f"{form} · base64 is folded, y copies it whole"
    readable = None if exact else reading(short)
    note = " · ".join(part for part in (size, form, source, digest) if part)
    return TextSection("body", note, readable if readable is not None else shown(short), text, json_spans)


@lru_cache(maxsize=2)
def _looked_at(body: bytes) -> tuple[str, str, str]:
    """The text of a body, the same with its long base64 folded, and its digest; while an answer comes it stays."""
    text = body.decode(errors="replace")
    short = folded(text) if len(text) > LONG else text
    return text, text if short == text else short, f"SHA-256 {sha256(body).hexdigest()[:16]}…"


def _answer(wire: Wire, before: EventSection | None, *, exact: bool, linear: bool) -> Section:
    """The events, or the body of an answer that was none."""
    kind = wire.response_headers.get("content-type", "").partition(";")[0].strip().lower()
    if not wire.keep:
        return TextSection("events", "not kept", "", "")
    if kind.endswith(("json", "html")) or not 200 <= (wire.status or 0) < 300:
        body = b"".join(piece for _, piece in wire.pieces)
        text = body.decode(errors="replace")
        readable = None if exact else reading(text)
        note = f"{grouped(len(body))} bytes"
        return TextSection("answer", note, readable if readable is not None else shown(text), text, json_spans)
    if before is None:
        return EventSection(arrivals(wire.pieces), len(wire.pieces), exact=exact, linear=linear)
    came = before.arrivals if before.pieces == len(wire.pieces) else arrivals(wire.pieces)
    made = EventSection(came, len(wire.pieces), exact=exact, linear=linear)
    made.opened = before.opened
    return made


def _tries(tries: list[Try]) -> TextSection:
    """What failed before, and how long was waited for the next."""
    lines: list[str] = []
    for number, each in enumerate(tries, 1):
        problem = each.problem
        status = f" · HTTP {problem.status}" if problem.status is not None else ""
        waited = f" · then waited {each.waited:.3f}s" if each.waited is not None else ""
        lines.append(f"{number}  {problem.title}{status} · after {each.seconds:.3f}s{waited}")
        if problem.detail:
            lines.append(f"   {problem.detail}")
    text = "\n".join(lines)
    count = "1 failed" if len(tries) == 1 else f"{len(tries)} failed"
    return TextSection("tries", count, shown(text), f"{text}\n")
