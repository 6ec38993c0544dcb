"""One client's connection: bytes in, requests out, responses back, one after the other (h11 does the grammar)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import h11

from workbench.simulator.exchange import Cut, Request, Response, Silence

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

READ: Final = 1 << 16
HEAD_LIMIT: Final = 1 << 16
LINGER_S: Final = 5.0
"""How long a refused upload may go on before it is cut, so that its refusal can be read."""
REASONS: Final = {529: "Site is overloaded"}
BROKEN: Final = b'{"type":"error","error":{"type":"invalid_request_error","message":"The request is not valid HTTP."}}'


class Connection:
    """Reads whole requests, asks `answer`, writes what it says, until either side has had enough."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answer: Callable[[Request], Awaitable[Response]],
        body_limit: int,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._body_limit = body_limit
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)

    async def serve(self) -> None:
        try:
            while await self._exchange():
                self._http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            await self._refuse_grammar(error.error_status_hint)
        except (ConnectionError, Cut):
            pass
        finally:
            self._writer.close()

    async def _exchange(self) -> bool:
        """One request and its response; whether another may follow."""
        head = await self._event()
        if not isinstance(head, h11.Request):
            return False
        request = await self._request(head)
        response = await self._answer(request)
        if request.too_large:
            response.close = True
        await self._send(request, response)
        if request.too_large:
            await self._drain_upload()
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._http.they_are_waiting_for_100_continue:
                await self._write(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
            self._http.receive_data(await self._reader.read(READ))

    async def _request(self, head: h11.Request) -> Request:
        headers: dict[str, str] = {}
        for raw_name, raw_value in head.headers:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        method, target = head.method.decode("ascii"), head.target.decode("latin-1")
        if int(headers.get("content-length", 0)) > self._body_limit:
            return Request(method, target, headers, too_large=True)
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > self._body_limit:
                return Request(method, target, headers, too_large=True)
        return Request(method, target, headers, bytes(body))

    async def _send(self, request: Request, response: Response) -> None:
        headers = list(response.headers.items())
        if isinstance(response.body, bytes):
            if response.status != HTTPStatus.NO_CONTENT:
                headers.append(("content-length", str(len(response.body))))
        elif response.length is not None:
            headers.append(("content-length", str(response.length)))
        if response.close:
            headers.append(("connection", "close"))
        await self._write(h11.Response(status_code=response.status, headers=headers, reason=_reason(response.status)))
        if request.method != "HEAD":
            if isinstance(response.body, bytes):
                await self._write(h11.Data(response.body))
            else:
                await self._send_pieces(response.body)
        await self._write(h11.EndOfMessage())

    async def _send_pieces(self, pieces: AsyncIterator[bytes]) -> None:
        try:
            async for piece in pieces:
                await self._write(h11.Data(piece))
        except Silence:
            while await self._reader.read(READ):
                pass
            raise Cut from None
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()

    async def _drain_upload(self) -> None:
        """Swallow what is left of a refused upload: closing at once would reset it before its refusal is read."""
        try:
            async with asyncio.timeout(LINGER_S):
                while isinstance(await self._event(), h11.Data):
                    pass
        except (TimeoutError, h11.RemoteProtocolError):
            pass

    async def _refuse_grammar(self, status: int) -> None:
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE} or self._reader.at_eof():
            return
        headers = [("content-type", "application/json"), ("content-length", str(len(BROKEN)))]
        try:
            await self._write(
                h11.Response(status_code=status, headers=[*headers, ("connection", "close")], reason=_reason(status))
            )
            await self._write(h11.Data(BROKEN))
            await self._write(h11.EndOfMessage())
        except ConnectionError:
            pass

    async def _write(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()


def _reason(status: int) -> bytes:
    try:
        return (REASONS.get(status) or HTTPStatus(status).phrase).encode()
    except ValueError:
        return b"Unknown"
