"""The bundled simulator as an endpoint: it starts in this program when it is first needed."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, cast
from urllib.parse import urlsplit

from workbench.core.endpoint import Endpoint


class Server(Protocol):
    """The part of the simulator that this file uses."""

    @property
    def base_url(self) -> str: ...
    async def __aenter__(self) -> object: ...
    async def __aexit__(self, *reason: object) -> None: ...


class Simulated:
    """At most one simulator, started by whoever comes first."""

    def __init__(self, **settings: object) -> None:
        """`settings` go to the simulator: seed, speed, limits, faults."""
        self._settings: Mapping[str, object] = settings
        self._server: Server | None = None
        self._starting = asyncio.Lock()

    async def endpoint(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint with the address where the simulator answers; one with a real port stays as it is."""
        if urlsplit(endpoint.base_url).port:
            return endpoint
        async with self._starting:
            if self._server is None:
                module = await asyncio.to_thread(importlib.import_module, "workbench.simulator")
                server = cast(Server, module.Simulator(**self._settings))
                await server.__aenter__()
                self._server = server
        return replace(endpoint, base_url=self._server.base_url)

    async def aclose(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            await server.__aexit__(None, None, None)
