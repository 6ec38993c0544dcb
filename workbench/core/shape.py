"""How a body differs from the API's own where a cloud takes it: what moves into the address, what moves in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core import clouds
from workbench.core.rule import VERSION_NEWEST, VERSION_SAMPLING

OLDER: Final[Mapping[str, str]] = {"bedrock": "bedrock-2023-05-31", "vertex": "vertex-2023-10-16"}
"""The version that every model of a cloud takes, where it stands in the body."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one request's body."""

    kind: str = "messages"
    """`messages`, the API's own; `bedrock` or `vertex`."""
    version: str = ""
    """What stands in `anthropic_version`."""

    @property
    def streams(self) -> bool:
        """Whether `stream` is said in the body; Bedrock has an address of its own for it."""
        return self.kind != "bedrock"

    @property
    def headed(self) -> bool:
        """Whether beta features are asked for in a header; Bedrock has them in the body."""
        return self.kind != "bedrock"

    def counted(self, body: Mapping[str, object]) -> dict[str, object]:
        """The body of a question for a count of tokens: its model stays."""
        return dict(body) if self.kind == "messages" else {"anthropic_version": self.version, **body}

    def head(self, body: Mapping[str, object], betas: str = "") -> dict[str, object]:
        """A body's fields before its messages, as they are sent."""
        if self.kind == "messages":
            return dict(body)
        made: dict[str, object] = {"anthropic_version": self.version}
        if self.kind == "bedrock" and betas:
            made["anthropic_beta"] = betas.split(",")
        return made | {name: value for name, value in body.items() if name != "model"}


MESSAGES: Final = Shape()


def form_of(kind: str) -> str:
    """The form of the bodies that an endpoint of this kind takes."""
    row = clouds.of(kind)
    return row.shape if row is not None else "messages"


def said(kind: str, chosen: str) -> str:
    """A version that a person chose, as an endpoint of this kind calls it: a cloud has its own name for the older."""
    return OLDER.get(form_of(kind), chosen) if chosen == VERSION_SAMPLING else chosen


def version(kind: str, *, sampled: bool, newer: bool) -> str:
    """The API version where nobody chose one: the newest that takes the request.

    `sampled` says that a sampling parameter is set, `newer` that the model is known to be of Opus 4.7's age or less:
    a cloud that has the version in the body takes the newest for those only.
    """
    form = form_of(kind)
    if form == "messages":
        return VERSION_SAMPLING if sampled else VERSION_NEWEST
    return VERSION_NEWEST if newer and not sampled else OLDER[form]


def every(chosen: Iterable[str] = ()) -> tuple[Shape, ...]:
    """The forms in which a request may have been sent, the API's own first; `chosen` are versions of somebody's own."""
    versions = (*chosen, VERSION_NEWEST, VERSION_SAMPLING)
    return (
        MESSAGES,
        *(Shape(form, each) for form, older in OLDER.items() for each in dict.fromkeys((*versions, older))),
    )
