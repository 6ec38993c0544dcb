"""`workbench export`: the request as something to take along."""

from __future__ import annotations

import argparse
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from workbench.cli import asking, context, planning, sending, subject
from workbench.cli.arguments import UsageError
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.languages import LANGUAGES, Language

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.session import Session


def main(options: argparse.Namespace, output: Output) -> int:
    """Print the request of one lane. Raises UsageError."""
    language = _language(options.language)
    asked = asking.read(options)
    around = context.read(output)
    found = subject.begin(asked, around.config, output)
    lanes = found.lanes
    if len(lanes) > 1:
        raise UsageError(f"an export is of one lane: add --lane with one of {', '.join(lane.id for lane in lanes)}")
    session, turns = sending.place(found.session, lanes, asked.prompt)
    endpoint = _endpoint(around, session, asked)
    order = planning.Order(session, turns, found, endpoint, around.catalogue)
    planning.tell_warnings(order, output)
    request = planning.plan(order, 1)[0].request
    try:
        output.write(language.write(Call(request, endpoint)))
    except ExportError as error:
        raise UsageError(str(error)) from error
    return 0


def _language(name: str) -> Language:
    if name in LANGUAGES:
        return LANGUAGES[name]
    near = get_close_matches(name, LANGUAGES, n=1)
    instead = f"did you mean {near[0]}?" if near else f"there are {', '.join(LANGUAGES)}"
    raise UsageError(f"--as {name!r} can't be written yet; {instead}")


def _endpoint(around: context.Context, session: Session, asked: asking.Asking) -> Endpoint:
    """Where the export will run: the real API in place of a simulator that ends with this program."""
    chosen = around.choose(session=session.endpoint, name=asked.endpoint, base_url=asked.base_url).endpoint
    if not chosen.simulated:
        return chosen
    return replace(chosen, name="anthropic", base_url=OFFICIAL_URL, simulated=False)
