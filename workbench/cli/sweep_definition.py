"""Which sweep a command means: the one that --axis defines, or one of the session's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.core import sweep_plan, template
from workbench.core.params import ParamError
from workbench.core.sweep import Axis, Sweep, SweepError, read_axis, with_sweep

if TYPE_CHECKING:
    import argparse

    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.endpoint import Endpoint
    from workbench.core.preflight import Preflight
    from workbench.core.session import Session
    from workbench.core.sweep_plan import Plan


@dataclass(frozen=True, slots=True)
class Definition:
    """A sweep, and the session that has it."""

    session: Session
    """As it will be saved."""
    sweep: Sweep
    new: bool = False
    """Whether the session has it only since this command."""


def read(found: Subject, options: argparse.Namespace) -> Definition:
    """Raises UsageError."""
    if found.asking.attachments and found.asking.prompt is None:
        raise UsageError("--attach goes with a prompt: add --prompt TEXT or --prompt-file PATH")
    if len(found.asking.lanes) > 1:
        raise UsageError("a sweep varies one lane: give --lane once, and what differs between lanes as an axis")
    lane = found.lanes[0].id if found.asking.lanes else None
    if options.axis:
        if options.sweep is not None:
            raise UsageError("--sweep names a sweep of the file and --axis defines one: give either")
        return _defined(found, options, lane)
    sweep = _of_file(found, options.sweep)
    if options.repeat is not None:
        sweep = replace(sweep, repeats=options.repeat)
    if lane is not None:
        sweep = replace(sweep, lane=lane)
    if found.asking.prompt is not None:
        tip = _lane(found.session, sweep.lane)
        asked = found.asking
        sweep = replace(sweep, prompt=asked.prompt, attachments=asked.attachments, parent=sweep.parent or tip)
    return Definition(found.session, sweep)


def plan(found: Subject, definition: Definition, endpoint: Endpoint) -> Plan:
    """The sweep worked out, with this time's parameters as its ground. Raises UsageError."""
    session = found.dress(definition.session).towards(endpoint.name)
    try:
        made = sweep_plan.plan(session, definition.sweep, found.files.fill)
    except SweepError as error:
        raise UsageError(str(error)) from error
    return replace(made, variables=template.differing(session.bindings, definition.session.bindings))


def _defined(found: Subject, options: argparse.Namespace, lane: str | None) -> Definition:
    prompt = found.asking.prompt
    parent = None if prompt is None else _lane(found.session, lane)
    axes = tuple(map(_axis, options.axis))
    wanted = Sweep("", axes, options.repeat or 1, lane, parent, prompt, found.asking.attachments)
    sweeps, sweep = with_sweep(found.session.sweeps, wanted)
    new = len(sweeps) > len(found.session.sweeps)
    return Definition(replace(found.session, sweeps=sweeps), sweep, new)


def _axis(text: str) -> Axis:
    try:
        return read_axis(text)
    except (SweepError, ParamError) as error:
        raise UsageError(f"--axis: {error}") from error


def _of_file(found: Subject, name: str | None) -> Sweep:
    sweeps = found.session.sweeps
    ids = ", ".join(each.id for each in sweeps)
    if name is not None:
        for each in sweeps:
            if each.id == name:
                return each
        raise UsageError(f"there is no sweep {name!r}; {f'the session has {ids}' if ids else 'the session has none'}")
    if not sweeps:
        raise UsageError("the session has no sweep: give --axis KEY=VALUE,VALUE, or write [[sweeps]] in its file")
    if len(sweeps) > 1:
        raise UsageError(f"the session has several sweeps: name one with --sweep ({ids})")
    return sweeps[0]


def _lane(session: Session, lane: str | None) -> str | None:
    """Where the lane stands in the message tree."""
    try:
        return session.lane(lane).tip
    except KeyError:
        return None  # working the sweep out says so


def tell_cautions(checked: Preflight, output: Output) -> None:
    """Say what the API may refuse or won't do. Raises UsageError for what makes no sense to send."""
    for caution in checked.cautions:
        output.note(caution.text)
    if blocking := [each.text for each in checked.cautions if each.blocking]:
        raise UsageError(" ".join(blocking))
