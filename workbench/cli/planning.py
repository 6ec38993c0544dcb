"""The runs of one `workbench run`: made and checked before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.cli import attaching
from workbench.cli.arguments import UsageError
from workbench.cli.sending import Turn
from workbench.core import diagnosing, forecast, template, window
from workbench.core.conversation import check, request_of
from workbench.core.gathered import asked_names
from workbench.core.references import renewed, stamped
from workbench.core.run import Run
from workbench.core.session import Session, next_id

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.endpoint import Endpoint
    from workbench.core.models import Catalogue
    from workbench.core.request import Request


@dataclass(frozen=True, slots=True)
class Planned:
    """One run before it is sent."""

    run: Run
    request: Request
    label: str
    """What tells it from the others: its lane, and which repeat it is."""


@dataclass(frozen=True)
class Order:
    """What is asked, of which lanes, and of whom."""

    session: Session
    turns: tuple[Turn, ...]
    subject: Subject
    endpoint: Endpoint
    catalogue: Catalogue

    @cached_property
    def dressed(self) -> Session:
        """The session as this time's requests are made from it."""
        return self.subject.dress(self.session).towards(self.endpoint.name)

    def request(self, turn: Turn) -> Request:
        """What one lane sends, with its files in it. Raises UsageError for one that can't be sent, or may not."""
        request = self.subject.files.fill(request_of(self.dressed, self.dressed.lane(turn.lane), turn.tip))
        now = renewed(self.dressed, request.files)
        if now is self.dressed:
            return request
        return replace(self.subject.files.fill(request_of(now, now.lane(turn.lane), turn.tip)), files=request.files)


def plan(order: Order, repeat: int) -> tuple[Planned, ...]:
    """Every lane once, then every lane again, `repeat` times."""
    dressed = order.dressed
    number = int(next_id("r", order.session.runs)[1:])
    planned: list[Planned] = []
    for again in range(repeat):
        for turn in order.turns:
            lane = dressed.lane(turn.lane)
            label = f"{lane.id} · {lane.name}" if lane.name else lane.id
            label += f" · {again + 1} of {repeat}" if repeat > 1 else ""
            planned.append(made(order, turn, f"r{number + len(planned)}", label, datetime.now(UTC)))
    return tuple(planned)


def made(order: Order, turn: Turn, name: str, label: str, now: datetime) -> Planned:
    """One run of that name, for what one lane sends."""
    dressed = order.dressed
    lane = dressed.lane(turn.lane)
    request = diagnosing.pointed(order.request(turn), dressed, lane)
    run = Run(
        id=name,
        lane=lane.id,
        parent=turn.tip,
        endpoint=order.endpoint.name,
        params=request.params,
        model=request.params.model or "",
        started=now,
        breakpoints=dressed.marks(turn.tip),
        variables=template.differing(dressed.bindings, order.session.bindings),
    )
    return Planned(run, request, label)


def recorded(order: Order) -> Order:
    """The same with the SHA-256 of each file beside its path, so that a later change of it is noticed."""
    session = order.session
    for turn in order.turns:
        files = order.request(turn).files
        if files:
            session = stamped(session, files, [each.id for each in session.path(turn.tip)])
    return order if session is order.session else replace(order, session=session)


def tell_warnings(order: Order, output: Output) -> None:
    """Say what the API may refuse, each thing once. Raises UsageError for what makes no sense to send."""
    dressed = order.dressed
    said: dict[str, list[str]] = {}
    blocking: list[str] = []
    for turn in order.turns:
        request = order.request(turn)
        for note in attaching.changed(request):
            said.setdefault(note, []).append(turn.lane)
        found = check(
            renewed(dressed, request.files),
            dressed.lane(turn.lane),
            turn.tip,
            None,
            catalogue=order.catalogue,
            configured_version=order.endpoint.version,
            vendor=order.endpoint.vendor,
            today=datetime.now(UTC).date(),
            request=request,
            kind=order.endpoint.kind,
        )
        model = order.catalogue.recognise(request.params.model)
        expected = forecast.of_request(request, order.endpoint, order.catalogue)
        too_long = window.caution(expected, model, request.params)
        for warning in (*found, *((too_long,) if too_long else ())):
            if warning.blocking:
                blocking.append(warning.text)
            else:
                said.setdefault(warning.text, []).append(turn.lane)
    for name in _unasked(order):
        output.note(f"nothing asks for {{{{{name}}}}}: --var {name} has no effect")
    for text, lanes in said.items():
        output.note(text if len(order.turns) == 1 else f"{', '.join(lanes)}: {text}")
    if blocking:
        raise UsageError(" ".join(dict.fromkeys(blocking)))


def _unasked(order: Order) -> tuple[str, ...]:
    """Variables of the command line that no request has a place for."""
    dressed = order.dressed
    asked = {name for turn in order.turns for name in asked_names(dressed, dressed.lane(turn.lane), turn.tip)}
    return tuple(name for name, _ in order.subject.asking.variables if name not in asked)
