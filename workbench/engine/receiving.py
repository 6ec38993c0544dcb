"""One attempt: send, take in the answer, and say how it ended or why it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final

from workbench.core import errors, events, limits, masking, strict_json
from workbench.core.endpoint import SIMULATED_BY, SIMULATED_HEADER
from workbench.core.errors import Problem
from workbench.core.limits import Limits
from workbench.core.run import Phase, Run, State, Timings
from workbench.core.sse import Decoder, Frame, TooLargeError
from workbench.engine.calls import Call
from workbench.engine.failures import Broken
from workbench.engine.framing import pieces_of
from workbench.engine.source import Answer, Connection
from workbench.engine.wire import Wire

BURST: Final = 100
"""Events and pieces taken in before everybody else on the loop gets a turn: a millisecond of them."""
LARGEST_MESSAGE: Final = 16 * 1024 * 1024
LARGEST_ERROR: Final = 1024 * 1024
LARGEST_SAMPLE: Final = 4096
SMALL_PIECE: Final = 2048
"""Bytes below which a piece is a few tokens."""
BODY_SECONDS: Final = 60.0
"""How long the body of an answer that is no stream may take after its head."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that brought no content, so that another may follow."""

    state: State
    problem: Problem
    headers: Mapping[str, str] = field(default_factory=dict)
    kept_closed: bool = False
    """The connection was kept from an earlier run, and closed before it gave a byte (faults N14)."""


class Attempt:
    """One HTTP try of a run."""

    def __init__(
        self,
        run: Run,
        call: Call,
        wire: Wire,
        clock: Callable[[], float],
        on_event: Callable[[], None],
        on_limits: Callable[[Limits | None], None],
        gather: Callable[[], Awaitable[None]],
    ) -> None:
        """`on_limits` is called once the head of the answer is there, with what its headers say of the limits.

        `gather` is awaited between small pieces, once content has come.
        """
        self._run = run
        self._call = call
        self._wire = wire
        self._clock = clock
        self._on_event = on_event
        self._on_limits = on_limits
        self._gather = gather
        self._begun = clock()
        self._first_token: float | None = None
        self._unpaused = 0
        self._unpaid = False
        """Whether nothing was paid for the tries before this one."""
        self._broken: Broken | None = None
        """What cut an answer short that is no stream."""

    @property
    def seconds(self) -> float:
        """Since the attempt began."""
        return self._clock() - self._begun

    async def over(self, connection: Connection) -> Failure | None:
        """Send and receive; None when the run has ended, else why another attempt may follow."""
        clean = False
        self._begun = self._clock()
        self._run.timings = Timings(retry_wait_s=self._run.timings.retry_wait_s)
        try:
            self._call = await self._call.ready()
            self._wire.request_headers = dict(self._call.shown)
            self._wire.signed_by = self._call.signed_by
            self._begun = self._clock()  # whatever a signature took is no part of the request's times
            answer = await connection.send("POST", self._call.url, self._call.headers, self._call.body, self._sending)
            self._head(answer)
            failure = await self._answered(answer)
            clean = answer.ended
        except Broken as broken:
            return Failure(State.UNREACHABLE, broken.problem, kept_closed=broken.kept_closed)
        except asyncio.CancelledError:
            self.end(State.CANCELLED)
            raise
        finally:
            self._wire.end(self.seconds)
            self._wire.oddities[:] = [masking.masked(each, self._call.secrets) for each in self._wire.oddities]
            await connection.release(clean=clean)
        return failure

    def _sending(self) -> None:
        self._run.timings = replace(self._run.timings, connect_s=self.seconds)
        self._run.phase = Phase.WAITING
        self._unpaid = self._run.unpaid or not self._run.sent
        self._run.sent, self._run.unpaid = True, False
        self._run.last_byte = self._clock()
        self._run.version += 1

    def _head(self, answer: Answer) -> None:
        run, wire = self._run, self._wire
        run.timings = replace(run.timings, first_byte_s=self.seconds)
        run.last_byte = self._clock()
        told = limits.parse(answer.headers)
        run.limits = told or run.limits
        self._on_limits(told)
        shown = {name: masking.masked(value, self._call.secrets) for name, value in answer.headers.items()}
        run.request_id = errors.request_id(shown) or run.request_id
        run.simulated = run.simulated or answer.headers.get(SIMULATED_HEADER) == SIMULATED_BY
        run.version += 1
        wire.status, wire.response_headers = answer.status, shown
        wire.pieces.clear()
        wire.flow = masking.Flow(self._call.secrets)

    async def _answered(self, answer: Answer) -> Failure | None:
        if not 200 <= answer.status < 300:
            return await self._refused(answer)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind.endswith("json"):
            await self._message(answer)
        elif kind in ("text/html", "application/xhtml+xml"):
            sample = await self._sample(answer)
            self.end(State.MALFORMED, errors.malformed("not_stream", sample, secrets=self._call.secrets))
        else:
            await self._events(answer)
        return None

    async def _refused(self, answer: Answer) -> Failure:
        self._run.unpaid = self._unpaid
        body = await self._body(answer, LARGEST_ERROR)
        sent = len(self._call.body or b"")
        secrets = self._call.secrets
        problem = errors.from_response(
            answer.status, answer.headers, body, sent_bytes=sent, secrets=secrets, keyless=not secrets
        )
        told = errors.request_id(answer.headers, body)
        self._run.request_id = masking.masked(told, secrets) if told else self._run.request_id
        return Failure(State.REJECTED, problem, answer.headers)

    async def _message(self, answer: Answer) -> None:
        """A whole message where a stream was asked for: some servers answer so."""
        body = await self._body(answer, LARGEST_MESSAGE, None)
        try:
            message = strict_json.loads(body.decode(errors="replace"))
        except strict_json.BadJsonError:
            message = None
        known = isinstance(message, dict) and (isinstance(message.get("content"), list) or "error" in message)
        if not isinstance(message, dict) and self._broken is not None:
            self.end(State.MALFORMED if self._broken.nonsense else State.INTERRUPTED, self._broken.problem)
            return
        if not isinstance(message, dict) or not known:
            sample = body.decode(errors="replace")
            kind = "empty" if not body else "too_large" if len(body) == LARGEST_MESSAGE else "not_message"
            self.end(State.MALFORMED, errors.malformed(kind, sample, secrets=self._call.secrets))
            return
        self._run.apply_message(message)
        self._on_event()
        self._run.timings = replace(self._run.timings, first_token_s=self.seconds)
        self._finish()

    async def _events(self, answer: Answer) -> None:
        decoder = Decoder()
        try:
            await self._stream(answer, decoder)
        finally:
            if decoder.invalid:
                self._run.flag(f"{decoder.invalid:,} bytes were no UTF-8, and are shown as \ufffd")

    async def _stream(self, answer: Answer, decoder: Decoder) -> None:
        run, sample = self._run, b""
        try:
            async with aclosing(pieces_of(answer)) as pieces:
                async for piece in pieces:
                    self._wire.add(self.seconds, piece)
                    if not run.events:
                        sample = (sample + piece)[:LARGEST_SAMPLE]
                    if await self._take_in(decoder.feed(piece)):
                        self._finish()
                        await answer.drain()
                        return
                    self._unpaused += 1
                    if self._unpaused >= BURST:
                        self._unpaused = 0
                        await asyncio.sleep(0)
                    elif self._first_token is not None and len(piece) < SMALL_PIECE:
                        await self._gather()
        except TooLargeError:
            self.end(State.MALFORMED, errors.malformed("too_large"))
        except Broken as broken:
            if broken.nonsense:
                self.end(State.MALFORMED, broken.problem)
            else:
                self._finish(broken.problem, decoder.flush())
        else:
            self._whole(decoder, sample)

    def _whole(self, decoder: Decoder, sample: bytes) -> None:
        """The body ended by itself, without the event that ends a message."""
        rest = decoder.flush()
        if self._run.events or not sample.strip() or rest.startswith(("event:", "data:", ":")):
            self._finish(rest=rest)
        else:
            told = sample.decode(errors="replace")
            self.end(State.MALFORMED, errors.malformed("not_stream", told, secrets=self._call.secrets))

    async def _take_in(self, frames: list[Frame]) -> bool:
        """Fold the events into the run; True when one of them ended it."""
        run = self._run
        if frames and run.phase is not Phase.STREAMING:
            run.phase = Phase.STREAMING
        for frame in frames:
            run.apply(self._read(frame))
            self._on_event()
            if self._first_token is None and run.has_content:
                self._first_token = self.seconds
                run.timings = replace(run.timings, first_token_s=self._first_token)
            if run.stopped or run.failed:
                return True
            self._unpaused += 1
            if self._unpaused >= BURST:
                self._unpaused = 0
                await asyncio.sleep(0)
        run.last_byte = self._clock()
        return False

    def _read(self, frame: Frame) -> events.Event:
        """The event; what is no part of the answer is read without a key that the server sent back."""
        event = events.parse(frame)
        if isinstance(event, events.ErrorEvent | events.Unknown | events.Malformed):
            return events.parse(Frame(*(masking.masked(text, self._call.secrets) for text in frame)))
        return event

    def _finish(self, problem: Problem | None = None, rest: str = "") -> None:
        """The stream is over: what came says how the run ended."""
        self._run.timings = replace(self._run.timings, total_s=self.seconds)
        self._run.finish(problem, rest=masking.masked(rest, self._call.secrets))
        if self._run.problem is not None:  # the words of an error event, or of what was no stream
            self._run.problem = masking.masked_problem(self._run.problem, self._call.secrets)
        if self._run.failed and not self._run.usage:
            self._run.unpaid = self._unpaid

    def end(self, state: State, problem: Problem | None = None) -> None:
        """End the run here; an end that it already has stands."""
        if self._run.state is None:
            self._run.timings = replace(self._run.timings, total_s=self.seconds)
        self._run.end(state, problem)

    async def _body(self, answer: Answer, limit: int, seconds: float | None = BODY_SECONDS) -> bytes:
        """An answer that is no stream; one that breaks off, or never ends, is taken as far as it came."""
        found = bytearray()
        try:
            async with asyncio.timeout(seconds), aclosing(answer.pieces()) as pieces:
                async for piece in pieces:
                    found += piece
                    if len(found) >= limit:
                        break
        except Broken as broken:
            self._broken = broken
        except TimeoutError:
            pass
        body = bytes(found[:limit])
        self._wire.add(self.seconds, body)
        return body

    async def _sample(self, answer: Answer) -> str:
        return (await self._body(answer, LARGEST_SAMPLE)).decode(errors="replace")
