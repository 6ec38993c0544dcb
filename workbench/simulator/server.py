"""The bundled server: the Messages API on loopback, for the start without a key, the tests and the screenshots."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from workbench.core.models import Catalogue
from workbench.simulator.connection import Connection
from workbench.simulator.errors import ApiError
from workbench.simulator.routes import Router
from workbench.simulator.service import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import TracebackType

    from workbench.simulator.buckets import Rates
    from workbench.simulator.exchange import Request, Response
    from workbench.simulator.faults import Fault

MB: Final = 1 << 20
BODY_LIMIT: Final = 256 * MB
"""What a batch may weigh; the other routes refuse more than 32 MB themselves."""
KEPT_REQUESTS: Final = 2_000
KEPT_BYTES: Final = 64 * MB
DEFAULT_LIMITS: Final = (50, 20_000, 4_000)
"""Requests, input and output tokens a minute; output refills slower than an answer streams: its gauge rises."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """`async with Simulator() as simulator:` serves at `simulator.base_url` until the block ends.

    `clock` gives monotonic seconds, `now` the date, `sleep` waits: hand in others and no test waits.
    `speed` is in tokens a second, 0 as fast as it can; `limits` are requests, input and output tokens
    a minute, None for no limits and no headers about them. `batch_seconds` is how long a batch takes.
    With `vary_repeats`, the same request asked again gets another wording unless its temperature is 0.
    """

    def __init__(
        self,
        seed: int = 0,
        speed: float = 90.0,
        limits: Rates | None = DEFAULT_LIMITS,
        faults: Iterable[Fault] = (),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        batch_seconds: float = 20.0,
        vary_repeats: bool = True,
        catalogue: Catalogue | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.received: list[Request] = []
        """What arrived, oldest first; the oldest are forgotten beyond 2,000 requests or 64 MB."""
        self._host = host
        self._port = port
        self._service = Service(
            seed=seed,
            speed=speed,
            limits=limits,
            fault_rates=tuple(faults),
            batch_seconds=batch_seconds,
            vary_repeats=vary_repeats,
            catalogue=catalogue or Catalogue.builtin(),
            clock=clock,
            now=now,
            sleep=sleep,
        )
        self._router = Router(self._service)
        self._server: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._bugs: list[BaseException] = []

    @property
    def base_url(self) -> str:
        """Without `/v1`, as clients want it."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self._service.base_url = self.base_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
        if self._bugs and error is None:
            raise self._bugs[0]

    async def serve_forever(self) -> None:
        """Serve until cancelled; starts the server when it is not running yet."""
        if self._server is None:
            await self.__aenter__()
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop at once: open connections are dropped, and no task is left behind."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for task, writer in self._talks.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(Connection(reader, writer, self._answer, BODY_LIMIT).serve())
        self._talks[talk] = writer
        talk.add_done_callback(self._ended)

    def _ended(self, talk: asyncio.Task[None]) -> None:
        del self._talks[talk]
        if not talk.cancelled() and (bug := talk.exception()):
            self._bugs.append(bug)

    async def _answer(self, request: Request) -> Response:
        self._remember(request)
        try:
            return await self._router.answer(request)
        except Exception as bug:  # a server outlives its bugs: the client is told, the owner too when it closes
            self._bugs.append(bug)
            return ApiError(500).response("")

    def _remember(self, request: Request) -> None:
        self.received.append(request)
        weight = sum(len(kept.body) for kept in self.received)
        while len(self.received) > KEPT_REQUESTS or (weight > KEPT_BYTES and len(self.received) > 1):
            weight -= len(self.received.pop(0).body)
