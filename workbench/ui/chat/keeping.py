"""Has the disk hold what is on the screen; in threads, in order, and never two things at once.

What changes and what streams is noted in the journal beside the session's file; the file itself is written anew when
a person saves, when nothing has happened for a while, and when the session is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from workbench.core.session import Session
from workbench.ui.chat import on_disk
from workbench.ui.chat.on_disk import Piece

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.engine.store import StoreError
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat

BEAT_S: Final = 0.4
"""Seconds between two looks at what is to be noted: with the writing, less than one is ever lost."""
PAUSE_S: Final = 0.3
"""Seconds without a key after which a change is noted."""
TYPING_S: Final = 1.0
"""Seconds after which a change is noted though the person goes on typing."""
IDLE_S: Final = 5.0
"""Seconds without a run and without a change after which the file is written anew."""
LOOK_S: Final = 3.0
"""Seconds between two looks whether another program changed the file."""
RETRY_S: Final = 5.0
"""Seconds between two tries while the disk refuses."""


class Keeping:
    """Looks after the session that is open on one Chat screen."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.renew()

    def renew(self) -> None:
        """Another session is open."""
        self._looked: tuple[Session, str] | None = None
        self._since: float | None = None
        """When the first change was seen that is not noted yet."""
        self._now = self._changed_at = self._seen_at = 0.0
        self._refused_at: float | None = None
        """When the disk refused a note, and …"""
        self._unfolded_at: float | None = None
        """… when it refused the file, until it takes them."""
        self._waiting = False

    def beat(self, now: float | None = None) -> None:
        """Twice a second: note what changed and what came, or write the file anew when all is quiet."""
        chat, document = self.chat, self.chat.document
        if document.read_only or not chat.is_attached or document.writing.locked():
            return
        now = self._now = chat.workbench.runner.clock() if now is None else now
        self._look(now)
        if self._refused_at is not None:
            if now - self._refused_at >= RETRY_S:
                self.wake()
        elif chat.lives or self._ripe(now):
            self.wake()
        elif self._may_fold(now):
            self._work(self._fold_quietly(document))
        elif now - self._seen_at >= LOOK_S and not document.clash:
            self._seen_at = now
            self._work(self._see(document))

    def wake(self) -> None:
        """Note at once what there is to note: a run that begins can't wait for the next beat."""
        if not self._waiting and not self.chat.document.read_only:
            self._waiting = True
            self._work(self.note(self.chat.document))

    async def note(self, document: Document) -> bool:
        """Have the journal hold the session and what came of its runs; whether it does."""
        if document.read_only:
            return False
        async with document.writing:
            if document is self.chat.document:
                self._waiting = False
            session, pieces, before = self._session(document), self.pieces(document), document.path
            news = any(_is_news(each, document) for each in pieces)
            if not news and session is document.noted and self._refused_at is None:
                return True
            error = await _tried(lambda: on_disk.note(document, session, self._place, pieces))
        self._refused_at = self._now if error is not None else None
        if error is not None:
            self.refused(document, error)
        else:
            self._since = None
            self._taken(document, moved=document.path != before)
        return error is None

    async def ended(self, document: Document) -> None:
        """A run has ended: whoever leaves without saving doesn't take that back."""
        session = self._session(document)
        if await self.note(document):
            document.saved = session

    async def fold(self, document: Document, *, overwrite: bool = False) -> None:
        """Write the file anew, as the session is now. Raises ChangedOnDisk, StoreError."""
        async with document.folding:
            session, before = self._session(document), document.path
            await asyncio.to_thread(on_disk.fold, document, session, self._place, overwrite=overwrite)
            document.saved = session
        self.folded(document, moved=document.path != before)

    async def _fold_quietly(self, document: Document) -> None:
        """Write the file anew by itself: what a person has not saved yet can still be given up."""
        async with document.folding:
            session = self._session(document)
            error = await _tried(lambda: on_disk.fold(document, session, self._place))
        if error is not None:
            self.refused(document, error, file=True)
        else:
            self.folded(document)

    async def _see(self, document: Document) -> None:
        """Whether the file is still the one that this program wrote: said now, not when it is saved."""
        async with document.folding, document.writing:
            error = await _tried(lambda: on_disk.look(document))
        if error is not None:
            self.refused(document, error, file=True)

    def folded(self, document: Document, *, moved: bool = True) -> None:
        """The file holds the session."""
        self._refused_at = self._unfolded_at = None
        document.clash = False
        self._taken(document, moved=moved)
        if self.chat.lives and document is self.chat.document:
            self.wake()

    def refused(self, document: Document, error: StoreError, *, file: bool = False) -> None:
        """The disk didn't take it: say so until it does; once a while it is tried again."""
        from workbench.engine.store import ChangedOnDisk

        if file:
            self._unfolded_at = self._now
        document.clash = document.clash or isinstance(error, ChangedOnDisk)
        news = document.trouble is None or document.trouble.detail != error.problem.detail
        document.trouble = error.problem
        if document is self.chat.document and self.chat.is_attached:
            self.chat.show_heading()
            if news:
                self.chat.tell(str(error.problem), "error")

    # What is due

    def _look(self, now: float) -> None:
        """Note the time when something changed that the disk doesn't know."""
        document = self.chat.document
        looked = (document.session, self.chat.unsent)
        if self._looked is not None and self._looked[0] is looked[0] and self._looked[1] == looked[1]:
            return
        self._looked, self._changed_at = looked, now
        begun = document.noted is not None or document.unsaved(looked[1])
        if begun and self._session(document) != document.noted and self._since is None:
            self._since = now

    def _ripe(self, now: float) -> bool:
        """Whether a change is to be noted: after a pause, or when it has waited long enough."""
        return self._since is not None and (now - self._changed_at >= PAUSE_S or now - self._since >= TYPING_S)

    def _may_fold(self, now: float) -> bool:
        """Whether nothing has happened for a while, and the file is behind its journal."""
        document = self.chat.document
        if not document.loose or document.clash or self._since is not None or self.chat.sweeping_now:
            return False
        if document.folding.locked():
            return False
        last = max(self._changed_at, self._unfolded_at or 0.0)
        return now - last >= (IDLE_S if self._unfolded_at is None else RETRY_S)

    def _session(self, document: Document) -> Session:
        return document.drafted(self.chat.unsent) if document is self.chat.document else document.session

    def _place(self, session: Session) -> Path:
        from workbench.ui.chat.filing import first_path

        return first_path(self.chat.desk, session)

    def pieces(self, document: Document) -> list[Piece]:
        """What came of each run that has begun to go out, and how much of it is in the journal."""
        found: list[Piece] = []
        for live in self.chat.lives:
            if live.document is not document or live.run.queued is not None:
                continue
            run, wire = live.run, live.wire
            number, attempt, seen = live.journalled or (0, 0, 0)
            noted = number == document.place_number and document.held is not None
            if not noted or attempt != run.attempts:
                attempt, seen = run.attempts, 0
            answering = wire.status is not None and 200 <= wire.status < 300
            came = [data for _, data in wire.pieces] if answering else []
            found.append(Piece(live, attempt, came, seen))
        return found

    # What becomes of it

    def _taken(self, document: Document, *, moved: bool) -> None:
        """The disk holds it."""
        if document.untitled and not any(live.document is document for live in self.chat.lives):
            document.saved = document.noted
        if self._unfolded_at is None and not document.clash:
            moved = moved or document.trouble is not None
            document.trouble = None
        if document is not self.chat.document or not self.chat.is_attached:
            return
        self.chat.show_heading()
        if moved and self.chat.has_class("-wide"):
            from workbench.ui.chat import outlining

            outlining.show(self.chat)
            outlining.look_again(self.chat)

    def _work(self, made: Coroutine[Any, Any, object]) -> None:
        self.chat.run_worker(made, group="keeping")


def _is_news(piece: Piece, document: Document) -> bool:
    """Whether the journal lacks some of it, or doesn't know the run at all."""
    journalled = piece.live.journalled
    known = journalled is not None and journalled[0] == document.place_number and document.held is not None
    return not known or piece.noted < len(piece.came)


async def _tried(act: Callable[[], None]) -> StoreError | None:
    """What went wrong in a thread."""
    from workbench.engine.store import StoreError

    try:
        await asyncio.to_thread(act)
    except StoreError as error:
        return error
    return None
