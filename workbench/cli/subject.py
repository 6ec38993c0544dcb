"""The session a command works on: opened or begun, with what the command line says put over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.cli.asking import Asking
from workbench.core.config import Config
from workbench.core.session import Lane, Session
from workbench.engine import store

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.engine.store import Loaded, Stamp


@dataclass(frozen=True, slots=True)
class Subject:
    """A session, where it is kept, and what is said differently this time."""

    session: Session
    """As it will be saved: an existing session keeps its own parameters."""
    asking: Asking
    stamp: Stamp | None = None
    read_only: bool = False

    @property
    def dressed(self) -> Session:
        """The session with the options of this time put over every lane: what requests are made from."""
        return dress(self.session, self.asking)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Those named on the command line, else all. Raises UsageError for one that isn't there."""
        if not self.asking.lanes:
            return self.session.lanes
        known = {lane.id: lane for lane in self.session.lanes}
        for name in self.asking.lanes:
            if name not in known:
                raise UsageError(f"there is no lane {name!r}; the session has {', '.join(known)}")
        return tuple(known[name] for name in self.asking.lanes)


def begin(asking: Asking, config: Config, output: Output) -> Subject:
    """The session of FILE, or a new one from the defaults. Raises UsageError."""
    if asking.file is not None:
        loaded = opened(asking.file)
        if loaded is None:
            _check_folder(asking.file)
        else:
            for note in loaded.notes:
                output.note(note)
            session = _with_variables(loaded.session, asking)
            return Subject(session, asking, loaded.stamp, loaded.read_only)
    title = asking.file.stem if asking.file is not None else ""
    now = datetime.now(UTC).replace(microsecond=0)
    params = config.defaults.merge(asking.params, asking.unset)
    new = Session(title=title, created=now, endpoint=asking.endpoint, params=params)
    if asking.system is not None:
        new = new.with_system(new.lane(), asking.system)
    return Subject(_with_variables(new, asking), asking)


def opened(file: Path) -> Loaded | None:
    """The session in a file, None where there is no such file. Raises UsageError for one that can't be read."""
    try:
        return store.load(file)
    except store.MissingFile:
        return None
    except store.StoreError as error:
        raise UsageError(str(error)) from error


def dress(session: Session, asking: Asking) -> Session:
    """Every lane with the parameters and the system prompt of this time over its own."""
    over = asking.params
    if asking.system is not None and over.system is None:
        over = over.set("system", asking.system)
    if not over.items and not asking.unset:
        return session
    for lane in session.lanes:
        kept = tuple(key for key in lane.unset if over[key] is None)
        system = None if "system" in asking.unset else lane.system
        session = session.with_lane(
            replace(
                lane,
                params=lane.params.merge(over, asking.unset),
                unset=tuple(dict.fromkeys((*kept, *asking.unset))),
                system=system,
            )
        )
    return session


def _with_variables(session: Session, asking: Asking) -> Session:
    """Variables are kept with the session: the messages that were sent with them hold their names only."""
    for name, value in asking.variables:
        session = session.with_variable(name, value)
    return session


def _check_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}: make it first")
