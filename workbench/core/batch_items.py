"""What a batch asks: each request with its custom id and the beginning of its run record, in parcels that fit.

A batch has one version header and one list of beta features for all its requests: others go into another parcel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from workbench.core import attached, batch, forecast, record, tool_table
from workbench.core.clouds import lack
from workbench.core.record import RunRecord
from workbench.core.request import encode
from workbench.core.usage import HALF

if TYPE_CHECKING:
    from workbench.core.endpoint import Endpoint
    from workbench.core.models import Catalogue
    from workbench.core.request import Request
    from workbench.core.sweep_plan import Plan, Spot

FRAME: Final = 14
"""Bytes around all requests."""


@dataclass(frozen=True)
class Item:
    """One request of a batch."""

    custom_id: str
    request: Request
    begun: RunRecord
    """Its run record before anything came, less what the batch's own id gives it."""
    label: str = ""

    @property
    def encoded(self) -> bytes:
        """As it stands in the body: the request without `stream`, which batches don't take."""
        params = encode(self.request.body(stream=False))
        return b'{"custom_id":"%b","params":%b}' % (self.custom_id.encode(), params)


@dataclass(frozen=True)
class Parcel:
    """What goes into one batch."""

    version: str
    betas: str
    items: tuple[Item, ...]

    @property
    def lanes(self) -> tuple[str, ...]:
        """Whose answers they will be: of several parcels each has its own."""
        return tuple(dict.fromkeys(item.begun.lane for item in self.items))

    @property
    def body(self) -> bytes:
        return b'{"requests":[%b]}' % b",".join(item.encoded for item in self.items)


def of_sweep(plan: Plan, spots: Iterable[Spot], endpoint: Endpoint) -> tuple[Item, ...]:
    """A sweep's requests: their records will be found by hash, version and repeat, as those that were sent live."""
    made: list[Item] = []
    for spot in spots:
        cell = plan.cells[spot.cell]
        begun = RunRecord(
            lane=plan.lane,
            parent=plan.parent,
            endpoint=endpoint.name,
            model=cell.request.params.model or "",
            params=cell.request.params.to_mapping(),
            request_sha256=cell.sha256,
            conversation_sha256=cell.request.conversation_sha256,
            breakpoints=dict(plan.breakpoints),
            variables=dict(plan.variables),
            extra={"sweep": plan.sweep.id, "cell": cell.plain, "repeat": spot.repeat},
        )
        name = batch.custom_id(plan.sweep.id, spot.cell, spot.repeat, cell.sha256, cell.label)
        label = cell.label if plan.sweep.repeats == 1 else f"{cell.label} · {spot.repeat + 1}"
        made.append(Item(name, cell.request, begun, label))
    return tuple(made)


@dataclass(frozen=True)
class Question:
    """What one lane asks."""

    lane: str
    tip: str
    """The message that the answer will hang under."""
    request: Request
    breakpoints: Mapping[str, str] = field(default_factory=dict)
    """The cache breakpoints on the turns that are sent, by message."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Those that it has other than its session."""


def of_lanes(asked: Sequence[Question], repeat: int, endpoint: Endpoint) -> tuple[Item, ...]:
    """Each lane's request, `repeat` times."""
    made: list[Item] = []
    begun = [_begun(each, endpoint) for each in asked]
    for again in range(repeat):
        for at, (each, known) in enumerate(zip(asked, begun, strict=True)):
            name = batch.custom_id(each.lane, at, again, known.request_sha256)
            label = f"lane {each.lane}" if repeat == 1 else f"lane {each.lane} · {again + 1}"
            made.append(Item(name, each.request, known, label))
    return tuple(made)


def _begun(asked: Question, endpoint: Endpoint) -> RunRecord:
    """What is known of a lane's run before its answer."""
    request = asked.request
    return RunRecord(
        lane=asked.lane,
        parent=asked.tip,
        endpoint=endpoint.name,
        model=request.params.model or "",
        params=request.params.to_mapping(),
        request_sha256=request.digest,
        conversation_sha256=request.conversation_sha256,
        breakpoints=dict(asked.breakpoints),
        variables=dict(asked.variables),
    )


def parcels(
    items: Iterable[Item],
    endpoint: Endpoint,
    *,
    most: int = batch.MOST_REQUESTS,
    room: int = batch.MOST_BYTES,
) -> tuple[Parcel, ...]:
    """The items in as few batches as the server takes, in their order."""
    made: list[Parcel] = []
    filling: dict[tuple[str, str], tuple[list[Item], int]] = {}
    for item in items:
        key = (item.request.version(endpoint.version, endpoint.kind), item.request.betas)
        there, size = filling.get(key, ([], FRAME))
        weight = len(item.encoded) + 1
        if there and (len(there) >= most or size + weight > room):
            made.append(Parcel(*key, tuple(there)))
            there, size = [], FRAME
        there.append(item)
        filling[key] = (there, size + weight)
    return (*made, *(Parcel(*key, tuple(there)) for key, (there, _) in filling.items()))


def refused(items: Iterable[Item], endpoint: Endpoint) -> tuple[str, ...]:
    """Why the items can't be sent as a batch, a sentence for each reason; empty where they can."""
    found: dict[str, list[Item]] = {}
    number = 0
    for item in items:
        number += 1
        for why in _mistakes(item.request):
            found.setdefault(why, []).append(item)
    told = [
        why
        if len(each) == number
        else f"{each[0].label if len(each) == 1 else f'{len(each):,} of {number:,} requests'}: {why}"
        for why, each in found.items()
    ]
    if (lacking := lack(endpoint.kind, "batches")) is not None:
        told.insert(0, f"{lacking}: send it live, or choose another endpoint")
    return tuple(told)


def _mistakes(request: Request) -> Iterator[str]:
    params = request.params
    if missing := [each["path"] for turn in request.turns for each in attached.paths(turn.wire["content"])]:
        yield f"{missing[0]} is attached by its path, and is not in the request yet: run it live"
    if params.speed is not None:
        yield "a batch takes no speed: unset it (x), a batch has no fast mode"
    if params.max_tokens == 0:
        yield "a batch takes no max_tokens of 0, which only warms the cache: set 1 or more"
    if not params.model:
        yield "there is no model: set one"
    if params.max_tokens is None:
        yield "max_tokens is not set: the API requires it"


def one_round(items: Iterable[Item]) -> tuple[str, ...]:
    """That a batch ends with the first call of a tool."""
    every = {item.request.params.tools for item in items}
    own = any(not tool_table.is_served(tool) for tools in every for tool in tool_table.listed(tools))
    text = "tools: a batch answers once; calls in its answers wait, and the next round goes live, at the full price"
    return (text,) if own else ()


@dataclass(frozen=True, slots=True)
class Price:
    """What the items will cost as a batch, which is half, by estimated tokens; None where a price is unknown."""

    input_tokens: int
    low: Decimal | None
    high: Decimal | None
    unpriced: tuple[str, ...] = ()


def price(items: Iterable[Item], endpoint: Endpoint, catalogue: Catalogue) -> Price:
    """From the length of the texts; equal requests are looked at once."""
    tokens, low, high = 0, Decimal(0), Decimal(0)
    unpriced: set[str] = set()
    known: dict[str, forecast.Forecast] = {}
    for item in items:
        key = item.begun.request_sha256
        if key not in known:
            known[key] = forecast.of_request(item.request, endpoint, catalogue)
        found = known[key]
        tokens += found.input_tokens
        if found.low is None or found.high is None:
            unpriced.add(item.begun.model or "no model")
        else:
            low, high = low + found.low * HALF, high + found.high * HALF
    if unpriced:
        return Price(tokens, None, None, tuple(sorted(unpriced)))
    return Price(tokens, low, high)


def line(item: Item) -> dict[str, Any]:
    """An item as a line of the file that says what the custom ids of a batch stand for."""
    known = item.begun.to_mapping()
    kept = {key: value for key, value in known.items() if key not in {"text", "content", "cost_basis"}}
    return {"custom_id": item.custom_id, "label": item.label, **kept}


def read_line(found: Mapping[str, Any]) -> tuple[str, RunRecord] | None:
    """Its custom id and the beginning of its record; None for what is no such line."""
    left = dict(found)
    name = left.pop("custom_id", None)
    left.pop("label", None)
    return (name, record.from_mapping(left)) if isinstance(name, str) and name else None
