"""`Run`: one request sent and all that comes of it; the only growing object of core."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.core import errors, thoughts
from workbench.core.block import Block
from workbench.core.clouds import CLOUDS
from workbench.core.record import CostLike, RunRecord, Timings
from workbench.core.reply import Reply
from workbench.core.state import CHARACTERS_PER_TOKEN, Phase, Queued, State, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workbench.core.endpoint import Endpoint
    from workbench.core.errors import Problem
    from workbench.core.limits import Limits
    from workbench.core.params import Params
    from workbench.core.request import Request

__all__ = ["Block", "Phase", "Queued", "Run", "State", "Timings", "Waiting"]


@dataclass(slots=True)
class Run(Reply):
    """One request. The engine alone writes it; everyone on its event loop may read it at any time."""

    id: str
    lane: str
    parent: str | None
    """The message that the answer hangs under."""
    endpoint: str
    params: Params
    model: str
    """As asked; what served it is in `message`."""
    started: datetime
    request_sha256: str = ""
    breakpoints: Mapping[str, str] = field(default_factory=dict)
    """The cache breakpoints on the turns that it sends: `5m` or `1h`, by message."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Those that it has other than its session."""
    phase: Phase = Phase.QUEUED
    state: State | None = None
    attempts: int = 0
    timings: Timings = field(default_factory=Timings)
    limits: Limits | None = None
    waiting: Waiting | None = None
    queued: Queued | None = None
    """Why it waits before it is sent, while others that share its limits go first."""
    last_byte: float | None = None
    """On the engine's monotonic clock."""
    sent: bool = False
    """Whether the request, or an earlier try of it, began to go out."""
    unpaid: bool = False
    """Whether every try that went out was refused outright, so that nothing was generated."""
    request: Request | None = None
    """What was sent: its thinking is bound to that."""
    schema_errors: tuple[str, ...] | None = None
    """Where the answer doesn't fit its schema, once that was looked at."""
    simulated: bool = False
    """Whether the answer is made up or replayed, as its endpoint or its server says: nobody pays for it."""

    @property
    def served_model(self) -> str:
        """The model that answered, as the server names it, else the one asked for."""
        served = self.message.get("model")
        return served if isinstance(served, str) and served else self.model

    @property
    def stop_details(self) -> dict[str, Any] | None:
        """What the server says of a refusal, verbatim; members that are null left out, as TOML has none."""
        found = self.message.get("stop_details")
        return {key: value for key, value in found.items() if value is not None} if isinstance(found, dict) else None

    @property
    def output_tokens_so_far(self) -> int:
        """The server's count once it is final; before, an estimate from the characters that came."""
        counted = self.usage.get("output_tokens") or 0
        if self.usage_final:
            return int(counted)
        return max(int(counted), round(sum(block.size for block in self.blocks) / CHARACTERS_PER_TOKEN))

    @property
    def diagnostics(self) -> dict[str, object]:
        """What the server said about its cache, where it was asked."""
        said = self.message.get("diagnostics")
        return said if isinstance(said, dict) else {}

    def end(self, state: State, problem: Problem | None = None) -> None:
        """Fix how the run ended. The first end state stands: a late cancel or error changes nothing."""
        if self.state is not None:
            return
        self.state = state
        self.problem = None if state is State.COMPLETE else problem or self.problem
        self.phase = Phase.ENDED
        self.waiting = None
        self.queued = None
        self.version += 1

    def finish(self, problem: Problem | None = None, *, rest: str = "") -> None:
        """End the run because the stream ended, by itself or with a transport's `problem`.

        `rest` is what the decoder had left: the beginning of an event tells a cut from an answer that
        never was a stream.
        """
        state = self.verdict()
        cut = problem is not None or rest.startswith(("event:", "data:", ":"))
        if state is State.MALFORMED and cut and not (self.begun or self.bad_events or self.faults):
            state = State.INTERRUPTED
        match state:
            case State.MALFORMED:
                odd = "; ".join(self.flags)
                nothing = "not_stream" if rest.strip() else "not_message" if odd else "empty"
                problem = errors.malformed("structure" if self.events else nothing, rest or odd)
            case State.UNCONFIRMED:
                problem = errors.interrupted("unconfirmed")
            case State.INTERRUPTED:
                problem = problem or errors.interrupted("cut")
            case _:
                problem = None
        self.end(state, problem)

    def beginning(self, endpoint: Endpoint) -> dict[str, object]:
        """What a journal says of it before anything came; whose prices hold is known only now."""
        return {
            "id": self.id,
            "lane": self.lane,
            "parent": self.parent,
            "endpoint": self.endpoint,
            "model": self.model,
            "params": self.params.to_mapping(),
            "started": self.started,
            "request_sha256": self.request_sha256,
            "breakpoints": dict(self.breakpoints),
            "variables": dict(self.variables),
            "simulated": self.simulated or endpoint.simulated,
            "official": endpoint.official,
            **({"kind": endpoint.kind, "region": endpoint.region} if endpoint.kind in CLOUDS else {}),
        }

    def record(self, cost: CostLike) -> RunRecord:
        """What is kept of the run as it stands now."""
        content = self.content()
        return RunRecord(
            id=self.id,
            lane=self.lane,
            parent=self.parent,
            endpoint=self.endpoint,
            state=self.state,
            model=self.served_model,
            text=self.text,
            content=tuple(content),
            stop_reason=self.stop_reason,
            stop_sequence=self.stop_sequence,
            usage=self.usage,
            cost_usd=cost.usd,
            cost_basis=str(cost.basis),
            params=self.params.to_mapping(),
            request_id=self.request_id,
            message_id=message_id if isinstance(message_id := self.message.get("id"), str) else None,
            diagnostics=self.diagnostics,
            request_sha256=self.request_sha256,
            breakpoints=dict(self.breakpoints),
            variables=dict(self.variables),
            started=self.started,
            attempts=self.attempts,
            timings=self.timings,
            limits=self.limits,
            problem=self.problem,
            stop_details=self.stop_details,
            conversation_sha256=self._conversation_sha256(content),
            schema_errors=self.schema_errors,
        )

    def _conversation_sha256(self, content: list[dict[str, Any]]) -> str:
        return self.request.conversation_sha256 if self.request is not None and thoughts.has(content) else ""
