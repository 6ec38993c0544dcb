"""Runs requests: opens connections, streams, waits and tries again; the only writer of a `Run`.

Clock, sleep and chance are handed in, so that a test decides what time it is.
"""

from __future__ import annotations

import asyncio
import importlib
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from types import ModuleType
from typing import Any, Final, TypeAlias

from workbench.core import limiter_load, retry
from workbench.core.endpoint import Endpoint
from workbench.core.errors import Problem
from workbench.core.limiter import CEILING, START
from workbench.core.limits import Limits
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.request import Request
from workbench.core.retry import Wait
from workbench.core.run import Phase, Run, State, Waiting
from workbench.engine import calls, keys, lookup, proxies, validating
from workbench.engine.calls import Call
from workbench.engine.failures import Broken
from workbench.engine.gate import Gate, Line, Pass
from workbench.engine.gathering import Gathering
from workbench.engine.keys import Key
from workbench.engine.origins import Way
from workbench.engine.patience import Patience
from workbench.engine.receiving import Attempt, Failure
from workbench.engine.replay import Recording
from workbench.engine.simulated import Simulated
from workbench.engine.source import Source
from workbench.engine.spacing import Spacing
from workbench.engine.stamps import Stamps
from workbench.engine.timeouts import Timeouts
from workbench.engine.wire import Try, Wire

Ask: TypeAlias = Callable[[Run, Wait], Awaitable[bool]]
"""Asks the user whether to wait that long."""

UNLIMITED: Final = 1 << 30
"""At once: a recording has no limits."""


class Runner:
    """Streams runs, each on a connection of its own; one a program, on one event loop."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeouts: Timeouts | None = None,
        retries: int = 2,
        confirmed: frozenset[Way] = frozenset(),
        replay: Recording | None = None,
        simulated: Simulated | None = None,
        catalogue: Catalogue | None = None,
        concurrency: int = CEILING,
        start: int = START,
        gather_s: float = 0.0,
    ) -> None:
        """At most `concurrency` requests are on their way at once for each endpoint and class of models, `start` of
        them before its limits are known; the classes are those of the `catalogue`. `gather_s` is for `Gathering`."""
        self.clock = clock
        self.sleep = sleep
        self.chance = chance
        self.now = now
        self.retries = retries
        self.confirmed = confirmed
        """Where the user agreed that a key goes."""
        self.events = 0
        """Events taken in since the start, over all runs."""
        self.timeouts = timeouts or Timeouts()
        self.replaying = replay is not None
        """Every request is answered by one recording, and nothing goes over the network."""
        self.simulated = simulated or Simulated()
        self._source: Source | None = replay
        self._spacing = Spacing()
        self._stamps = Stamps()
        self._gathering = Gathering(gather_s)
        self.catalogue = catalogue or Catalogue.builtin()
        """Whose classes of models share their limits."""
        self.gate = Gate(
            lambda: self.clock(),  # noqa: PLW0108 - whichever clock is set by then
            lambda seconds: self.sleep(seconds),  # noqa: PLW0108
            concurrency=UNLIMITED if replay else concurrency,
            start=UNLIMITED if replay else start,
        )

    async def stream(
        self,
        run: Run,
        request: Request,
        endpoint: Endpoint,
        key: Key | None,
        *,
        ask: Ask | None = None,
        extra_headers: Mapping[str, str] | None = None,
        wire: Wire | None = None,
    ) -> None:
        """Send the request and fold the answer into the run, until it has its one end state.

        A cancel ends the run as cancelled with what has come, closes its connection, and goes on up. Whatever
        the server and the network do is in the run; only bugs raise.
        """
        log = Wire(keep=False) if wire is None else wire
        try:
            await self._stream(run, request, endpoint, key, ask=ask, extra_headers=extra_headers or {}, wire=log)
            await validating.validate(run)
        except asyncio.CancelledError:
            run.end(State.CANCELLED)
            raise
        finally:
            run.end(State.INTERRUPTED)  # only a bug comes here without an end

    def start(
        self, run: Run, request: Request, endpoint: Endpoint, key: Key | None, **options: Any
    ) -> asyncio.Task[None]:
        """`stream` as a task; one that is cancelled before its first step still leaves a cancelled run."""
        task = asyncio.create_task(self.stream(run, request, endpoint, key, **options))
        task.add_done_callback(lambda _: run.end(State.CANCELLED))
        return task

    async def count_tokens(self, request: Request, endpoint: Endpoint, key: Key | None) -> int | Problem:
        """The input tokens as the server counts them, or why it doesn't."""
        endpoint = await self.resolve(endpoint)
        return await lookup.count_tokens(self.source, request, endpoint, key, self.confirmed)

    async def models(self, endpoint: Endpoint, key: Key | None) -> list[dict[str, object]] | Problem:
        """What the server says of its models, each with an `id`, or why it doesn't."""
        return await lookup.models(self.source, await self.resolve(endpoint), key, self.confirmed)

    async def warm(self, endpoint: Endpoint) -> None:
        """Load in a thread what the first run needs: while a person types, nobody waits for it."""
        await asyncio.to_thread(_network)
        await self.source.warm(secure=endpoint.base_url.startswith("https://"))

    async def resolve(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint with its address: the simulator has one once it runs, and starts here on first need."""
        if endpoint.simulated and not self.replaying:
            return await self.simulated.endpoint(endpoint)
        return endpoint

    async def aclose(self) -> None:
        """Close every connection, and the simulator where one was started."""
        if self._source is not None:
            await self._source.aclose()
        await self.simulated.aclose()

    @property
    def source(self) -> Source:
        """The network, which loads httpx when it is first asked for, or the recording."""
        if self._source is None:
            made: Source = _network().Slots(self.timeouts)
            self._source = made
        return self._source

    def line_of(self, endpoint: Endpoint, params: Params) -> Line:
        """Where such a request waits for its limiter; `endpoint` as it is configured, before it is resolved."""
        try:
            origin = endpoint.origin
        except ValueError:  # an address that no request will go to
            origin = endpoint.base_url
        return self.gate.line((origin, limiter_load.class_of(params, self.catalogue)))

    def limits_of(self, endpoint: Endpoint, params: Params) -> tuple[Limits, float] | None:
        """The newest limits that such a request shares, and when they came on this runner's clock; None before."""
        known = self.line_of(endpoint, params).limiter
        return None if known.limits is None or known.limits_at is None else (known.limits, known.limits_at)

    def count_event(self) -> None:
        self.events += 1

    async def _stream(
        self,
        run: Run,
        request: Request,
        endpoint: Endpoint,
        key: Key | None,
        *,
        ask: Ask | None,
        extra_headers: Mapping[str, str],
        wire: Wire,
    ) -> None:
        run.started = self._stamps.of(self.now())
        run.phase = Phase.CONNECTING
        run.simulated = endpoint.simulated or self.replaying
        run.version += 1
        request = request.at(endpoint)
        wire.request_body = request.encoded
        wire.oddities = run.flags
        run.request, run.request_sha256 = request, sha256(wire.request_body).hexdigest()
        line = self.line_of(endpoint, request.params)
        endpoint = await self.resolve(endpoint)
        refused = None if self.replaying else keys.refusal(endpoint, key, self.confirmed)
        if refused is not None:
            run.end(State.UNREACHABLE, refused)
            return
        made = calls.of_request(endpoint, key, request, extra_headers)
        if isinstance(made, Problem):
            run.end(State.UNREACHABLE, made)
            return
        call, wire.url, wire.request_headers = made, made.url, dict(made.shown)
        wire.route = "" if self.replaying else proxies.route(wire.url)
        need = limiter_load.need_of(request, self.catalogue)
        place = self.gate.place()
        ask = partial(line.asked_once, ask) if ask else None
        await self._attempts(run, call, endpoint, ask, wire, lambda: line.enter(run, need, place))

    async def _attempts(
        self,
        run: Run,
        call: Call,
        endpoint: Endpoint,
        ask: Ask | None,
        wire: Wire,
        enter: Callable[[], Awaitable[Pass]],
    ) -> None:
        """Try until the run has ended; a kept connection that the server had closed is replaced silently, once.

        A slot of the limiter is held while an attempt goes on, and at no other time.
        """
        failed = 0
        patience = Patience()
        reconnected = False
        while True:
            passed = await enter()
            try:
                attempt = Attempt(run, call, wire, self.clock, self.count_event, passed.heard, self._gathering.pause)
                failure, own_s = patience.judge(await self._attempt(run, call, attempt), passed)
            finally:
                passed.leave()
            if failure is None:
                return
            if failure.kept_closed and not reconnected:
                reconnected = True
                wire.tries.append(Try(failure.problem, attempt.seconds, 0.0))
                continue
            if own_s is not None:
                wire.tries.append(Try(failure.problem, attempt.seconds, own_s))
                continue
            failed += 1
            chance = self.chance()
            wait = retry.wait_before(failed, failure.problem, failure.headers, chance=chance, retries=self.retries)
            if wait is not None:
                wait = self._spacing.apart(wait, endpoint.origin, self.clock())
            wire.tries.append(Try(failure.problem, attempt.seconds, wait.seconds if wait else None))
            if wait is None or not await self._waited(run, failure, wait, ask):
                attempt.end(failure.state, failure.problem)
                return

    async def _attempt(self, run: Run, call: Call, attempt: Attempt) -> Failure | None:
        if not run.attempts:
            run.started = self._stamps.of(self.now())  # what it waited in line before is no part of it
        run.attempts += 1
        run.phase = Phase.CONNECTING
        run.waiting = None
        run.version += 1
        try:
            with self._gathering:
                return await attempt.over(await self.source.take(call.url))
        except Broken as broken:
            return Failure(State.UNREACHABLE, broken.problem)

    async def _waited(self, run: Run, failure: Failure, wait: Wait, ask: Ask | None) -> bool:
        """Sit out the wait where everyone can see it; False when the user rather ends the run."""
        begun = self.clock()
        run.waiting = Waiting(run.attempts, failure.problem, wait.seconds, begun + wait.seconds)
        run.phase = Phase.ASKING if wait.ask else Phase.RETRYING
        run.version += 1
        if wait.ask:
            if ask is None or not await ask(run, wait):
                return False
            run.phase = Phase.RETRYING
            run.version += 1
        left = run.waiting.until - self.clock() if run.waiting else 0.0
        if left > 0:
            await self.sleep(left)
        waited = (run.timings.retry_wait_s or 0.0) + self.clock() - begun
        run.timings = replace(run.timings, retry_wait_s=waited)
        return True


def _network() -> ModuleType:
    """The client, with httpx: 75 ms that a start without a run need not spend."""
    return importlib.import_module("workbench.engine.client")
