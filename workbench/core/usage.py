"""Tokens become money, in Decimal: every kind at its own price, by what the server says it served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core import cloud_models, clouds
from workbench.core.cost import Basis, Cost, money, total
from workbench.core.endpoint import Endpoint
from workbench.core.model import Model, Prices
from workbench.core.models import Catalogue
from workbench.core.state import FULL_STATES, State

if TYPE_CHECKING:
    from workbench.core.run import Run

__all__ = ["Basis", "Bill", "Cost", "Tokens", "bill", "charged", "cost", "money", "of_run", "total"]

MILLION: Final = Decimal(1_000_000)
HALF: Final = Decimal("0.5")
US_FACTOR: Final = Decimal("1.1")
WEB_SEARCH: Final = Decimal("0.01")
"""USD each; never halved, never multiplied."""
MOST: Final = 10**12
"""A count above this is garbage."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Billed tokens by kind; None is a count that was not reported or makes no sense."""

    input: int | None
    write_5m: int | None
    write_1h: int | None
    read: int | None
    output: int | None
    """Thinking included."""

    @classmethod
    def of(cls, usage: Mapping[str, object]) -> Tokens:
        written = _optional(usage.get("cache_creation_input_tokens"))
        parts = usage.get("cache_creation")
        by_time = parts if isinstance(parts, Mapping) else {}
        hour = _optional(by_time.get("ephemeral_1h_input_tokens"))
        if usage.get("cache_creation_input_tokens") is None and by_time:
            five = _optional(by_time.get("ephemeral_5m_input_tokens"))
        else:
            five = None if written is None or hour is None else max(written - hour, 0)
        return cls(
            input=count(usage.get("input_tokens")),
            write_5m=five,
            write_1h=hour,
            read=_optional(usage.get("cache_read_input_tokens")),
            output=count(usage.get("output_tokens")),
        )

    @property
    def prompt(self) -> int | None:
        """All prompt tokens, cached ones included: what selects a long-context price."""
        parts = (self.input, self.write_5m, self.write_1h, self.read)
        return None if None in parts else sum(part for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Bill:
    """What one answer costs, part by part, each in USD."""

    parts: Mapping[str, Decimal]
    """`input`, `write_5m`, `write_1h`, `read`, `output`, `web_search`; only those that occurred."""
    unpriced: tuple[str, ...] = ()
    """Kinds that occurred and have no price: the sum is a lower bound then."""

    @property
    def usd(self) -> Decimal:
        return sum(self.parts.values(), Decimal(0))


def count(value: object) -> int | None:
    """A token count, or None for what can be none: text, negative, fractional, not finite, absurd."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= MOST or value != int(value):
        return None
    return int(value)


def _optional(value: object) -> int | None:
    """A count that may be null or absent, which is none at all."""
    return 0 if value is None else count(value)


def bill(
    usage: Mapping[str, object],
    model: Model | None,
    *,
    batch: bool = False,
    catalogue: Catalogue | None = None,
) -> Bill | None:
    """None where a price or a count is missing; `catalogue` knows the other models of `iterations`.

    With `iterations` each entry is billed at its own model: the totals leave compaction and advisors out.
    """
    entries = usage.get("iterations")
    iterations = entries if isinstance(entries, list) and entries else [usage]
    searches = _searches(usage)
    if searches is None:
        return None
    parts: dict[str, Decimal] = {}
    unpriced: list[str] = []
    for entry in iterations:
        if not isinstance(entry, Mapping):
            return None
        served = _served(entry, model, catalogue) if entry is not usage else model
        prices = prices_of(entry, served, speed=usage.get("speed"), batch=batch)
        if served is None or prices is None:
            return None
        factor = US_FACTOR if usage.get("inference_geo") == "us" and served.geo else Decimal(1)
        for kind, tokens, price in _lines(Tokens.of(entry), prices):
            if tokens is None:
                return None
            if price is None and tokens:
                unpriced.append(kind)
            elif price is not None and tokens:
                parts[kind] = parts.get(kind, Decimal(0)) + tokens * price * factor / MILLION
    if searches:
        parts["web_search"] = searches * WEB_SEARCH
    return Bill(parts, tuple(dict.fromkeys(unpriced)))


def _lines(tokens: Tokens, prices: Prices) -> tuple[tuple[str, int | None, Decimal | None], ...]:
    return (
        ("input", tokens.input, prices.input),
        ("write_5m", tokens.write_5m, prices.write_5m),
        ("write_1h", tokens.write_1h, prices.write_1h),
        ("read", tokens.read, prices.read),
        ("output", tokens.output, prices.output),
    )


def prices_of(
    usage: Mapping[str, object], model: Model | None, *, speed: object = None, batch: bool = False
) -> Prices | None:
    """The prices that hold for this usage: by the speed it was served at, its prompt's length, and batch."""
    if model is None:
        return None
    prices = model.prices
    if speed == "fast" and not model.priced_by_user:
        prices = model.fast
    elif model.long is not None:
        prompt = Tokens.of(usage).prompt
        if prompt is None:
            return None
        threshold, above = model.long
        prices = above if prompt > threshold else prices
    return prices.times(HALF) if prices is not None and batch else prices


def _served(entry: Mapping[str, object], model: Model | None, catalogue: Catalogue | None) -> Model | None:
    id_ = entry.get("model")
    if not isinstance(id_, str) or (model is not None and id_ in model.ids):
        return model
    return (catalogue or Catalogue.builtin()).find(id_)


def _searches(usage: Mapping[str, object]) -> int | None:
    used = usage.get("server_tool_use")
    return _optional(used.get("web_search_requests")) if isinstance(used, Mapping) else 0


def cost(
    usage: Mapping[str, object],
    model: Model | None,
    *,
    batch: bool = False,
    catalogue: Catalogue | None = None,
) -> Decimal | None:
    """The whole price in USD, or None where any part of it is unknown."""
    whole = bill(usage, model, batch=batch, catalogue=catalogue)
    return None if whole is None or whole.unpriced else whole.usd


def charged(run: Run, endpoint: Endpoint, catalogue: Catalogue, *, batch: bool = False) -> Cost:
    """What a run costs as it stands, and how sure that is; in a `batch` at half the price."""
    return of_run(
        run.usage,
        run.state,
        endpoint,
        catalogue,
        run.served_model,
        asked=run.model,
        stop_reason=run.stop_reason,
        empty=not run.has_content,
        final=run.usage_final,
        simulated=run.simulated,
        sent=run.sent,
        unpaid=run.unpaid if run.unpaid or run.attempts > 1 else None,
        batch=batch,
    )


def of_run(
    usage: Mapping[str, object],
    state: str | None,
    endpoint: Endpoint,
    catalogue: Catalogue,
    model_id: str,
    *,
    asked: str = "",
    stop_reason: str | None = None,
    empty: bool = False,
    final: bool | None = None,
    simulated: bool = False,
    sent: bool = True,
    unpaid: bool | None = None,
    batch: bool = False,
) -> Cost:
    """The same of a run's parts.

    `asked` is the model of the request: other servers answer under names of their own, a file's path for one.
    `empty` says that no content arrived: a refusal before any output is reported in usage but not billed.
    `final` says whether the last count of output tokens arrived; by default the state decides.
    `simulated` says that nobody pays for this answer, whatever the endpoint.
    `sent` says whether the request ever left: one that did not costs nothing, wherever it was to go.
    `unpaid` says whether each of its tries was refused outright; where that isn't known, the last one's end decides.
    """
    simulated = simulated or endpoint.simulated
    nothing = Cost(Decimal(0), Basis.SIMULATED if simulated else Basis.EXACT)
    if not usage and (simulated or not sent):
        return nothing
    if not usage and (state == State.REJECTED if unpaid is None else unpaid):
        return nothing if endpoint.priced else Cost()
    model = catalogue.find(model_id)
    if not simulated and not endpoint.priced:
        named = (catalogue.recognise(each) for each in (model_id, asked))
        model = next((each for each in named if each is not None and each.priced_by_user), None)
        if model is None:
            return Cost()
    cloud = clouds.of(endpoint.kind)
    if cloud is not None:  # an answer is signed with the API's name, or with the cloud's
        model = model or catalogue.recognise(model_id) or catalogue.recognise(asked)
        model = cloud_models.priced(model, endpoint, asked or model_id)
    if stop_reason == "refusal" and empty:
        return nothing
    ended = state in FULL_STATES if final is None else final and state in FULL_STATES
    known: Mapping[str, object] = usage
    if not ended and count(usage.get("output_tokens")) is None:
        known = {**usage, "output_tokens": 0}
    whole = bill(known, model, batch=batch, catalogue=catalogue)
    if whole is None:
        return Cost(None, Basis.SIMULATED if simulated else Basis.UNKNOWN)
    partial = bool(whole.unpriced) or not ended
    if simulated:
        return Cost(whole.usd, Basis.SIMULATED, partial)
    if partial:
        return Cost(whole.usd, Basis.AT_LEAST)
    presumed = cloud is not None and (cloud.presumed or not clouds.hosted(endpoint.base_url))
    contract = usage.get("service_tier") == "priority" or presumed
    return Cost(whole.usd, Basis.ESTIMATE if contract else Basis.EXACT)
