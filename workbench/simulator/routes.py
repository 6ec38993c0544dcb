"""Which path is whose, and the same head and tail for every response."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from workbench.core.endpoint import SIMULATED_BY, SIMULATED_HEADER
from workbench.simulator import batches, gate, messages, models_api
from workbench.simulator.call import Call
from workbench.simulator.errors import ApiError
from workbench.simulator.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

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
        try:
            response = await self._route(request)
        except ApiError as error:
            response = error.response(request_id)
        response.headers = {
            "date": format_datetime(self._service.now(), usegmt=True),
            "request-id": request_id,
            "anthropic-organization-id": self._service.ids.organization,
            "anthropic-workspace-id": self._service.ids.workspace,
            "server": "workbench-simulator",
            SIMULATED_HEADER: SIMULATED_BY,
            **response.headers,
        }
        return response

    async def _route(self, request: Request) -> Response:
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
            return await handler(self._call(request, "".join(found.groups()), by_rate=handler is messages.create))
        raise ApiError(404, "Not Found")

    def _call(self, request: Request, argument: str, *, by_rate: bool) -> Call:
        gate.check_key(request)
        version = gate.check_version(request)
        betas = gate.check_betas(request)
        mishap = self._service.faults.meet(request, by_rate=by_rate)
        return Call(self._service, request, version, betas, argument, mishap)
