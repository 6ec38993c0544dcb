"""Where the runs of a command go: into the session and, where there is a file, onto the disk as they come.

The file is locked for as long as the command goes on. What comes of an answer goes into its journal at once and is
synced twice a second, so that a kill loses nothing of it and a power cut half a second; at the end it is folded.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.cli.arguments import UsageError
from workbench.core.masking import masked_bytes
from workbench.core.session import content_of
from workbench.engine import names
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.endpoint import Endpoint
    from workbench.core.record import RunRecord
    from workbench.core.run import Run
    from workbench.core.session import Session
    from workbench.engine.open_session import OpenSession

SYNC_PACE_S: Final = 0.5
"""How long what came may be with the system alone."""
IN_USE: Final = "has it open"


class Keeper:
    """The session as it grows, and its file, which is this program's until `close`."""

    def __init__(
        self, found: Subject, output: Output, *, save: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.session = found.session
        self._held = found.held
        self._file = found.asking.file if save else None
        self._output = output
        self._clock = clock
        self._synced = clock()
        self._unsynced = False
        self._changed = False
        self._begun: set[str] = set()
        self._deaf: set[str] = set()
        """Runs of which a piece is missing in the journal: what follows it would make no sense."""
        self._told = False
        self._before = found.session
        self._unjournalled = found.held is None or not found.held.journalled
        self._sent = False
        """Whether anything may have been paid for: until then a disk that fails is a reason not to begin."""
        self.failed = False
        """Whether the file could not be written."""

    @property
    def keeps(self) -> bool:
        """Whether there is a file that the answers go into."""
        return self._file is not None

    def begin(self, session: Session) -> None:
        """Have the disk hold what is about to be asked; a new file is made. Raises UsageError."""
        self.session = session
        if self._file is None:
            return
        from workbench.engine.open_session import OpenSession

        try:
            if self._held is None:
                self._before, self._held = session, OpenSession.create(self._file, session)
            else:
                self._held.note(session)
                self._held.sync()
        except StoreError as error:
            raise UsageError(f"{error} Or add --no-save.") from error

    def sending(self) -> None:
        """From here on answers are paid for, and kept wherever there is room."""
        self._sent = True

    def started(self, run: Run, endpoint: Endpoint) -> None:
        """A run goes out. Raises UsageError where the disk doesn't take that, and nothing was sent yet."""
        if self._held is None or run.id in self._begun:
            return
        self._begun.add(run.id)
        begun = run.beginning(endpoint)
        self._changed = True
        self._try(lambda held: held.started(begun, self.session), run.id)

    def hearing(self, run: Run, endpoint: Endpoint, secrets: tuple[str, ...]) -> Callable[[bytes], None] | None:
        """What takes the pieces of a run's answer; None where they go nowhere."""
        if self._held is None:
            return None

        def hear(piece: bytes) -> None:
            self.started(run, endpoint)
            if run.id in self._deaf:
                return
            shown = masked_bytes(piece, secrets)
            self._try(lambda held: held.came(run.id, run.attempts, shown), run.id)
            self._unsynced = True

        return hear

    def take(self, record: RunRecord) -> None:
        """A run that ended."""
        self.session = self.session.finish(record, content_of(record.content))
        self._changed = True
        self._try(lambda held: held.note(self.session))
        self._try(_sync)

    def say(self, session: Session) -> None:
        """Results of tools that go out next."""
        self.session = session
        self._changed = True
        self._try(lambda held: held.note(session))

    def tick(self) -> None:
        """Called as often as one likes: now and then it has the disk hold what came."""
        now = self._clock()
        if self._unsynced and now - self._synced >= SYNC_PACE_S:
            self._synced, self._unsynced = now, False
            self._try(_sync)

    def close(self) -> None:
        """Put everything into the file; where it can't be written, into another: an answer is paid for only once."""
        held, self._held = self._held, None
        if held is None:
            return
        if not self._sent:
            self._leave(held)
            return
        try:
            held.close(self.session if self._changed else None)
        except StoreError as error:
            self.failed = True
            self._output.note(str(error))
            self._keep_elsewhere(held.path)

    def _leave(self, held: OpenSession) -> None:
        """As it was: nothing was sent, and a question that never went out must not come back from its journal."""
        with suppress(OSError):
            if self._unjournalled:
                names.beside(held.path, names.JOURNAL).unlink(missing_ok=True)
        with suppress(StoreError):  # why nothing was sent is said already
            held.close(self._before)

    def _try(self, write: Callable[[OpenSession], object], run: str | None = None) -> None:
        """A failing disk costs no answer: it is told once, tried again with the next, and the run goes on in memory."""
        if self._held is None:
            return
        try:
            write(self._held)
        except StoreError as error:
            if not self._sent:
                raise UsageError(f"{error} Or add --no-save.") from error
            if run is not None:
                self._deaf.add(run)
            if not self._told:
                self._told = True
                self._output.note(f"{error} It is tried again at the end.")

    def _keep_elsewhere(self, file: Path) -> None:
        """In the first place that takes it."""
        from workbench.engine import places, store
        from workbench.engine.copies import Copies

        where = places.find()
        folders = (file.resolve().parent, where.sessions, Path(tempfile.gettempdir()))
        other = store.save_elsewhere(file, self.session, folders)
        if other is None:
            self._output.note(f"{file.name} could not be kept anywhere else either")
            return
        Copies(where.copies).remember(file, other)
        self._output.note(f"the session is kept in {other} instead")


def _sync(held: OpenSession) -> None:
    held.sync()


def let_go(held: OpenSession, output: Output) -> None:
    """Close a file to which nothing was added; what came back out of its journal may still have to go into it."""
    try:
        held.close()
    except StoreError as error:
        output.note(str(error))


def check_writable(found: Subject, *, beside: bool = False) -> None:
    """Raises UsageError before anything is paid for that could not be saved; `beside`, where only results are."""
    file = found.asking.file
    if file is None or found.held is not None:
        return
    folder = file.resolve().parent
    if IN_USE in found.why:
        raise UsageError(f"{file} is in use: {found.why}. Close it there, or add --no-save to run without saving")
    if found.why and not beside:
        raise UsageError(f"{file} can't be saved, because {found.why.rstrip('.')}: add --no-save to run without saving")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} can't be written: add --no-save to run without saving")
