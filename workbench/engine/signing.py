"""What a signature needs and gives, whoever makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workbench.core.problem import Problem


class CredentialError(Exception):
    """There are no credentials, or they can't be used; the problem is all that may be shown of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Signed:
    """What proves who asks, for one request."""

    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    """What of it must not be shown."""
    ending: str
    """The last characters of what names the credentials."""
    found: str
    """Where they were found, in words."""


class Signing(Protocol):
    """Looks credentials up and uses them; it may read files and ask a token service, so it runs in a thread."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        """Raises CredentialError."""
