"""The batches of one session: sent once, followed, fetched into the cells and lanes that asked.

What is to be sent is written down before, and what the server calls it after: a program that is killed between the two
finds in the server's list whether it was sent, so that nobody pays twice without having been asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.core import batch_result
from workbench.core.batch import Batch, Counts, Status, moment
from workbench.core.cost import Basis, total
from workbench.core.problem import Problem
from workbench.engine import batch_manifest, validating
from workbench.engine.batch_manifest import Manifest
from workbench.engine.batch_server import Line, Refused, Server
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.core.batch_items import Item, Parcel
    from workbench.core.cost import Cost
    from workbench.core.models import Catalogue
    from workbench.core.record import RunRecord
    from workbench.engine.endpoints import Chosen
    from workbench.engine.runner import Runner

Keep = Callable[[Batch], Awaitable[None]]
"""Has the disk hold a batch's row. Raises StoreError."""
READS: Final = 4
"""How often results are read that break off, before that is told."""
NEAR: Final = timedelta(minutes=10)
FAR: Final = timedelta(hours=26)
"""Clocks differ, at times by a day and a time zone: within this a batch may be the one that was meant."""
NOT_SENT: Final = "It was not sent: the server has no such batch."
UNSURE: Final = "Whether it was sent is not known: {why} Look again; nothing is sent a second time before."
GONE: Final = "The server does not know it, or not any more; its results can't be had."
STRANGE: Final = "Its results are those of other requests: the server's {id} is none of this session."
CUT: Final = "Its results broke off {times} times: {why} What came is kept; fetch it again."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching one batch."""

    batch: Batch
    fresh: int = 0
    """Records that were not there before."""
    cost: Cost | None = None


class Batching:
    """Works for one session, at one endpoint."""

    def __init__(self, runner: Runner, chosen: Chosen, catalogue: Catalogue, file: Path) -> None:
        self.endpoint = chosen.endpoint
        self._server = Server(runner, chosen.endpoint, chosen.key)
        self._runner = runner
        self._catalogue = catalogue
        self._file = file

    async def submit(self, parcel: Parcel, batch: Batch, keep: Keep) -> Batch:
        """Send a parcel as the batch of this row, which is kept before and after. Raises StoreError.

        The row that comes back says how it went: INTENDED where that isn't known, LOST where it surely was not sent.
        """
        simulated = self.endpoint.simulated
        lanes = parcel.lanes if batch.lanes else ()
        created = self._runner.now()
        batch = replace(batch, created=created, lanes=lanes, requests=len(parcel.items), simulated=simulated)
        path = batch_manifest.path_of(self._file, batch.id)
        await asyncio.to_thread(batch_manifest.write, path, parcel.items)
        await keep(batch)
        found = await self._server.create(parcel)
        if not isinstance(found, Refused):
            batch = batch.told(found)
        elif found.unsure:
            batch = replace(batch, problem=UNSURE.format(why=_said(found.problem)))
        else:
            batch = replace(batch, status=Status.LOST, problem=str(found.problem))
            batch_manifest.remove(path)
        await keep(batch)
        return batch

    async def look(self, batch: Batch, known: Container[str] = ()) -> Batch:
        """The row as the server sees it now; one that isn't confirmed is looked for, among ids that aren't `known`."""
        if batch.status is Status.INTENDED:
            return await self._settled(batch, known)
        found = await self._server.retrieve(batch.server_id)
        return self._told(batch, found)

    async def cancel(self, batch: Batch) -> Batch:
        """What was answered by then is kept, and paid for."""
        found = await self._server.cancel(batch.server_id)
        if isinstance(found, Refused) and found.problem.status == 400:  # it has ended meanwhile
            return await self.look(batch)
        return self._told(batch, found)

    async def fetch(
        self,
        batch: Batch,
        known: Container[str],
        take: Callable[[RunRecord], None],
        asked: Callable[[], Iterable[Item]] = tuple,
    ) -> Fetched:
        """Hand over the record of each result, but for those whose ids are `known`. Raises StoreError.

        Results that break off are read again, from the beginning: the API has no other way, and nothing is doubled.
        `asked` is what the session would ask now: where it isn't written down any more what the ids stand for, those
        that still fit say it, because a part of each is the hash of its request.
        """
        manifest = await asyncio.to_thread(self._manifest, batch, asked)
        landing = _Landing(batch, self, manifest, known, take)
        every = batch.counts.done or len(manifest)  # some servers count nothing
        try:
            found: int | Refused = 0
            for again in range(READS):
                if again:
                    await self._runner.sleep(2.0**again)
                found = await self._server.results(batch.server_id, landing.line)
                if isinstance(found, int) and len(landing.seen) >= every:
                    return landing.ended()
                if isinstance(found, Refused) and found.problem.status is not None and not found.unsure:
                    break
        finally:
            manifest.close()
        why = _said(found.problem) if isinstance(found, Refused) else f"{every - len(landing.seen):,} are missing."
        if isinstance(found, Refused) and found.problem.status == 404:
            return Fetched(replace(batch, status=Status.LOST, problem=GONE), landing.fresh)
        return Fetched(replace(batch, problem=CUT.format(times=READS, why=why)), landing.fresh)

    async def delete(self, batch: Batch) -> str:
        """Take an ended batch and its results from the server; a sentence where that can't be."""
        found = await self._server.delete(batch.server_id)
        return str(found.problem) if isinstance(found, Refused) and found.problem.status != 404 else ""

    def forget(self, batch: Batch) -> None:
        """Once its row and its records are kept: what its custom ids stand for is not needed any more."""
        batch_manifest.remove(batch_manifest.path_of(self._file, batch.id))

    def record(self, line: Line, batch: Batch, manifest: Manifest) -> RunRecord:
        """The finished record of a line, before its answer is held against a schema."""
        name = str(line.value.get("custom_id", ""))
        asked = manifest.find(name)
        # A stranger among them gets a number of its own, the same whenever it is read.
        number = (
            asked[0] if asked else max(len(manifest), batch.requests) + int(sha256(name.encode()).hexdigest()[:6], 16)
        )
        landing = batch_result.Landing(
            batch, self.endpoint, self._catalogue, simulated=line.simulated, secrets=self._server.secrets()
        )
        return batch_result.record_of(line.value, asked[1] if asked else None, number, landing)

    def _manifest(self, batch: Batch, asked: Callable[[], Iterable[Item]]) -> Manifest:
        path = batch_manifest.path_of(self._file, batch.id)
        found = Manifest(path)
        if not len(found) and (items := tuple(asked())):
            batch_manifest.write(path, items)
            found = Manifest(path)
        return found

    def _told(self, batch: Batch, found: dict[str, object] | Refused) -> Batch:
        if not isinstance(found, Refused):
            return batch.told(found)
        if found.problem.status == 404:
            return replace(batch, status=Status.LOST, problem=GONE)
        return replace(batch, problem=str(found.problem))

    async def _settled(self, batch: Batch, known: Container[str]) -> Batch:
        """A batch of which it isn't known whether it was sent: the one of the server's that it can only be."""
        fitting = await self.candidates(batch, known)
        if isinstance(fitting, Problem):
            return replace(batch, problem=UNSURE.format(why=_said(fitting)))
        begun = batch.created or self._runner.now()
        near = [each for each in fitting if _apart(each, begun) <= NEAR]
        ours = batch_manifest.path_of(self._file, batch.id).exists()
        if ours and (len(fitting) == 1 or len(near) == 1):
            return batch.told((near or fitting)[0])
        if fitting:  # what nobody wrote down here may be a stranger's row, and the batch of another session
            names = ", ".join(str(each.get("id")) for each in fitting[:5])
            why = f"the server has {len(fitting)} that it may be ({names})."
            return replace(batch, problem=UNSURE.format(why=why))
        self.forget(batch)
        return replace(batch, status=Status.LOST, problem=NOT_SENT)

    async def candidates(self, batch: Batch, known: Container[str]) -> list[dict[str, object]] | Problem:
        """Which of the server's batches an unconfirmed one may be: of that size and time, and no other row's."""
        begun = batch.created or self._runner.now()
        listed = await self._server.listed(begun - FAR)
        if isinstance(listed, Refused):
            return listed.problem
        return [each for each in listed if each.get("id") not in known and self._fits(each, batch, begun)]

    @staticmethod
    def _fits(found: dict[str, object], batch: Batch, begun: datetime) -> bool:
        return Counts.of(found.get("request_counts")).total == batch.requests and _apart(found, begun) <= FAR


def _apart(found: dict[str, object], begun: datetime) -> timedelta:
    made = moment(found.get("created_at"))
    return timedelta.max if made is None else abs(made - begun)


def _said(problem: Problem) -> str:
    return f"{problem.title}. {problem.detail}".strip()


class _Landing:
    """One batch's results while they come in."""

    def __init__(
        self,
        batch: Batch,
        batching: Batching,
        manifest: Manifest,
        known: Container[str],
        take: Callable[[RunRecord], None],
    ) -> None:
        self.seen: set[str] = set()
        self.fresh = 0
        self.strangers = 0
        """Results of requests that are not this batch's."""
        self._batch = batch
        self._batching = batching
        self._manifest = manifest
        self._known = known
        self._take = take
        self._cost: Cost | None = None
        self._kinds: dict[str, int] = {}

    async def line(self, line: Line) -> None:
        name = str(line.value.get("custom_id", ""))
        if name in self.seen:
            return
        record = self._batching.record(line, self._batch, self._manifest)
        if len(self._manifest) and name not in self._manifest:
            self.strangers += 1
        elif record.id not in self._known:
            self._take(await validating.checked(record))
            self.fresh += 1
        self.seen.add(name)
        self._cost = record.cost if self._cost is None else total((self._cost, record.cost))
        result = line.value.get("result")
        kind = str(result.get("type")) if isinstance(result, dict) else ""
        self._kinds[kind] = self._kinds.get(kind, 0) + 1

    def ended(self) -> Fetched:
        if self.seen and self.strangers == len(self.seen):
            strange = STRANGE.format(id=self._batch.server_id)
            return Fetched(replace(self._batch, status=Status.LOST, problem=strange))
        cost = self._cost or total(())
        counts = Counts.of(self._kinds)
        batch = replace(
            self._batch,
            status=Status.COLLECTED,
            counts=counts,
            cost_usd=cost.usd,
            simulated=self._batch.simulated or cost.basis is Basis.SIMULATED,
            problem="",
        )
        return Fetched(batch, self.fresh, cost)


def server_ids(batches: Iterable[Batch]) -> frozenset[str]:
    """The server's ids that belong to rows already."""
    return frozenset(each.server_id for each in batches if each.server_id)


__all__ = ["Batching", "Fetched", "Keep", "StoreError", "server_ids"]
