"""Where the runs of a command go: into the session and, where there is a file, onto the disk."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.cli.arguments import UsageError
from workbench.core.session import content_of
from workbench.engine import places, store

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.record import RunRecord
    from workbench.core.session import Session

SLOW_SAVE_S: Final = 0.25
"""A session that takes longer to write is written once, at the end, so that it doesn't hold up the streams."""


class Keeper:
    """The session as it grows, saved after every run."""

    def __init__(self, session: Session, subject: Subject, output: Output, *, save: bool) -> None:
        self.session = session
        self._output = output
        self._file = subject.asking.file if save else None
        self._stamp = subject.stamp
        self._slow = False
        self.failed = False
        """Whether the file could not be written."""
        if self._file is not None:
            check_writable(self._file, read_only=subject.read_only)

    @property
    def keeps(self) -> bool:
        """Whether there is a file that the answers go into."""
        return self._file is not None

    def take(self, record: RunRecord) -> None:
        """A run that ended."""
        self.session = self.session.finish(record, content_of(record.content))
        if not self._slow:
            self.save()

    def save(self) -> None:
        """Write the file; where it can't be written, another, because an answer is paid for only once."""
        if self._file is None or self.failed:
            return
        began = time.monotonic()
        try:
            self._stamp = store.save(self._file, self.session, stamp=self._stamp)
        except store.StoreError as error:
            self.failed = True
            self._output.note(str(error))
            return
        self._slow = time.monotonic() - began > SLOW_SAVE_S

    def close(self) -> None:
        """The last save; where the file can't be written, another takes its place."""
        if self._file is not None and self._slow:
            self.save()
        if self._file is None or not self.failed:
            return
        other = store.elsewhere(self._file, (self._file.resolve().parent, places.find().sessions))
        if other is None:
            self._output.note(f"{self._file.name} could not be kept anywhere else either")
            return
        try:
            store.save(other, self.session)
        except store.StoreError as error:
            self._output.note(str(error))
        else:
            self._output.note(f"the session is kept in {other} instead")


def check_writable(file: Path, *, read_only: bool) -> None:
    """Raises UsageError before anything is paid for that could not be saved."""
    folder = file.resolve().parent
    if read_only:
        raise UsageError(f"{file} can't be saved, only read: add --no-save to run without saving")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} can't be written: add --no-save to run without saving")
