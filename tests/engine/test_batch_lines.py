"""Lines of results, however the network cuts them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine import batch_server
from workbench.engine.failures import Broken

LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1).map(str.encode)


class Cut:
    """The body of an answer in these pieces."""

    status, headers, ended = 200, {"content-type": "application/x-jsonl"}, True

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def pieces(self, most: int = 0) -> AsyncGenerator[bytes, None]:
        del most
        for piece in self._pieces:
            yield piece

    async def whole(self, limit: int) -> bytes:
        return b"".join(self._pieces)[:limit]

    async def drain(self) -> None: ...


async def lines(pieces: list[bytes]) -> list[bytes]:
    return [line async for line in batch_server._split(Cut(pieces))]


@given(st.lists(LINE.filter(lambda line: bool(line.strip())), max_size=6), st.lists(st.integers(0, 200)), st.booleans())
def test_any_cut_gives_the_same_lines(wanted: list[bytes], cuts: list[int], ended: bool) -> None:
    body = b"\n".join(wanted) + (b"\n" if ended else b"")
    at = sorted({0, len(body), *(each % (len(body) + 1) for each in cuts)})
    pieces = [body[start:end] for start, end in itertools.pairwise(at)] + [b""]
    assert asyncio.run(lines(pieces)) == wanted


def test_a_line_without_end_is_refused_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_server, "LARGEST_LINE", 100)
    with pytest.raises(Broken):
        asyncio.run(lines([b"x" * 60, b"y" * 60]))
    assert asyncio.run(lines([b"x" * 60 + b"\n", b"y" * 60])) == [b"x" * 60, b"y" * 60]
