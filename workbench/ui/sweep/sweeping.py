"""A sweep of one session: its plan, what came of it, and the file that keeps it; it goes on under any screen."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import sweep_failures
from workbench.core.cost import Cost, total
from workbench.core.kinds import Json
from workbench.core.state import Phase
from workbench.core.sweep import SweepError
from workbench.core.sweep_plan import Plan, Spot, plan
from workbench.engine import batch_manifest
from workbench.engine.files import StoreError
from workbench.engine.results import Results, results_path
from workbench.engine.shelter import Shelter
from workbench.engine.sweeper import MOST_WAIT_S, Sweeper
from workbench.engine.wire import Wire
from workbench.ui.chat import enclosed
from workbench.ui.chat.wires import MOST_BYTES

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.request import Request
    from workbench.core.retry import Wait
    from workbench.core.run import Run
    from workbench.core.session import Session
    from workbench.core.sweep import Sweep
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat


WIRES: Final = 100
"""Runs of a sweep whose raw events are kept."""
WAITING: Final = frozenset({Phase.QUEUED, Phase.RETRYING, Phase.ASKING})


class Wires:
    """Keeps what goes over the wire of the newest runs, among those of the session: all would fill the memory."""

    def __init__(self, wires: dict[str, Wire]) -> None:
        self._wires = wires
        self._own: deque[str] = deque()

    def __call__(self, run_id: str) -> Wire:
        self._own.append(run_id)
        while len(self._own) > WIRES or (len(self._own) > 1 and self._sent() > MOST_BYTES):
            self._wires.pop(self._own.popleft(), None)
        made = self._wires[run_id] = Wire()
        return made

    def _sent(self) -> int:
        """Bytes of their requests: with a picture in each, a hundred are too many."""
        return sum(len(self._wires[name].request_body) for name in self._own if name in self._wires)


class Sweeping:
    """One sweep, ready to be sent, on its way or over."""

    def __init__(self, chat: Chat, sweep: Sweep, forgiven: frozenset[str] = frozenset()) -> None:
        """`forgiven` are failures that are asked again. Raises SweepError where the sweep can't be worked out."""
        self.made_from = ground(chat, sweep)
        self.document: Document = chat.document
        """The session that it belongs to, whatever is on the screen."""
        self.plan: Plan = plan(chat.document.drafted(chat.unsent), sweep, partial(_filled, chat))
        self.results: Results | None = None
        self.unwritten: deque[RunRecord] = deque()
        """Results that the file could not take."""
        self.shelter = Shelter(chat.desk.spare)
        """Where they are kept meanwhile, and …"""
        self.spared = 0
        """… how many of them are."""
        self.outdated = False
        """Whether its file has results that it doesn't know."""
        self.active = False
        """Whether its worker is at work; a pause counts as work."""
        self.clock = chat.workbench.runner.clock
        self.since = (0.0, 0)
        """When it was last set going, in monotonic seconds, and how much was done then."""
        self.spent: Cost | None = None
        """What its answers cost, those that failed or were stopped too; None before the first."""
        self.endpoint = chat.desk.chosen.endpoint
        """Where its requests go, whatever is chosen meanwhile."""
        self.besides = _under_way(chat, self.plan)
        """What batches ask already."""
        self.forgiven = forgiven
        """The runs whose failure is asked again, and so is missing."""
        failed = sweep_failures.standing(self.plan, chat.document.results, self.endpoint)
        self.sweeper = Sweeper(
            chat.workbench.runner,
            self.plan,
            chat.desk.chosen,
            chat.desk.catalogue,
            done=chat.document.results,
            failed={spot: record for spot, record in failed.items() if record.id not in forgiven},
            besides=self.besides,
            keep=self.keep,
            now=chat.desk.now,
            ask=patient,
            wire=Wires(chat.wires),
        )
        if self.sweeper.records:
            self.spent = total(record.cost for record in self.sweeper.records.values())

    @property
    def records(self) -> Mapping[Spot, RunRecord]:
        return self.sweeper.records

    @property
    def live(self) -> Mapping[Spot, Run]:
        return self.sweeper.live

    @property
    def going(self) -> frozenset[Spot]:
        """What is on its way, less what only waits: for its turn, or for the next try."""
        return frozenset(spot for spot, run in self.live.items() if run.phase not in WAITING)

    def keep(self, record: RunRecord) -> None:
        """Write a record where the session's results are, after any that could not be. Raises StoreError."""
        self.document.results.append(record)
        self.unwritten.append(record)
        self.spent = total((self.spent, record.cost)) if self.spent is not None else record.cost
        self.write()

    def write(self) -> None:
        """Have the file hold what it doesn't yet. Raises StoreError."""
        results = self._file()
        while self.unwritten:
            results.append(self.unwritten[0])
            self.unwritten.popleft()
            self.spared = max(self.spared - 1, 0)

    def _file(self) -> Results:
        """Beside the session, wherever that was saved meanwhile."""
        assert self.document.path is not None
        path = results_path(self.document.path)
        if self.results is None or self.results.path != path:
            self._leave()
            self.results = Results(path)
        return self.results

    async def run(self) -> None:
        """Send what is missing until nothing is, or it is stopped."""
        self.active = True
        self.mark()
        try:
            self._file().hold()
            self.write()
            await self.sweeper.run()
        except StoreError as error:
            self.sweeper.problem = error.problem
        finally:
            self.active = False
            self._leave()
            self._rescue()

    def _leave(self) -> None:
        """Have the disk hold every result, and let others send; where it can't, the sweep says so."""
        if self.results is None:
            return
        try:
            self.results.sync()
        except StoreError as error:
            self.sweeper.problem = self.sweeper.problem or error.problem
        self.results.release()

    def _rescue(self) -> None:
        """What can't be written where it belongs goes to the first folder that takes it: it is paid for."""
        if not self.unwritten or self.document.path is None:
            return
        home = results_path(self.document.path)
        try:
            for record in tuple(self.unwritten)[self.spared :]:
                self.shelter.append(record, home)
                self.spared += 1
            self.shelter.sync()
        except StoreError:
            return  # the sweep has said already that nothing can be written
        if self.sweeper.problem is not None:
            kept = f"{len(self.unwritten)} kept in {self.shelter.path} meanwhile"
            self.sweeper.problem = replace(self.sweeper.problem, hint=f"{kept}. {self.sweeper.problem.hint}".rstrip())

    def mark(self) -> None:
        """From here on the time that is left is worked out."""
        self.since = (self.clock(), len(self.records))

    @property
    def seconds_left(self) -> float | None:
        """At the pace since it was last set going; None before anything came."""
        begun, before = self.since
        done = len(self.records) - before
        spent = self.clock() - begun
        missing = len(self.sweeper.missing) + len(self.live)
        return spent / done * missing if self.active and done > 0 and spent > 0 else None

    def retry_failed(self) -> int:
        """Count what failed as missing again, and how many they are."""
        self.forgiven |= {self.records[spot].id for spot in self.sweeper.failed}
        return self.sweeper.retry_failed()

    def stop(self) -> None:
        """Cancel what is on its way; what came of it is kept."""
        self.sweeper.stop()


def _under_way(chat: Chat, made: Plan) -> frozenset[Spot]:
    path, batches = chat.document.path, chat.session.batches
    if path is None or not batches:
        return frozenset()
    try:
        return batch_manifest.under_way(path, batches, made, chat.desk.chosen.endpoint.name)
    except StoreError as error:  # whatever it asks for, nothing is asked twice
        chat.tell(str(error.problem), "warning")
        return frozenset(made.order)


async def patient(run: Run, wait: Wait) -> bool:
    """Whether to wait as long as the server asks: the screen says until when, and it can be stopped."""
    del run
    return wait.seconds <= MOST_WAIT_S


def pinned(session: Session, sweep: Sweep, made: Plan) -> Sweep:
    """The sweep with the prompt that it asks now written into it, so that another day resumes the same requests."""
    if sweep.prompt is not None:
        return sweep
    lane = session.lane(sweep.lane)
    if session.prompt.strip() or session.attachments:
        parent = sweep.parent if sweep.parent is not None else lane.tip
        written = replace(sweep, lane=lane.id, parent=parent, prompt=session.prompt)
        return replace(written, attachments=session.attachments)
    question = session.by_id.get(made.parent or "")
    if question is None or isinstance(question.content, Json):
        return replace(sweep, lane=lane.id, parent=made.parent)
    return replace(sweep, lane=lane.id, prompt=question.content, parent=question.parent)


def _filled(chat: Chat, request: Request) -> Request:
    """The request with its files in it. Raises SweepError for one that can't be sent."""
    found = enclosed.filled(chat, request, read=True)
    if found.problems:
        raise SweepError(" ".join(map(str, found.problems)))
    return found.request


def ground(chat: Chat, sweep: Sweep) -> tuple[object, ...]:
    """All that a sweep's requests are made from: a plan holds as long as none of it changes."""
    session, lane = chat.session, next((each for each in chat.session.lanes if each.id == sweep.lane), None)
    lane = lane or chat.session.lanes[0]
    shared = (session.params, session.systems, session.variables)
    asked = (lane.tip, chat.unsent, session.attachments) if sweep.prompt is None else ()
    return (id(chat.document), sweep, chat.desk.chosen.endpoint, *shared, lane.params, lane.unset, lane.system, asked)


def standing(chat: Chat, sweep: Sweep) -> Sweeping:
    """The sweep as it is on its way, or as it would be sent now, with what came of it so far. Raises SweepError."""
    now = chat.sweeping
    if now is not None and (now.active or (now.made_from == ground(chat, sweep) and not now.outdated)):
        return now
    same = now is not None and now.document is chat.document
    made = chat.sweeping = Sweeping(chat, sweep, now.forgiven if now is not None and same else frozenset())
    if now is not None and same:
        made.unwritten, made.spared, made.shelter = now.unwritten, now.spared, now.shelter
    return made
