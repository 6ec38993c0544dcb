"""Which path is whose, and the same head and tail for every response."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from workbench.core.endpoint import SIMULATED_BY, SIMULATED_HEADER
from workbench.simulator import batches, clouds, gate, messages, models_api
from workbench.simulator.call import Call
from workbench.simulator.errors import ApiError
from workbench.simulator.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from workbench.simulator.clouds.front import Front
    from workbench.simulator.exchange import Request
    from workbench.simulator.service import Service

    Handler = Callable[[Call], Awaitable[Response]]

ID: Final = r"([^/]+)"
ROUTES: Final[tuple[tuple[re.Pattern[str], Mapping[str, Handler]], ...]] = tuple(
    (re.compile(path), handlers)
    for path, handlers in (
        (r"/v1/messages", {"POST": messages.create}),
        (r"/v1/messages/count_tokens", {"POST": messages.count_tokens}),
        (r"/v1/messages/batches", {"POST": batches.create, "GET": batches.list_all}),
        (rf"/v1/messages/batches/{ID}", {"GET": batches.retrieve, "DELETE": batches.delete}),
        (rf"/v1/messages/batches/{ID}/cancel", {"POST": batches.cancel}),
        (rf"/v1/messages/batches/{ID}/results", {"GET": batches.results}),
        (r"/v1/models", {"GET": models_api.list_all}),
        (rf"/v1/models/{ID}", {"GET": models_api.retrieve}),
    )
)


class Router:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, request: Request) -> Response:
        """The response to any request at all."""
        request_id = self._service.ids.next("req")
        found = clouds.front_of(request)
        if found is None:
            try:
                response = await self._route(request)
            except ApiError as error:
                response = error.response(request_id)
            own = {
                "request-id": request_id,
                "anthropic-organization-id": self._service.ids.organization,
                "anthropic-workspace-id": self._service.ids.workspace,
            }
        else:
            response, own = await self._behind(*found, request, request_id), {}
        response.headers = {
            "date": format_datetime(self._service.now(), usegmt=True),
            **own,
            "server": "workbench-simulator",
            SIMULATED_HEADER: SIMULATED_BY,
            **response.headers,
        }
        return response

    async def _behind(self, front: Front, path: str, request: Request, request_id: str) -> Response:
        """The answer of a cloud, which knows by itself who asks."""
        try:
            front.proves(request, self._service)
            return front.outward(await self._route(front.inner(request, path, self._service), known=True), request_id)
        except ApiError as error:
            return front.refused(error, request_id)

    async def _route(self, request: Request, *, known: bool = False) -> Response:
        path = request.path.rstrip("/") or "/"
        for pattern, handlers in ROUTES:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            allowed = [*handlers, *(["HEAD"] if "GET" in handlers else []), "OPTIONS"]
            allow = {"allow": ", ".join(allowed)}
            if request.method == "OPTIONS":
                return Response(204, allow)
            handler = handlers.get("GET" if request.method == "HEAD" else request.method)
            if handler is None:
                raise ApiError(405, "Method Not Allowed", allow)
            if not known:
                gate.check_key(request)
            return await handler(self._call(request, "".join(found.groups()), by_rate=handler is messages.create))
        raise ApiError(404, "Not Found")

    def _call(self, request: Request, argument: str, *, by_rate: bool) -> Call:
        version = gate.check_version(request)
        betas = gate.check_betas(request)
        mishap = self._service.faults.meet(request, by_rate=by_rate)
        return Call(self._service, request, version, betas, argument, mishap)
