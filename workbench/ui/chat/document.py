"""The session on the screen: its file, whether it is saved, and the steps that can be undone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from workbench.core.cost import Basis, Cost, total
from workbench.core.session import Session

if TYPE_CHECKING:
    from workbench.core.models import Catalogue
    from workbench.core.problem import Problem
    from workbench.core.record import RunRecord
    from workbench.engine.open_session import Opened, OpenSession
    from workbench.ui.desk import Desk

STEPS: Final = 200
"""How many changes can be undone."""


@dataclass
class Document:
    """One session and what became of it; the screen asks, and draws what it says."""

    session: Session = Session()
    path: Path | None = None
    held: OpenSession | None = None
    """Its file, once there is one that this program may write."""
    why: str = ""
    """Why it can only be read here; empty where it can be saved."""
    untitled: bool = True
    """Whether the program chose the place, so that it saves without asking."""
    saved: Session | None = None
    """As a person, or the end of a run, saved it last."""
    noted: Session | None = None
    """What the disk was told last."""
    place_number: int = 0
    """How many files it had: what streams is journalled anew in each."""
    made_here: bool = False
    """Whether its file was made since the program began, so that an empty one may go again."""
    unnamed: bool = False
    """Whether that was before it had a title to be called by."""
    trouble: Problem | None = None
    """Why it could not be saved, until it was."""
    clash: bool = False
    """Whether another program changed its file, so that a person must say what is to become of it."""
    recovered: tuple[str, ...] = ()
    """What came back when it was opened after a crash, and what was dropped."""
    past: list[Session] = field(default_factory=list)
    future: list[Session] = field(default_factory=list)
    results: list[RunRecord] = field(default_factory=list)
    """The runs of its sweeps, as they stand in the file beside it."""
    results_size: int | None = None
    """Bytes of that file when it was read; None where it has not been, or can't be."""
    _counted: tuple[tuple[RunRecord, ...], int, Decimal] | None = None
    _spent: tuple[int, Cost] = (0, Cost(Decimal(0), Basis.EXACT))
    _added: tuple[tuple[RunRecord, ...], Cost] | None = None
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while its journal is written: who comes first is served first."""
    folding: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while its file is written anew, which takes its time; the journal goes on meanwhile."""
    disk: Lock = field(default_factory=Lock)
    """Held by the thread that writes, which outlives a task that is cancelled."""

    @property
    def read_only(self) -> bool:
        return bool(self.why)

    @property
    def loose(self) -> bool:
        """Whether its journal holds what its file doesn't yet."""
        return self.held is not None and self.held.journalled > 0

    @classmethod
    def opened(cls, opened: Opened, path: Path, desk: Desk) -> tuple[Document, tuple[str, ...]]:
        """A session out of its file, and what is to be said about it: also which copies have more than it.

        What the API requires and the file doesn't say comes from the defaults, as a change that isn't saved yet.
        """
        from workbench.core import completing
        from workbench.engine.copies import Copies

        session, defaults = opened.session, desk.config.defaults
        made = cls(
            completing.completed(session, defaults),
            path,
            opened.held,
            opened.why,
            untitled=False,
            saved=session,
            noted=session,
            recovered=(*opened.recovered, *Copies(desk.places.copies).told(path, session)),
        )
        filled = completing.note(completing.missing(session), defaults)
        return made, (*opened.notes, *([f"{path.name} {filled}"] if filled else []))

    def change(self, session: Session) -> None:
        """A step that a person took, and can take back."""
        if session is self.session or session == self.session:
            return
        self.past = [*self.past[-STEPS:], self.session]
        self.future = []
        self.session = session

    def record(self, session: Session) -> None:
        """What happened by itself, an answer for one: no step to undo.

        A lane that moved on from its question does so in the other steps too: undoing a parameter that was changed
        meanwhile must not hide the answer, nor must bringing back a lane that was closed while it ran.
        """
        ended = {run.id: run for run in session.runs[len(self.session.runs) :]}
        came = [message for message in session.messages[len(self.session.messages) :] if message.run in ended]
        moved = {(ended[each.run or ""].lane, each.parent): each.id for each in came} | {
            (lane.id, before.tip): lane.tip or ""
            for before, lane in zip(self.session.lanes, session.lanes, strict=False)
            if before.id == lane.id and before.tip != lane.tip and ended
        }
        self.session = session
        if moved:
            self.past = [_followed(step, moved) for step in self.past]
            self.future = [_followed(step, moved) for step in self.future]

    @property
    def spent(self) -> Cost | None:
        """What all its runs cost, those of its sweeps too; None before the first."""
        if self._spent[0] < len(self.results):
            fresh = total(each.cost for each in self.results[self._spent[0] :])
            self._spent = (len(self.results), total((self._spent[1], fresh)) if self._spent[0] else fresh)
        parts = [self._of_runs()] if self.session.runs else []
        return total((*parts, self._spent[1])) if self.results else next(iter(parts), None)

    def _of_runs(self) -> Cost:
        """What the session's own runs cost; of ten thousand, only those are added up that came since."""
        before, cost = self._added or ((), Cost())
        runs = self.session.runs
        if before is not runs:
            grown = bool(before) and len(runs) > len(before) and runs[len(before) - 1] is before[-1]
            fresh = total(each.cost for each in runs[len(before) if grown else 0 :])
            self._added = (runs, total((cost, fresh)) if grown else fresh)
        assert self._added is not None
        return self._added[1]

    def committed(self, catalogue: Catalogue) -> Decimal:
        """USD that count against the budget, worked out anew only when another run has ended."""
        from workbench.core import budget

        key = (self.session.runs, len(self.results))
        if self._counted is None or self._counted[0] is not key[0] or self._counted[1] != key[1]:
            self._counted = (*key, budget.committed((*self.session.runs, *self.results), catalogue))
        return self._counted[2]

    def undo(self) -> bool:
        return self._travel(self.past, self.future)

    def redo(self) -> bool:
        return self._travel(self.future, self.past)

    def _travel(self, there: list[Session], back: list[Session]) -> bool:
        if not there:
            return False
        back.append(self.session)
        self.session = there.pop().keeping(self.session)
        return True

    def drafted(self, draft: str) -> Session:
        """The session as it would be saved now, with what stands in the editor."""
        return self.session if self.session.prompt == draft else replace(self.session, prompt=draft)

    def unsaved(self, draft: str) -> bool:
        """Whether saving would change the file; an untouched new session has nothing to save."""
        now = self.drafted(draft)
        return now != (self.saved or _fresh(now))

    @property
    def has_news(self) -> bool:
        """Whether something was asked or answered since it was saved."""
        return self.given_up() != (self.saved or _fresh(self.session))

    def given_up(self) -> Session:
        """The session without the changes since it was saved; what was said and answered stays, for it is paid."""
        before = self.saved or _fresh(self.session)
        tips = {lane.id: lane.tip for lane in self.session.lanes}
        lanes = tuple(replace(lane, tip=tips.get(lane.id, lane.tip)) for lane in before.lanes)
        return replace(before.keeping(self.session), lanes=lanes)


def _fresh(session: Session) -> Session:
    """A new session as that one began."""
    return Session(created=session.created, params=session.params)


def _followed(step: Session, moved: dict[tuple[str, str | None], str]) -> Session:
    """The step with each lane that stood on a question on its answer."""
    lanes = tuple(replace(lane, tip=moved.get((lane.id, lane.tip), lane.tip)) for lane in step.lanes)
    return replace(step, lanes=lanes)
