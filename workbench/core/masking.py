"""The forms in which a secret may come back in somebody's answer, and their removal."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import quote, quote_plus

from workbench.core.problem import Problem

MASK: Final = "…"


def forms(secret: str) -> tuple[str, ...]:
    """The secret itself, as a part of a URL, and inside base64 at each of the three places where it may begin."""
    found = [secret, quote(secret), quote(secret, safe=""), quote_plus(secret)]
    data = secret.encode()
    for skipped in range(3):
        packed = b64encode(bytes(skipped) + data).decode()
        # The first characters and the last ones also hold bits of the neighbours.
        inner = packed[(0, 2, 3)[skipped] : len(packed) - (0, 3, 2)[(skipped + len(data)) % 3]]
        found += [inner, inner.translate(str.maketrans("+/", "-_"))]
    return tuple(sorted({each for each in found if each}, key=len, reverse=True))


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text without them."""
    for secret in secrets:
        if secret and secret in text:
            text = text.replace(secret, MASK)
    return text


def masked_bytes(data: bytes, secrets: Iterable[str]) -> bytes:
    """The same of bytes, of which everything else stays to the byte."""
    for secret in secrets:
        data = data.replace(secret.encode(), MASK.encode()) if secret else data
    return data


def masked_problem(problem: Problem, secrets: Iterable[str]) -> Problem:
    """A problem in whose sentences they do not stand, whoever wrote them."""
    detail, kind = masked(problem.detail, secrets), masked(problem.type or "", secrets)
    if (detail, kind) == (problem.detail, problem.type or ""):
        return problem
    return replace(problem, detail=detail, type=kind or None)
