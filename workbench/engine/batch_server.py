"""The batches of one endpoint: made, asked about, cancelled, and their results read line by line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from workbench.core import batch, errors, strict_json
from workbench.core.accepts import VERSION_NEWEST
from workbench.core.batch_items import Parcel
from workbench.core.endpoint import SIMULATED_BY, SIMULATED_HEADER, Endpoint
from workbench.core.problem import Problem
from workbench.engine import keys
from workbench.engine.calls import Call, call_of
from workbench.engine.failures import Broken

if TYPE_CHECKING:
    from workbench.engine.keys import Key
    from workbench.engine.runner import Runner
    from workbench.engine.source import Answer

LARGEST: Final = 1024 * 1024
"""Bytes of an answer that is one object, or one page of a list."""
LARGEST_LINE: Final = 64 * 1024 * 1024
MOST_RESULTS: Final = 1 << 40
"""Bytes of all results: a hundred thousand answers of the longest are not too many, because none is held."""
SECONDS: Final = 30.0
CREATE_SECONDS: Final = 900.0
"""A body of 256 MB takes its time."""
PAGE: Final = 100
MOST_PAGES: Final = 50
BURST: Final = 50
"""Lines after which everybody else on the loop gets a turn."""
RECORDING: Final = Problem(
    "No batches here", "A recording answers in place of every endpoint.", "Start without --replay."
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an answer is not there."""

    problem: Problem
    unsure: bool = False
    """Whether the request may have arrived, and been carried out, all the same."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of results."""

    value: Mapping[str, Any]
    simulated: bool
    """Whether the server says that it is a simulator."""


class Server:
    """Every method gives what the server says, or Refused; only bugs raise."""

    def __init__(self, runner: Runner, endpoint: Endpoint, key: Key | None) -> None:
        self.endpoint = endpoint
        self._runner = runner
        self._key = key

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in what is shown; of credentials that sign, known once they have."""
        return self._key.secrets() if self._key else ()

    async def create(self, parcel: Parcel) -> dict[str, Any] | Refused:
        """Send it once; whoever isn't sure looks into the list before it is sent again."""
        found = await self._asked("POST", "", parcel.body, parcel.version, parcel.betas, CREATE_SECONDS)
        if isinstance(found, Refused) or batch.SERVER_ID.fullmatch(str(found.get("id", ""))):
            return found
        return Refused(errors.malformed("not_message", "the batch has no id"), unsure=True)

    async def retrieve(self, server_id: str) -> dict[str, Any] | Refused:
        return await self._asked("GET", _path(server_id))

    async def cancel(self, server_id: str) -> dict[str, Any] | Refused:
        return await self._asked("POST", _path(server_id, "/cancel"), b"")

    async def delete(self, server_id: str) -> dict[str, Any] | Refused:
        return await self._asked("DELETE", _path(server_id))

    async def listed(self, since: datetime) -> list[dict[str, Any]] | Refused:
        """The server's batches, newest first, back to a moment."""
        found: dict[str, dict[str, Any]] = {}
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = await self._asked("GET", f"?{urlencode({'limit': PAGE, **after})}")
            if isinstance(page, Refused):
                return page
            rows = page.get("data")
            if not isinstance(rows, list):
                return Refused(errors.malformed("not_message", "the list of batches is missing"))
            fresh = {row["id"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
            oldest = min(
                (when for row in fresh.values() if (when := batch.moment(row.get("created_at")))), default=None
            )
            last, there = page.get("last_id"), fresh.keys() <= found.keys()
            found |= fresh
            if page.get("has_more") is not True or not isinstance(last, str) or there or (oldest and oldest < since):
                break
            after = {"after_id": last}
        return list(found.values())

    async def results(self, server_id: str, take: Callable[[Line], Awaitable[None]]) -> int | Refused:
        """Hand over line after line, in the server's order; how many there were, or why the rest is missing.

        The address is our own, not the `results_url` of the answer: a key goes where it was agreed to go.
        """
        call = await self._call(_path(server_id, "/results"))
        if isinstance(call, Refused):
            return call
        try:
            connection = await self._runner.source.take(call.url)
            clean = False
            try:
                async with asyncio.timeout(SECONDS):
                    call = await call.ready("GET")
                    answer = await connection.send("GET", call.url, call.headers, None, lambda: None)
                if not 200 <= answer.status < 300:
                    return await self._refusal(answer, call.secrets)
                number = await self._lines(answer, take)
                clean = answer.ended
            finally:
                await connection.release(clean=clean)
        except Broken as broken:
            return Refused(broken.problem)
        except TimeoutError:
            return Refused(self._silent())
        return number

    async def _lines(self, answer: Answer, take: Callable[[Line], Awaitable[None]]) -> int:
        simulated = answer.headers.get(SIMULATED_HEADER) == SIMULATED_BY
        number = 0
        async for text in _split(answer):
            try:
                value = strict_json.loads(text.decode(errors="replace"))
            except strict_json.BadJsonError:
                value = None
            if isinstance(value, dict):
                await take(Line(strict_json.encodable(value), simulated))
                number += 1
                if number % BURST == 0:
                    await asyncio.sleep(0)
        return number

    async def _asked(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        version: str = "",
        betas: str = "",
        seconds: float = SECONDS,
    ) -> dict[str, Any] | Refused:
        call = await self._call(path, body, version, betas)
        if isinstance(call, Refused):
            return call
        for again in (False, True):
            sent: list[bool] = []
            try:
                async with asyncio.timeout(seconds):
                    return await self._once(method, call, lambda: sent.append(True))  # noqa: B023 - called at once
            except Broken as broken:
                if method == "GET" and broken.kept_closed and not again:
                    continue
                return Refused(broken.problem, unsure=bool(sent))
            except TimeoutError:
                return Refused(self._silent(), unsure=bool(sent))
        raise AssertionError("the second time it returned")

    async def _call(self, path: str, body: bytes | None = None, version: str = "", betas: str = "") -> Call | Refused:
        if self._runner.replaying:
            return Refused(RECORDING)
        endpoint = await self._runner.resolve(self.endpoint)
        if refused := keys.refusal(endpoint, self._key, self._runner.confirmed):
            return Refused(refused)
        configured = VERSION_NEWEST if endpoint.version == "auto" else endpoint.version
        extra = {"anthropic-beta": betas} if betas else {}
        call = call_of(endpoint, self._key, "batches", version or configured, body=body, extra=extra)
        return Refused(call) if isinstance(call, Problem) else replace(call, url=f"{call.url}{path}")

    async def _once(self, method: str, call: Call, on_sending: Callable[[], None]) -> dict[str, Any] | Refused:
        connection = await self._runner.source.take(call.url)
        clean = False
        try:
            call = await call.ready(method)
            answer = await connection.send(method, call.url, call.headers, call.body, on_sending)
            if not 200 <= answer.status < 300:
                return await self._refusal(answer, call.secrets, len(call.body or b""))
            text = await answer.whole(LARGEST)
            clean = answer.ended
        finally:
            await connection.release(clean=clean)
        try:
            found = strict_json.loads(text.decode(errors="replace"))
        except strict_json.BadJsonError:
            found = None
        if isinstance(found, dict):
            return found
        sample = text[:1000].decode(errors="replace")
        return Refused(errors.malformed("not_message", sample, secrets=call.secrets), unsure=True)

    async def _refusal(self, answer: Answer, secrets: tuple[str, ...], sent_bytes: int | None = None) -> Refused:
        body = await answer.whole(LARGEST)
        problem = errors.from_response(
            answer.status, answer.headers, body, sent_bytes=sent_bytes, secrets=secrets, keyless=not secrets
        )
        return Refused(problem, unsure=answer.status >= 500)

    def _silent(self) -> Problem:
        return errors.unreachable("no_answer", self.endpoint.place)


def _path(server_id: str, rest: str = "") -> str:
    return f"/{quote(server_id, safe='')}{rest}"


async def _split(answer: Answer) -> AsyncIterator[bytes]:
    """The lines of a body as they come; no more than one is held. Raises Broken."""
    held = bytearray()
    async with aclosing(answer.pieces(MOST_RESULTS)) as pieces:
        async for piece in pieces:
            *lines, rest = piece.split(b"\n")
            for line in lines:
                held += line
                if held.strip():
                    yield bytes(held)
                held.clear()
            held += rest
            if len(held) > LARGEST_LINE:
                raise Broken(errors.malformed("too_large"), "body", nonsense=True)
    if held.strip():
        yield bytes(held)
