"""The batches of the open session: asked about now and then, fetched when they have ended; under any screen."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core import batch_items, sweep_plan
from workbench.core.batch import WAITING, Batch, Status, free_id, poll_s, with_batch
from workbench.core.cost import total
from workbench.core.problem import Problem
from workbench.core.session import Session, content_of
from workbench.core.sweep import SweepError
from workbench.engine import batch_manifest
from workbench.engine.batching import Batching, server_ids
from workbench.engine.files import StoreError
from workbench.engine.results import Results, results_path
from workbench.ui.batches.reaching import Reach, reach, unasked
from workbench.ui.batches.telling import calls_in, left
from workbench.ui.chat import shortcuts

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.core.batch_items import Item
    from workbench.core.record import RunRecord
    from workbench.engine.endpoints import Chosen
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat


class Following:
    """Looks after the batches of one document, as long as it is the one that is open."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.document: Document = chat.document
        self.timer: Timer | None = None
        self.busy = ""
        """What is being done now."""
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By endpoint, held while it is asked: who looks while a batch goes out would not find it, and say so."""
        self._fetching = asyncio.Lock()
        """Held while results are written: their file takes one writer at a time."""
        self._reached: dict[tuple[str, str], Reach] = {}
        """What was found out about endpoints, by the one that was chosen then; each look finds it out anew."""
        self._since = chat.workbench.runner.clock()

    def key(self, command: str) -> str:
        """Of that command, as it is bound now."""
        return shortcuts.label(self.chat, command, at_prompt=False)

    @property
    def rows(self) -> tuple[Batch, ...]:
        return tuple(each for each in self.document.session.batches if each.unread is None)

    @property
    def due(self) -> tuple[Batch, ...]:
        """Those whose results are still to come, and that can be asked about."""
        return tuple(each for each in self.rows if each.status in WAITING and self.reach(each).chosen is not None)

    def reach(self, batch: Batch) -> Reach:
        """Where it is asked about."""
        key = (batch.endpoint, self.chat.desk.chosen.endpoint.name)
        if key not in self._reached:
            self._reached[key] = reach(self.chat.desk, batch.endpoint)
        return self._reached[key]

    def forget_reached(self) -> None:
        """Find out anew: a key may have been put where it is looked for."""
        self._reached.clear()

    def why(self, batch: Batch) -> str:
        """Why nobody asks about it by itself, or nothing."""
        found = self.reach(batch)
        if found.chosen is None or not unasked(self.chat, found.chosen):
            return found.why
        where = found.chosen.endpoint.origin
        return f"The key has not gone to {where} before; {self.key('rerun')} asks whether it may."

    def row(self, batch_id: str) -> Batch:
        return next(each for each in self.rows if each.id == batch_id)

    # Now and then

    def resume(self) -> None:
        """Ask again after a while, where there is something to ask about."""
        if self.timer is None and self.due and self.document is self.chat.document and not self.document.read_only:
            age = self.chat.workbench.runner.clock() - self._since
            self.timer = self.chat.set_timer(poll_s(age), self._look)

    def _look(self) -> None:
        self.timer = None
        if self.document is self.chat.document and self.chat.is_attached:
            self.chat.run_worker(self.look(), group="batches")

    async def look(self, *also: Batch) -> None:
        """Ask about all that are due; nobody is asked for leave, so that no key goes where none was agreed to."""
        self.forget_reached()
        wanted = sorted((*self.due, *also), key=lambda each: bool(each.problem))
        named = dict.fromkeys(each.endpoint for each in wanted)
        await asyncio.gather(*(self._ask(name, [each for each in wanted if each.endpoint == name]) for name in named))
        self.chat.show()
        self.resume()

    async def _ask(self, endpoint: str, batches: Iterable[Batch]) -> None:
        """Ask one endpoint about its batches; one that doesn't answer keeps none of another's waiting."""
        if self._turns[endpoint].locked():
            return
        async with self._turns[endpoint]:
            self.busy = "asking…"
            try:
                for batch in batches:
                    looked = await self._one(batch)
                    if looked.open and looked.problem:
                        break  # the rest would meet the same; what has a problem is asked last, so that none starves
            except StoreError as error:
                self.chat.tell(str(error.problem), "error")
            finally:
                self.busy = ""

    def _there(self, batch: Batch) -> bool:
        """Whether it is still listed: another session may be open by now."""
        return self.document is self.chat.document and any(each.id == batch.id for each in self.rows)

    async def _one(self, batch: Batch) -> Batch:
        """The row after it was asked about, and its results fetched where they are there. Raises StoreError."""
        chosen = self.reach(batch).chosen
        if not self._there(batch) or chosen is None or unasked(self.chat, chosen):
            return batch
        work = self._work(chosen)
        looked = batch if batch.status is Status.ENDED else await work.look(batch, server_ids(self.rows))
        if not self._there(batch):
            return batch
        if looked != batch:
            await self.keep(looked)
        if looked.status is Status.ENDED and not self.chat.sweeping_now:
            async with self._fetching:
                self.busy = f"fetching {looked.id}…"
                self.chat.show()
                await self._fetch(looked, work)
        return looked

    def _work(self, chosen: Chosen | None = None) -> Batching:
        """At that endpoint; without one at the chosen."""
        assert self.document.path is not None
        desk = self.chat.desk
        here = chosen is None or chosen.endpoint == desk.chosen.endpoint
        catalogue = desk.catalogue if here else desk.table
        return Batching(self.chat.workbench.runner, chosen or desk.chosen, catalogue, self.document.path)

    # What a person does

    async def submit(self, items: Sequence[Item], row: Batch) -> list[Batch]:
        """Send them; each batch's row is on the disk before it goes. Raises StoreError."""
        async with self._turns[row.endpoint]:
            self._since = self.chat.workbench.runner.clock()
            sent = await self._sent(items, row)
        self.resume()
        return sent

    async def _sent(self, items: Sequence[Item], row: Batch) -> list[Batch]:
        sent: list[Batch] = []
        work = self._work()  # another endpoint may be chosen before all are sent
        for parcel in batch_items.parcels(items, work.endpoint):
            price = batch_items.price(parcel.items, work.endpoint, self.chat.desk.catalogue)
            runs = (each.id for each in (*self.document.session.runs, *self.document.results))
            name = free_id(self.document.session.batches, runs)
            made = await work.submit(parcel, replace(row, id=name, estimate_usd=price.high), self.keep)
            sent.append(made)
            if not made.open:
                break
        return sent

    async def cancel(self, batch: Batch) -> None:
        """Raises StoreError."""
        async with self._turns[batch.endpoint]:
            if self.row(batch.id).open:
                await self.keep(await self._work(self.reach(batch).chosen).cancel(self.row(batch.id)))
        self.resume()

    async def candidates(self, batch: Batch) -> list[str]:
        """Which of the server's batches an unconfirmed one may be."""
        async with self._turns[batch.endpoint]:
            found = await self._work(self.reach(batch).chosen).candidates(batch, server_ids(self.rows))
        return [] if isinstance(found, Problem) else [str(each.get("id")) for each in found]

    async def adopt(self, batch: Batch, server_id: str) -> None:
        """Take the person's word for which it is. Raises StoreError."""
        async with self._turns[batch.endpoint]:
            await self.keep(replace(batch, server_id=server_id, status=Status.IN_PROGRESS, problem=""))

    async def delete(self, batch: Batch) -> str:
        """Have the server forget an ended batch, too; why it doesn't, or nothing."""
        async with self._turns[batch.endpoint]:
            return await self._work(self.reach(batch).chosen).delete(batch)

    async def forget(self, batch: Batch) -> None:
        """Take a row out of the list. Raises StoreError."""
        left = tuple(each for each in self.document.session.batches if each.id != batch.id)
        await self._keep(replace(self.document.session, batches=left))
        if self.document.path is not None:
            batch_manifest.remove(batch_manifest.path_of(self.document.path, batch.id))

    async def keep(self, batch: Batch) -> None:
        """Have the session's file hold the row. Raises StoreError."""
        batches = with_batch(self.document.session.batches, batch)
        await self._keep(replace(self.document.session, batches=batches))

    async def _keep(self, session: Session) -> None:
        """No step to undo, and nothing that could be given up: what was sent stays sent."""
        document = self.document
        document.record(session)
        if not await self.chat.keeping.note(document):
            raise StoreError(
                document.trouble or Problem("The session is not saved", document.why, "Save it elsewhere.")
            )
        document.saved = document.noted
        if self.chat.sweeping is not None:  # what is asked in a batch, and so isn't missing, is worked out anew
            self.chat.sweeping.outdated = True

    # Results

    async def _fetch(self, batch: Batch, work: Batching) -> None:
        """Into the cells or lanes that asked, as if they had been sent one by one. Raises StoreError."""
        came: list[RunRecord] = []
        if batch.sweep:
            fetched = await self._into_results(batch, work, came)
        else:
            known = {run.id for run in self.document.session.runs}
            fetched = (await work.fetch(batch, known, came.append)).batch
            if self.document is not self.chat.document:
                return
            self._finish(came)
        if not any(each.id == batch.id for each in self.rows):
            return  # taken off the list meanwhile: what came stays
        await self.keep(fetched)
        if fetched.status is Status.COLLECTED:
            work.forget(fetched)
            cost = total(each.cost for each in came)
            there = f"{fetched.id} is there: {fetched.counts.told()} · {cost}."
            here = self.chat.desk.chosen.endpoint.name
            self.chat.tell(" ".join((there, *left(fetched, calls_in(came), self.key, here))))

    async def _into_results(self, batch: Batch, work: Batching, came: list[RunRecord]) -> Batch:
        assert self.document.path is not None
        results = Results(results_path(self.document.path))
        results.hold()
        strays: list[RunRecord] = []
        try:
            there = (await asyncio.to_thread(results.load))[0]
            known = {each.id for each in (*there, *self.document.session.runs)}

            def take(record: RunRecord) -> None:
                came.append(record)
                if record.request_sha256:
                    results.append(record)
                    self.document.results.append(record)
                else:  # of a request that nobody knows any more: the file of results takes none
                    strays.append(record)

            fetched = await work.fetch(batch, known, take, lambda: self._asked(batch, work))
            results.sync()
        finally:
            results.release()
        self._finish(strays)
        return fetched.batch

    def _finish(self, records: Iterable[RunRecord]) -> None:
        session = self.document.session
        for record in records:
            session = session.finish(record, content_of(record.content))
        if session is not self.document.session:
            self.document.record(session)

    def _asked(self, batch: Batch, work: Batching) -> Iterable[Item]:
        """What the sweep of a batch would ask now."""
        sweep = next((each for each in self.document.session.sweeps if each.id == batch.sweep), None)
        try:
            session = self.document.session.towards(work.endpoint.name)
            made = sweep_plan.plan(session, sweep) if sweep is not None else None
        except SweepError:
            made = None
        return () if made is None else batch_items.of_sweep(made, made.order, work.endpoint)


def following(chat: Chat) -> Following:
    """The one of the session that is open."""
    if chat.batching is None or chat.batching.document is not chat.document:
        chat.batching = Following(chat)
    return chat.batching
