"""The forms in which a secret may come back in somebody's answer, and their removal."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import quote, quote_plus

from workbench.core.problem import Problem

MASK: Final = "…"
SHOWN: Final = 500
"""Characters of a message that are kept."""
LEAST: Final = 8
"""Characters of what is taken out of a stream: keys like `1` or `ollama`, as one's own servers have, are words."""
_LIKE_A_KEY: Final = re.compile(r"(?i)\b(sk-|bearer\s+)[\w./+=~%-]{4,}")


def forms(secret: str) -> tuple[str, ...]:
    """The secret itself, as a part of a URL, and inside base64 at each of the three places where it may begin."""
    found = [secret, quote(secret), quote(secret, safe=""), quote_plus(secret)]
    data = secret.encode()
    for skipped in range(3):
        packed = b64encode(bytes(skipped) + data).decode()
        # The first characters and the last ones also hold bits of the neighbours.
        inner = packed[(0, 2, 3)[skipped] : len(packed) - (0, 3, 2)[(skipped + len(data)) % 3]]
        found += [inner, inner.translate(str.maketrans("+/", "-_"))]
    kept = {each for each in found if each and (each == secret or len(each) >= LEAST)}
    return tuple(sorted(kept, key=len, reverse=True))


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text without them."""
    for secret in secrets:
        if secret and secret in text:
            text = text.replace(secret, MASK)
    return text


def shortened(text: str, secrets: Iterable[str] = ()) -> str:
    """One line of at most 500 characters, in which no key stands, nor what looks like one."""
    line = " ".join(_LIKE_A_KEY.sub(rf"\1{MASK}", masked(text, secrets)[: SHOWN * 8]).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


class Flow:
    """Takes secrets out of bytes that come in pieces, however they are cut; everything else stays to the byte.

    What may be the beginning of one is held back until more comes.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms = [secret.encode() for secret in secrets if len(secret) >= LEAST]
        self._letters = frozenset(b"".join(self._forms))
        self._first = frozenset(form[0] for form in self._forms)
        self._longest = max(map(len, self._forms), default=0)
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        data = self._held + piece if self._held else piece
        for form in self._forms:
            if form in data:
                data = data.replace(form, MASK.encode())
        begun = self._begun(data)
        self._held = data[len(data) - begun :]
        return data[: len(data) - begun] if begun else data

    def rest(self) -> bytes:
        """What was held back, once nothing more comes."""
        held, self._held = self._held, b""
        return held

    def _begun(self, data: bytes) -> int:
        """Bytes at the end that a secret may begin with."""
        if not data or data[-1] not in self._letters:  # nearly always: events end with a line feed
            return 0
        for at in range(max(0, len(data) - self._longest + 1), len(data)):
            if data[at] in self._first and any(form.startswith(data[at:]) for form in self._forms):
                return len(data) - at
        return 0


def masked_bytes(data: bytes, secrets: Iterable[str]) -> bytes:
    """The same of bytes that came whole."""
    flow = Flow(secrets)
    return flow.feed(data) + flow.rest()


def masked_problem(problem: Problem, secrets: Iterable[str]) -> Problem:
    """A problem in whose sentences they do not stand, whoever wrote them."""
    detail, kind = masked(problem.detail, secrets), masked(problem.type or "", secrets)
    if (detail, kind) == (problem.detail, problem.type or ""):
        return problem
    return replace(problem, detail=detail, type=kind or None)
