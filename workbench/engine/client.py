"""HTTP: one connection a slot, no redirects, no cookies, verified TLS; the only file that knows httpx."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import ssl
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

from workbench.engine import failures
from workbench.engine.failures import Broken, Place, Stage
from workbench.engine.proxies import Proxy, proxy_for
from workbench.engine.timeouts import Timeouts
from workbench.engine.unpacking import unpacker
from workbench.engine.uploading import LARGE_BODY, parts

_modules = cast(dict[str, Any], sys.modules)
_modules.setdefault("httpx._main", None)  # its command line would import click and rich: half of its import time
import httpx  # noqa: E402

if _modules["httpx._main"] is None:
    del _modules["httpx._main"]
for _late in ("httpcore._backends.anyio", "anyio._backends._asyncio"):
    with contextlib.suppress(ImportError):
        importlib.import_module(_late)  # else the first connection does it, and its time shows

IDLE_SECONDS: Final = 30.0
"""How long a kept-alive connection is trusted: servers close theirs after 60 s and more."""
IDLE_SLOTS: Final = 16
CLOSE_SECONDS: Final = 0.2
"""How long a stop waits for its socket to close; the close itself goes on."""
DRAIN_SECONDS: Final = 0.05
"""How long a finished answer's connection may take to end its body before it is thrown away."""
MAX_ANSWER: Final = 64 * 1024 * 1024
"""Bytes of one answer, unpacked."""
MAX_ERROR: Final = 1024 * 1024
"""Bytes that are read of an answer that is no stream."""


HTTP_ERRORS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ExceptionGroup, OSError, UnicodeError)
"""Everything a request was seen to raise for reasons outside this program: two of them are not httpx's own."""


class Answer:
    """A response whose head has come."""

    def __init__(self, slot: Slot, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers: dict[str, str] = dict(response.headers)
        """Names in lower case."""
        self.ended = False
        """The body came to its proper end, so that the connection can be used again."""
        self._slot = slot
        self._stream = cast(httpx.AsyncByteStream, response.stream)
        self._raw = self._stream.__aiter__()

    async def pieces(self, most: int = MAX_ANSWER) -> AsyncGenerator[bytes, None]:
        """The body as it arrives, unpacked, up to `most` bytes of it. Raises Broken."""
        unpack = unpacker(self.headers.get("content-encoding", ""))
        size = 0
        try:
            async for packed in self._raw:
                for piece in unpack.feed(packed) if unpack else (packed,):
                    size += len(piece)
                    if size > most:
                        raise Broken(failures.too_large(most), "body", nonsense=True)
                    yield piece
                    if unpack:
                        await asyncio.sleep(0)  # a thousand of them may lie in what came at once
        except HTTP_ERRORS as error:
            raise self._slot.broken(error) from None
        if unpack and not unpack.whole:
            raise Broken(failures.closed(self._slot.place, "body"), "body")
        await self._end()

    async def whole(self, limit: int = MAX_ERROR) -> bytes:
        """The body up to `limit`; what a broken connection held back is missing."""
        found = bytearray()
        with contextlib.suppress(Broken):
            async with contextlib.aclosing(self.pieces()) as pieces:
                async for piece in pieces:
                    found += piece
                    if len(found) >= limit:
                        break
        return bytes(found[:limit])

    async def drain(self) -> None:
        """Read the end of a body whose last event has come, if it comes at once."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                async for _ in self._raw:
                    return
                await self._end()
        except (TimeoutError, *HTTP_ERRORS):
            pass

    async def _end(self) -> None:
        """Hand the connection back to its transport, which holds it until the stream is closed."""
        await self._stream.aclose()
        self.ended = True


class Slot:
    """One connection to one place, used by one request at a time."""

    def __init__(
        self, slots: Slots, place: Place, proxy: Proxy | None, transport: httpx.AsyncHTTPTransport, timeouts: Timeouts
    ) -> None:
        self.place = place
        self.proxy = proxy
        self._slots = slots
        self._transport = transport
        self._timeouts = timeouts
        self._stage: Stage = "connect"
        self._kept = False
        """The request went over a connection that was open before."""
        self._socket: Any = None

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, on_sending: Callable[[], None]
    ) -> Answer:
        """The response head; `on_sending` is called when there is a connection. Raises Broken."""
        self._stage, self._kept = "connect", True

        async def trace(name: str, info: Mapping[str, Any]) -> None:
            if name.endswith("connect_tcp.started"):
                self._kept = False
            elif name.endswith("connect_tcp.complete"):
                self._socket = info["return_value"]
            elif name.endswith("start_tls.started"):
                self._stage = "tls"
            elif name.endswith("start_tls.complete"):
                self._socket = info["return_value"]
            elif name.endswith("send_request_headers.started"):
                self._stage = "head"
                on_sending()

        wait = httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect, pool=self._timeouts.connect).as_dict()
        try:
            extensions = {"timeout": wait, "trace": trace}
            content: bytes | AsyncGenerator[bytes, None] | None = body
            if body is not None and len(body) > LARGE_BODY:
                content, headers = self._parts(body), {**headers, "content-length": str(len(body))}
            request = httpx.Request(method, url, headers=headers, content=content, extensions=extensions)
            response = await self._transport.handle_async_request(request)
        except HTTP_ERRORS as error:
            raise self.broken(error) from None
        self._stage = "body"
        return Answer(self, response)

    def _parts(self, body: bytes) -> AsyncGenerator[bytes, None]:
        return parts(body, lambda: self._socket, secure=self.place.secure)

    def broken(self, error: Exception) -> Broken:
        """The sentences for an exception; none of its own text goes into them unread."""
        place, stage, waits = self.place, self._stage, self._timeouts
        kept_closed = stage == "head" and self._kept
        match error:
            case httpx.ConnectTimeout() | httpx.PoolTimeout():
                return Broken(failures.connect_timeout(place, waits.connect, stage), stage)
            case httpx.TimeoutException():
                return Broken(failures.silent(place, waits.read, stage), stage)
            case httpx.ProxyError():
                return Broken(failures.proxy_refused(place, str(error)[:80]), "connect")
            case httpx.ConnectError():
                return Broken(failures.not_connected(error, place), "connect")
            case httpx.RemoteProtocolError() if stage == "body" or "disconnected" in str(error):
                return Broken(failures.closed(place, stage), stage, kept_closed=kept_closed)
            case httpx.RemoteProtocolError():
                return Broken(failures.not_http(place, stage), stage)
            case httpx.LocalProtocolError() | UnicodeError():
                return Broken(failures.unsendable(place), "connect")
            case httpx.InvalidURL() | httpx.UnsupportedProtocol():
                return Broken(failures.bad_address(place), "connect")
            case httpx.TransportError():
                return Broken(failures.closed(place, stage, reset=True), stage, kept_closed=kept_closed)
        if stage == "body":
            return Broken(failures.closed(place, stage), stage)
        return Broken(failures.not_connected(error, place), "connect")

    async def release(self, *, clean: bool) -> None:
        """Keep the connection for a later request, or close it and wait a moment for that."""
        if not clean or not self._slots.keep(self):
            await asyncio.wait({self._slots.discard(self)}, timeout=CLOSE_SECONDS)

    async def close(self) -> None:
        with contextlib.suppress(*HTTP_ERRORS):
            await self._transport.aclose()
        if self._socket is not None:  # of a handshake that was cancelled nobody else knows
            with contextlib.suppress(*HTTP_ERRORS):
                await self._socket.aclose()


class Slots:
    """The connections that wait for their next request, and the one TLS context they share.

    There is no shared pool: httpx 0.28 leaks a place in it when a stream is cancelled at two of its steps. A
    connection that was cancelled, or that broke, is thrown away.
    """

    def __init__(self, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self._idle: list[Slot] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._context: asyncio.Task[ssl.SSLContext] | None = None

    async def take(self, url: str) -> Slot:
        """A connection for that address, perhaps one that is open already. Raises Broken."""
        address = urlsplit(url)
        secure = address.scheme == "https"
        proxy = proxy_for(url)
        place = Place(
            address.hostname or "", address.port or (443 if secure else 80), secure, proxy.place if proxy else None
        )
        for slot in reversed(self._idle):
            if (slot.place, slot.proxy) == (place, proxy):
                self._idle.remove(slot)
                return slot
        return Slot(self, place, proxy, await self._transport(place, proxy), self.timeouts)

    def keep(self, slot: Slot) -> bool:
        """Keep a connection whose last answer was read to its end; False where there are enough of them."""
        if len(self._idle) >= IDLE_SLOTS:
            return False
        self._idle.append(slot)
        return True

    def discard(self, slot: Slot) -> asyncio.Task[None]:
        """Close a connection in a task of its own: the caller may be cancelled once more while it waits."""
        task = asyncio.create_task(slot.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        return task

    async def aclose(self) -> None:
        for slot in self._idle:
            self.discard(slot)
        self._idle.clear()
        if self._closing:
            await asyncio.wait(set(self._closing), timeout=CLOSE_SECONDS)
        if self._context is not None:
            await asyncio.gather(self._context, return_exceptions=True)

    async def warm(self, *, secure: bool) -> None:
        """Make the TLS context; a failure shows when a request needs it."""
        if secure:
            with contextlib.suppress(OSError):
                await self._tls()

    async def _tls(self) -> ssl.SSLContext:
        """The shared context, made in a thread (it reads 140 certificates: 20 ms and more). Raises OSError."""
        if self._context is None or (self._context.done() and self._context.exception() is not None):
            self._context = asyncio.create_task(asyncio.to_thread(httpx.create_ssl_context))
        return await asyncio.shield(self._context)

    async def _transport(self, place: Place, proxy: Proxy | None) -> httpx.AsyncHTTPTransport:
        one = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS)
        try:
            # Plain http needs no authorities: an empty context would trust nobody.
            context = await self._tls() if place.secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            return httpx.AsyncHTTPTransport(
                verify=context, trust_env=False, limits=one, proxy=httpx.Proxy(proxy.address) if proxy else None
            )
        except OSError as error:
            raise Broken(failures.no_authorities(place, error), "connect") from None
        except (ValueError, ImportError, httpx.InvalidURL):
            raise Broken(failures.bad_proxy(place), "connect") from None
