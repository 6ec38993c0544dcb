"""Where the answers of a sweep go as each ends: onto the disk, and a line each to standard output."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.exports.json_text import legible
from workbench.engine import places
from workbench.engine.results import Results
from workbench.engine.shelter import Shelter
from workbench.engine.store import StoreError

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.record import RunRecord


class Keeper:
    """The results file of one command."""

    def __init__(self, path: Path, output: Output, *, save: bool, as_json: bool) -> None:
        self.keeps = save
        self.failed = False
        """Whether a result could not be written to where it belongs."""
        self._results = Results(path)
        self._shelter = Shelter((places.find().sessions, Path(tempfile.gettempdir())))
        self._output = output
        self._as_json = as_json

    def hold(self) -> tuple[RunRecord, ...]:
        """Keep other programs from sending into the file, and what it holds now. Raises StoreError."""
        self._results.hold()
        return tuple(self._results.load()[0])

    def take(self, record: RunRecord) -> None:
        """A run that ended: on the disk first, so that no reader knows of one that a crash can lose.

        Raises StoreError, after it is kept elsewhere where that can be: it is paid only once.
        """
        try:
            if self.keeps:
                self._results.append(record)
        except StoreError:
            self.failed = True
            self._keep_elsewhere(record)
            raise
        finally:
            if self._as_json:
                self._output.line(legible(record.to_json()))

    def close(self) -> None:
        """Have the disk hold everything, and let others send."""
        for file in (self._results, self._shelter):
            try:
                file.sync()
            except StoreError as error:
                self.failed = True
                self._output.note(str(error))
        self._results.release()

    def _keep_elsewhere(self, record: RunRecord) -> None:
        """In the first folder that takes it, under a name that is no other session's."""
        home, before = self._results.path, self._shelter.path
        try:
            self._shelter.append(record, home)
        except StoreError as error:
            self._output.note(str(error))
        if self._shelter.path != before:
            self._output.note(f"results are kept in {self._shelter.path} instead; append them to {home.name} by hand")
