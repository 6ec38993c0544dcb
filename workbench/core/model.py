"""What one model is, accepts and costs: the row type of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

SHAPES: Final = ("adaptive", "enabled", "disabled", "between_tools")
EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")
LIFECYCLES: Final = ("active", "legacy", "deprecated", "retired")
FAST_MODES: Final = ("no", "ga", "beta", "ignored")


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens, by kind of token; None is a price that nobody told us."""

    input: Decimal
    output: Decimal
    write_5m: Decimal | None = None
    write_1h: Decimal | None = None
    read: Decimal | None = None

    @classmethod
    def listed(cls, input_: str, output: str, read: str) -> Prices:
        """The vendor's scheme: a 5-minute write costs 1.25 × input, an hour's 2 ×; reads are listed."""
        base = Decimal(input_)
        return cls(base, Decimal(output), base * Decimal("1.25"), base * 2, Decimal(read))

    def times(self, factor: Decimal) -> Prices:
        def scaled(price: Decimal | None) -> Decimal | None:
            return None if price is None else price * factor

        return Prices(
            self.input * factor,
            self.output * factor,
            scaled(self.write_5m),
            scaled(self.write_1h),
            scaled(self.read),
        )


@dataclass(frozen=True)
class Model:
    """One row; the defaults describe a model nobody listed: it is assumed to accept everything."""

    id: str
    aliases: tuple[str, ...] = ()
    """Other ids the API takes for it; a dated one is the snapshot's full name."""
    name: str = ""
    line: str = ""
    """`haiku`, `sonnet`, `opus`, `fable`, `mythos`, or empty."""
    prices: Prices | None = None
    long: tuple[int, Prices] | None = None
    """Above this many prompt tokens (cached ones included) the whole request costs these prices."""
    fast: Prices | None = None
    fast_mode: str = "ga"
    """`speed: fast`: `no` (refused), `ga`, `beta` (needs a beta header), `ignored` (served as standard)."""
    fast_until: date | None = None
    context: int | None = None
    """Tokens of prompt and answer together; None is unknown."""
    max_output: int | None = None
    thinking: frozenset[str] = frozenset(SHAPES)
    """The `thinking.type` values it accepts."""
    thinking_default: str = "off"
    """What happens while `thinking` is unset: `off`, `on` or `always`."""
    thinking_deprecated: frozenset[str] = frozenset()
    display_default: str = "summarized"
    binds_thinking: bool = False
    """Whether stored thinking blocks are refused once the conversation before them has changed."""
    efforts: tuple[str, ...] = EFFORTS
    effort_default: str | None = None
    effort_needs_thinking: bool = False
    """Whether `xhigh` and `max` are refused with thinking `disabled` or `between_tools`."""
    sampling: bool = True
    """Whether it honours temperature, top_p and top_k, under the API version that has them."""
    forced_tool: bool = True
    prefill: bool = True
    structured: bool = True
    cache_minimum: int = 0
    """Shorter prompts are silently not cached; in tokens."""
    geo: bool = True
    """Whether it takes `inference_geo`, and costs a tenth more in `us`."""
    system_messages: bool = True
    """Whether it takes `system` messages in mid-conversation."""
    system_messages_ignored: bool = False
    """Whether it answers 200 to those and ignores them."""
    features: frozenset[str] | None = None
    """What a live list says it takes besides text: `image_input`, `pdf_input`, `batch` …; None where none said."""
    lacks: frozenset[str] = frozenset()
    """Which of these a live list says that it doesn't take."""
    lifecycle: str = "active"
    retires: date | None = None
    """When it stops, or stopped, answering."""
    retires_not_before: date | None = None
    released: date | None = None
    successor: str | None = None
    """The model to use instead."""
    bucket: str = ""
    """The rate-limit class: models of one share their limits."""
    new_tokenizer: bool = False
    """Whether the same text is about 30 % more tokens than on models before Opus 4.7."""
    listed: bool = False
    """Whether the vendor's catalogue describes it; the API's rules are applied to those only."""
    priced_by_user: bool = False
    pinned: frozenset[str] = frozenset()
    """Fields the user's configuration set: live data does not change them."""

    @property
    def snapshot(self) -> str:
        """The full id that answers are signed with: dated where there is a dated one."""
        return next((alias for alias in self.aliases if alias[-8:].isdigit()), self.id)

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.id, *self.aliases)
