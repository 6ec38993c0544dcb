"""A run that is going on: what it sends, its task, and the view that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from workbench.core import usage
from workbench.core.endpoint import Endpoint
from workbench.core.growing_json import GrowingJson
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.record import RunRecord
from workbench.core.request import Request
from workbench.core.run import Run, State
from workbench.core.session import content_of
from workbench.core.state import Queued
from workbench.engine.keys import Key
from workbench.engine.wire import Wire
from workbench.ui.chat.meters_of import Speed

if TYPE_CHECKING:
    from workbench.engine.runner import Ask, Runner
    from workbench.ui.chat.document import Document
    from workbench.ui.chat.screen import Chat
    from workbench.ui.widgets.conversation import Conversation


MANY: Final = 500
"""Turns whose bytes are made in a few milliseconds."""
HEAVY: Final = 1 << 20
"""Bytes of attachments of which the same is true."""


@dataclass(eq=False)
class Live:
    """One run on its way; it remembers how many fragments of each block its view was fed."""

    run: Run
    request: Request
    endpoint: Endpoint
    key: Key | None
    document: Document
    """The session it belongs to, whatever is on the screen when it ends."""
    after: Sequence[Live] = ()
    """Runs that share its prompt: it begins when the first of them that comes to an answer has begun it."""
    view: Conversation | None = None
    """Where it is shown now."""
    seen: dict[int, int] = field(default_factory=dict)
    inputs: dict[int, GrowingJson] = field(default_factory=dict)
    """The input of each tool call, laid out as far as its view was fed."""
    wire: Wire = field(default_factory=Wire)
    speed: Speed = field(default_factory=Speed)
    started: float = 0.0
    """In monotonic seconds."""
    limits_at: float | None = None
    """When the limits came, in monotonic seconds."""
    task: asyncio.Future[Any] | None = None
    stopped: bool = False
    warned: bool = False
    """Whether a stop was asked for while another lane was in focus: the next one means this too."""
    journalled: tuple[int, int, int] | None = None
    """In which of its session's files it is noted, which attempt, and how many of its pieces; None before."""
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when its answer has begun, or it has ended: from then on a cache that it wrote can be read."""

    async def stream(self, runner: Runner, ask: Ask) -> None:
        """Drain the stream: it holds no text, posts no message per token, touches no widget."""
        for writer in self.after:
            self.run.queued = Queued("the cache", None)
            self.task = asyncio.ensure_future(writer.answering())
            await asyncio.wait({self.task})
            if self.stopped or writer.run.events:
                break  # else that one failed or was stopped, and the next of them writes the cache
        self.run.queued = None
        heavy = sum(each.sent for each in self.request.media) > HEAVY
        if heavy or len(self.request.turns) > MANY:  # the bytes of so much would hold up the screen
            self.task = asyncio.ensure_future(asyncio.to_thread(getattr, self.request, "encoded"))
            await asyncio.wait({self.task})
        if self.stopped:
            self.run.end(State.CANCELLED)
            return
        self.task = runner.start(self.run, self.request, self.endpoint, self.key, ask=ask, wire=self.wire)
        try:
            await self.task
        except asyncio.CancelledError:
            if self.run.state is not State.CANCELLED:
                raise

    async def answering(self) -> None:
        """Until its answer has begun, or it has ended."""
        await self.begun.wait()

    def stop(self) -> None:
        """End it as cancelled; one that hasn't begun yet never does."""
        self.stopped = True
        if self.task is not None:
            self.task.cancel()

    def ended(self, catalogue: Catalogue) -> tuple[RunRecord, str | Json]:
        """The record of the run as it ended, and its answer as it is kept: text where it is only text."""
        cost = usage.charged(self.run, self.endpoint, catalogue)
        return self.run.record(cost), content_of(self.run.content())

    def beginning(self) -> dict[str, object]:
        """What the journal says of it before anything came."""
        digest = self.run.request_sha256 or self.request.at(self.endpoint).digest
        return {**self.run.beginning(self.endpoint), "request_sha256": digest}

    @property
    def simulated(self) -> bool:
        """Whether what comes is made up: by the bundled simulator, or by one elsewhere that says so."""
        return self.endpoint.simulated or self.run.simulated


async def stop_all(chat: Chat) -> None:
    """Cancel every run and wait until each has its end, those of a sweep too."""
    for live in chat.lives:
        live.stop()
    if chat.sweeping is not None:
        chat.sweeping.stop()
    runs = [worker for worker in chat.workers if worker.group in {"runs", "sweep"}]
    if runs:  # of no workers Textual waits for all, and so for its caller
        await chat.workers.wait_for_complete(runs)
