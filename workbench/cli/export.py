"""`workbench export`: the request, the conversation or the runs as something to take along."""

from __future__ import annotations

import argparse
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from workbench.cli import asking, canned, context, planning, sending, subject
from workbench.cli.arguments import UsageError
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.documents import DOCUMENTS, Document
from workbench.core.exports.languages import LANGUAGES, Language
from workbench.core.run_list import begun, rows_of
from workbench.engine.results import Results, results_path
from workbench.engine.store import StoreError

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.session import Session


def main(options: argparse.Namespace, output: Output) -> int:
    """Print the request of one lane, or what a session holds. Raises UsageError."""
    asked = asking.read(options)
    if options.language in DOCUMENTS:
        return _document(DOCUMENTS[options.language], asked, output)
    language = _language(options.language)
    around = context.read(output)
    found = subject.begin(asked, around.config, output)
    lanes = found.lanes
    if len(lanes) > 1:
        raise UsageError(f"an export is of one lane: add --lane with one of {', '.join(lane.id for lane in lanes)}")
    session, turns = sending.place(found.session, lanes, asked.prompt, canned.finder(found), asked.attachments)
    endpoint = _endpoint(around, session, asked)
    order = planning.Order(session, turns, found, endpoint, around.catalogue)
    planning.tell_warnings(order, output)
    request = planning.plan(order, 1)[0].request
    try:
        output.write(language.write(Call(request, endpoint)))
    except ExportError as error:
        raise UsageError(str(error)) from error
    return 0


def _document(document: Document, asked: asking.Asking, output: Output) -> int:
    """Print what a session holds; options that change a request have nothing to change here."""
    wanted = f"--as {document.id}"
    if asked.file is None:
        raise UsageError(f"{wanted} needs a FILE: it writes what a session holds")
    said = (asked.prompt is not None, asked.system is not None, asked.params.items, asked.unset)
    if any((*said, asked.variables, asked.attachments)):
        raise UsageError(f"{wanted} writes what FILE holds: leave --prompt, --attach, --system, --set and --var out")
    loaded = subject.opened(asked.file)
    if loaded is None:
        raise UsageError(f"{asked.file}: there is no such file")
    try:
        results, notes = Results(results_path(asked.file)).load()
    except StoreError as error:
        raise UsageError(str(error)) from error
    for note in (*loaded.notes, *notes):
        output.note(note)
    lanes = subject.Subject(loaded.session, asked).lanes
    named = {lane.id for lane in lanes}
    rows = begun(rows_of(loaded.session, results))
    if asked.lanes:
        rows = tuple(row for row in rows if row.record.lane in named)
    output.write(document.write(loaded.session, lanes, rows))
    return 0


def _language(name: str) -> Language:
    if name in LANGUAGES:
        return LANGUAGES[name]
    known = (*LANGUAGES, *DOCUMENTS)
    near = get_close_matches(name, known, n=1)
    instead = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise UsageError(f"--as {name!r} can't be written yet; {instead}")


def _endpoint(around: context.Context, session: Session, asked: asking.Asking) -> Endpoint:
    """Where the export will run: the real API in place of a simulator that ends with this program."""
    chosen = around.choose(session, name=asked.endpoint, base_url=asked.base_url).endpoint
    if not chosen.simulated:
        return chosen
    return replace(chosen, name="anthropic", base_url=OFFICIAL_URL, simulated=False)
