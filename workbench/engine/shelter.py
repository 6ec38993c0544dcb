"""Where results are kept that can't be written where they belong: in a file of their own, in the next best folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.engine import names
from workbench.engine.results import Results, results_path
from workbench.engine.store import StoreError


class Shelter:
    """One file for the results of a session, made when the first is put into it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._results: Results | None = None

    @property
    def path(self) -> Path | None:
        """None as long as nothing had to be kept."""
        return None if self._results is None else self._results.path

    def append(self, result: RunRecord, home: Path) -> None:
        """Keep a result that belongs into `home`. Raises StoreError where no folder takes it."""
        if self._results is not None:
            with suppress(StoreError):
                self._results.append(result)
                return
        failed = StoreError(Problem("it could not be kept anywhere else either"))
        for folder in self._folders:
            if folder.resolve() == home.parent.resolve():
                continue  # that disk has refused it
            try:
                made = Results(_free(folder, home))
            except StoreError as error:
                failed = error
                continue
            try:
                made.append(result)
            except StoreError as error:
                failed = error
                with suppress(OSError):
                    made.path.unlink()
            else:
                self._results = made
                return
        raise failed

    def sync(self) -> None:
        """Have the disk hold what was put there. Raises StoreError."""
        if self._results is not None:
            self._results.sync()


def _free(folder: Path, home: Path) -> Path:
    """A name that belongs to no other session. Raises StoreError."""
    return results_path(names.free(folder, names.slug(home.name.removesuffix(names.RESULTS))))
