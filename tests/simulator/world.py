"""What the simulator's tests share: a clock that only moves when told, and requests without sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from workbench.simulator.exchange import Cut, Request, Silence
from workbench.simulator.faults import Fault
from workbench.simulator.routes import Router
from workbench.simulator.service import Service

START = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
KEY = {"x-api-key": "sk-test", "anthropic-version": "2026-10-21"}


@dataclass
class FakeClock:
    """Seconds that pass by sleeping or by hand."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1000.0)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    end: str = "whole"
    """`whole`, `cut` or `silence`."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return str(self.json["error"]["message"])

    @property
    def events(self) -> list[dict[str, Any]]:
        frames = self.body.decode().split("\n\n")
        return [json.loads(frame.partition("data: ")[2]) for frame in frames if frame]

    @property
    def text(self) -> str:
        """All text, streamed or not."""
        if "event-stream" not in self.headers["content-type"]:
            return "".join(block["text"] for block in self.json["content"] if block["type"] == "text")
        return "".join(event["delta"].get("text", "") for event in self.events if "delta" in event)


class World:
    """A simulator without its sockets."""

    def __init__(
        self,
        *,
        seed: int = 0,
        speed: float = 0,
        limits: tuple[int, int, int] | None = None,
        faults: tuple[Fault, ...] = (),
        vary_repeats: bool = True,
    ) -> None:
        self.time = FakeClock()
        self.service = Service(
            seed=seed,
            speed=speed,
            limits=limits,
            fault_rates=faults,
            batch_seconds=60.0,
            vary_repeats=vary_repeats,
            clock=self.time.clock,
            now=self.time.now,
            sleep=self.time.sleep,
        )
        self.router = Router(self.service)

    async def call(self, method: str, target: str, body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {name: value for name, value in {**KEY, **named}.items() if value}
        response = await self.router.answer(Request(method, target, sent, raw))
        if isinstance(response.body, bytes):
            return Answer(response.status, response.headers, response.body)
        got, end = bytearray(), "whole"
        try:
            async for piece in response.body:
                got += piece
        except Cut:
            end = "cut"
        except Silence:
            end = "silence"
        return Answer(response.status, response.headers, bytes(got), end)

    async def ask(self, headers: dict[str, str] | None = None, **fields: object) -> Answer:
        """`POST /v1/messages` with usual values for what isn't given; None leaves a field out."""
        usual = {
            "model": "claude-sonnet-4-6",
            "max_tokens": 2000,
            "messages": [{"role": "user", "content": "Explain how a lighthouse works."}],
        }
        body = {name: value for name, value in {**usual, **fields}.items() if value is not None}
        return await self.call("POST", "/v1/messages", body, **(headers or {}))


def says(text: str) -> list[dict[str, object]]:
    """A conversation of one message."""
    return [{"role": "user", "content": text}]
