"""The session a command works on: opened or begun, with what the command line says put over it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.cli.asking import Asking
from workbench.cli.attaching import Files
from workbench.core import completing
from workbench.core.config import Config
from workbench.core.params import Params
from workbench.core.session import Lane, Session
from workbench.engine.files import MissingFile, StoreError

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.engine.open_session import OpenSession
    from workbench.engine.store import Loaded


@dataclass(frozen=True, slots=True)
class Subject:
    """A session, where it is kept, and what is said differently this time."""

    session: Session
    """As it will be saved: an existing session keeps its own parameters."""
    asking: Asking
    defaults: Params = Params()
    """What stands in where an existing session doesn't say what the API requires."""
    new: bool = True
    """Whether there is no file yet."""
    held: OpenSession | None = None
    """The file, where the command may write it."""
    why: str = ""
    """Why it may not, as the end of a sentence."""
    files: Files = field(init=False)
    """What goes into its requests."""

    def __post_init__(self) -> None:
        files = Files(self.asking.file, self.asking.allow_files)
        files.chose(self.asking.attachments)
        object.__setattr__(self, "files", files)

    def dress(self, session: Session) -> Session:
        """A later state of the session as requests are made from it: with the options of this time, and whole."""
        return completing.completed(dress(session, self.asking), self.defaults)

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


def begin(asking: Asking, config: Config, output: Output, *, hold: bool = False) -> Subject:
    """The session of FILE, or a new one from the defaults; `hold` keeps other programs out of it. Raises UsageError."""
    if asking.file is not None:
        found = _of_file(asking.file, asking, config, output, hold=hold)
        if found is not None:
            try:
                tell(_filled(found), output)
            except BaseException:
                if found.held is not None:
                    found.held.close()
                raise
            return found
        _check_new(asking)
        output.note(f"{asking.file} is new: it begins with the defaults")
    title = asking.file.stem if asking.file is not None else ""
    now = datetime.now(UTC).replace(microsecond=0)
    params = config.defaults.merge(asking.params, asking.unset)
    new = Session(title=title, created=now, endpoint=asking.endpoint, params=params)
    if asking.system is not None:
        new = new.with_system(new.lane(), asking.system)
    return Subject(_with_variables(new, asking), asking)


def opened(file: Path) -> Loaded | None:
    """The session in a file, None where there is no such file. Raises UsageError for one that can't be read."""
    from workbench.engine import store

    try:
        return store.load(file)
    except MissingFile:
        return None
    except StoreError as error:
        raise unreadable(file, error) from error


def _of_file(file: Path, asking: Asking, config: Config, output: Output, *, hold: bool) -> Subject | None:
    """None where there is no such file."""
    if not hold:
        loaded = opened(file)
        if loaded is None:
            return None
        tell((*loaded.notes, *loaded.recovered, *copies(file, loaded.session)), output)
        return Subject(loaded.session, asking, config.defaults, new=False)
    from workbench.engine.open_session import OpenSession

    try:
        found = OpenSession.open(file)
    except MissingFile:
        return None
    except StoreError as error:
        raise unreadable(file, error) from error
    tell((*found.notes, *found.recovered, *copies(file, found.session)), output)
    return Subject(found.session, asking, config.defaults, new=False, held=found.held, why=found.why)


def copies(file: Path, session: Session) -> tuple[str, ...]:
    """Where answers are that this file could not take: whoever asks again pays again."""
    from workbench.engine import places
    from workbench.engine.copies import Copies

    return Copies(places.find().copies).told(file, session)


def unreadable(file: Path, error: StoreError) -> UsageError:
    """The sentence, and the way on where there is something to be saved."""
    rescue = f" What can be had of it: workbench recover {shlex.quote(str(file))}" if file.is_file() else ""
    return UsageError(f"{error}{rescue}")


def tell(notes: Iterable[str], output: Output) -> None:
    for note in notes:
        output.note(note)


def dress(session: Session, asking: Asking) -> Session:
    """The session with this time's variables, and every lane with this time's parameters and system prompt."""
    session = _with_variables(session, asking)
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


def _filled(found: Subject) -> Iterator[str]:
    """What the defaults stand in for, in the lanes of this time."""
    dressed = dress(found.session, found.asking)
    missing = completing.missing(dressed, [dressed.lane(lane.id) for lane in found.lanes])
    if found.asking.file is not None and (said := completing.note(missing, found.defaults)):
        yield f"{found.asking.file.name} {said}"


def _with_variables(session: Session, asking: Asking) -> Session:
    """A new session keeps them; messages hold the names only, so that another time can have other values."""
    for name, value in asking.variables:
        session = session.with_variable(name, value)
    return session


def _check_new(asking: Asking) -> None:
    """Raises UsageError for a file that isn't there and can't be begun."""
    file = asking.file
    if file is None:
        return
    if asking.prompt is None:
        raise UsageError(f"{file}: there is no such file; with --prompt it would be a new session")
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}: make it first")
