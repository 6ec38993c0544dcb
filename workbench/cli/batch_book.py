"""The batches of one session while a command works on them: each row on the disk as soon as it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.cli.arguments import UsageError
from workbench.cli.keeping import IN_USE, let_go
from workbench.core import batch_items, sweep_plan
from workbench.core.batch import WAITING, Batch, Status, free_id, with_batch
from workbench.core.session import content_of
from workbench.core.sweep import SweepError
from workbench.engine import store
from workbench.engine.batching import Batching, server_ids
from workbench.engine.open_session import OpenSession
from workbench.engine.results import Results, results_path

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.batch_items import Item
    from workbench.core.record import RunRecord
    from workbench.core.session import Session

NOT_KEPT: Final = 2


class Book:
    """A session's rows, and where the results of its batches go."""

    def __init__(self, found: Subject, output: Output, session: Session | None = None) -> None:
        """`session` is the one to go on with, where it is not the file's any more."""
        assert found.asking.file is not None
        self.file: Path = found.asking.file
        self.session = found.session if session is None else session
        self.began = False
        """Whether the file was told of anything."""
        self.failed = False
        self.base_url = found.asking.base_url
        """The address that was named for this time: to come back takes it again."""
        self._found = found
        self._held = found.held
        self._output = output

    @property
    def rows(self) -> tuple[Batch, ...]:
        """Those that can be read."""
        return tuple(each for each in self.session.batches if each.unread is None)

    def row(self, batch_id: str) -> Batch:
        return next(each for each in self.rows if each.id == batch_id)

    def chosen(self, name: str | None) -> tuple[Batch, ...]:
        """The row of that id, here or at the server; all without one. Raises UsageError."""
        if name is None:
            return self.rows
        found = tuple(each for each in self.rows if name in {each.id, each.server_id})
        if not found:
            known = ", ".join(each.id for each in self.rows)
            raise UsageError(
                f"there is no batch {name!r}; {f'the session has {known}' if known else 'the session has none'}"
            )
        return found

    def next_id(self) -> str:
        runs = (each.id for each in (*self.session.runs, *self.results()))
        return free_id(self.session.batches, runs)

    def results(self) -> list[RunRecord]:
        """What sweeps were answered so far. Raises UsageError."""
        try:
            return Results(results_path(self.file)).load()[0]
        except store.StoreError as error:
            raise UsageError(str(error)) from error

    def begin(self) -> None:
        """Have the disk hold the session as it is to be sent; a new file is made. Raises UsageError."""
        self.began = True
        try:
            if self._held is None:
                if self._found.why:
                    in_use = IN_USE in self._found.why
                    why = (
                        f"is in use: {self._found.why}. Close it there"
                        if in_use
                        else f"can't be saved: {self._found.why}"
                    )
                    raise UsageError(f"{self.file} {why}; a batch must be written down before it is sent")
                self._held = OpenSession.create(self.file, self.session)
            self._held.note(self.session)
            self._held.sync()
        except store.StoreError as error:
            raise UsageError(str(error)) from error

    @property
    def writable(self) -> bool:
        return self._held is not None

    async def keep(self, batch: Batch) -> None:
        """Raises StoreError."""
        self.session = replace(self.session, batches=with_batch(self.session.batches, batch))
        try:
            await self._write()
        except store.StoreError:
            if batch.open:  # else nobody would know what to ask the server for
                self._output.note(
                    f"{batch.id} is {batch.server_id} at {batch.endpoint}; that could not be written down"
                )
            raise

    async def drop(self, batch_id: str) -> None:
        """Raises StoreError."""
        left = tuple(each for each in self.session.batches if each.id != batch_id)
        self.session = replace(self.session, batches=left)
        await self._write()

    async def _write(self) -> None:
        self.began = True
        if self._held is not None:
            await asyncio.to_thread(self._held.note, self.session)
            await asyncio.to_thread(self._held.sync)

    async def fetch(self, batching: Batching, batch: Batch) -> tuple[Batch, list[RunRecord]]:
        """The row after its results were fetched, and the records that are new. Raises StoreError."""
        fresh: list[RunRecord] = []
        if batch.sweep:
            results = Results(results_path(self.file))
            results.hold()
            try:
                known = {record.id for record in results.load()[0]}

                def take(record: RunRecord) -> None:
                    if record.request_sha256:
                        results.append(record)
                    else:  # of a request that nobody knows any more: the file of results takes none
                        self.session = self.session.finish(record, content_of(record.content))
                    fresh.append(record)

                known |= {run.id for run in self.session.runs}
                fetched = await batching.fetch(batch, known, take, lambda: self._asked(batch, batching))
                results.sync()
            finally:
                results.release()
        else:

            def finish(record: RunRecord) -> None:
                self.session = self.session.finish(record, content_of(record.content))
                fresh.append(record)

            known = {run.id for run in self.session.runs}
            fetched = await batching.fetch(batch, known, finish)
        await self.keep(fetched.batch)
        if fetched.batch.status is Status.COLLECTED:
            batching.forget(fetched.batch)
        return fetched.batch, fresh

    def _asked(self, batch: Batch, batching: Batching) -> Iterable[Item]:
        """What the sweep of a batch would ask now."""
        sweep = next((each for each in self.session.sweeps if each.id == batch.sweep), None)
        if sweep is None:
            return ()
        try:
            made = sweep_plan.plan(self._found.dress(self.session).towards(batching.endpoint.name), sweep)
        except SweepError:
            return ()
        return batch_items.of_sweep(made, made.order, batching.endpoint)

    @property
    def known_ids(self) -> frozenset[str]:
        return server_ids(self.rows)

    @property
    def waiting(self) -> tuple[Batch, ...]:
        """Whose results are still to come."""
        return tuple(each for each in self.rows if each.status in WAITING)

    def close(self) -> None:
        """Put everything into the file, or let it go as it was where it was told of nothing."""
        held, self._held = self._held, None
        if held is None:
            return
        if not self.began:
            let_go(held, self._output)
            return
        try:
            held.close(self.session)
        except store.StoreError as error:
            self.failed = True
            self._output.note(str(error))

    def ended(self, status: int) -> int:
        """The exit status: another one where not all could be put into the file, unless a signal ended it."""
        return NOT_KEPT if self.failed and status < 128 else status
