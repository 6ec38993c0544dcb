"""One message batch: what was asked, how far it is, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.simulator.shape import Block

KEPT: Final = timedelta(hours=24)


@dataclass(slots=True)
class Batch:
    id: str
    requests: tuple[tuple[str, Block], ...]
    version: str
    betas: tuple[str, ...]
    created: datetime
    begun: float
    """On the service's clock, in seconds."""
    takes: float
    cancelled: datetime | None = None
    cancelled_at: float = 0.0
    results: list[Block] = field(default_factory=list)
    """Filled once it has ended."""
    ended: datetime | None = None

    def describe(self, base_url: str) -> Block:
        """The `MessageBatch`; counts stay in `processing` until the whole batch ends."""
        counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
        for result in self.results:
            counts[str(cast("Block", result["result"])["type"])] += 1
        if self.ended is None:
            counts["processing"] = len(self.requests)
        going = "in_progress" if self.cancelled is None else "canceling"
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": going if self.ended is None else "ended",
            "request_counts": counts,
            "created_at": _said(self.created),
            "expires_at": _said(self.created + KEPT),
            "ended_at": _said(self.ended),
            "cancel_initiated_at": _said(self.cancelled),
            "archived_at": None,
            "results_url": None if self.ended is None else f"{base_url}/v1/messages/batches/{self.id}/results",
        }


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
