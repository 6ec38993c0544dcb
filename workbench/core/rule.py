"""One rule about what a model takes: when it is broken, what a person reads, what the API answers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from workbench.core.model import Model
from workbench.core.params import Params

VERSION_SAMPLING: Final = "2023-06-01"
"""The last API version that knows the sampling parameters."""
VERSION_NEWEST: Final = "2026-10-21"
SAMPLERS: Final = ("temperature", "top_p", "top_k")
FAST_BETA: Final = "fast-mode-2026-02-01"
UPDATES_BETA: Final = "thinking-display-updates-2026-08-18"


@dataclass(frozen=True)
class Case:
    """A request's parameters, put before the rules of one model."""

    params: Params
    model: Model
    version: str = "auto"
    """The API version, or `auto`: the one that a set sampling parameter asks for."""
    today: date | None = None
    """None leaves out what depends on the day."""
    betas: Collection[str] | None = None
    """The beta headers sent; None where they are added as needed."""

    @property
    def has_samplers(self) -> bool:
        """Whether the API version knows temperature and its kin."""
        return not (self.version[:1].isdigit() and self.version >= VERSION_NEWEST)

    @property
    def samples(self) -> bool:
        """Whether sampling parameters can have an effect at all."""
        return self.model.sampling and self.has_samplers

    @property
    def thinks(self) -> bool:
        """Whether the model will think: asked to, or by default."""
        if self.params.thinking is None:
            return self.model.thinking_default != "off"
        return self.params.thinking != "disabled"

    @property
    def days_left(self) -> int | None:
        """Days until the model retires; negative afterwards, None where either day is unknown."""
        if self.today is None or self.model.retires is None:
            return None
        return (self.model.retires - self.today).days


Holds = Callable[[Case], bool]
Words = str | Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table; its words may use `{m.id}`, `{p.effort}`, `{key}`, `{value}`, `{version}` and so on."""

    key: str
    """The parameter it speaks of."""
    breaks: Holds
    """Whether a request breaks it."""
    text: Words
    """A sentence for people, with the remedy."""
    api: Words | None = None
    """The message of the API's 400; None where the API accepts it all the same, or ignores it."""
    never: Holds | None = None
    """Whether the model takes no value of the parameter that would do anything."""

    def said(self, case: Case) -> str:
        return self._fill(self.text, case)

    def answered(self, case: Case) -> str | None:
        return None if self.api is None else self._fill(self.api, case)

    def _fill(self, words: Words, case: Case) -> str:
        if not isinstance(words, str):
            return words(case)
        model, params = case.model, case.params
        return words.format(
            key=self.key,
            value=params[self.key],
            version=case.version,
            m=model,
            p=params,
            efforts=", ".join(model.efforts),
            shapes=" or ".join(sorted(model.thinking)),
        )
