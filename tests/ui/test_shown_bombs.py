"""No Markdown holds the screen up: each look at it and each piece of it takes less than a fifth of a second."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from time import thread_time
from typing import Final

import pytest

from tests.ui.bombs import BOMBS, SIZE
from workbench.ui.text.document import Document

LIMIT_S: Final = 0.2
"""Of this thread: a busy machine is slow, not wrong."""
WIDTH: Final = 100
IN_VIEW: Final = 3
"""Pieces of one long text that a screen shows, at most."""

pytestmark = pytest.mark.fault("A04")


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """The collector would count what other tests left."""
    gc.disable()
    yield
    gc.enable()


def seconds(act: Callable[[], object]) -> float:
    begun = thread_time()
    act()
    return thread_time() - begun


def looked_at(document: Document) -> None:
    document.update()
    for piece in document.pieces[-IN_VIEW:]:
        piece.lines(WIDTH)


def grown(document: Document, text: str) -> Callable[[], None]:
    def grow() -> None:
        document.feed((text,))
        looked_at(document)

    return grow


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_that_is_there_is_drawn_in_time(name: str) -> None:
    document = Document()

    def take() -> None:
        document.feed((BOMBS[name],))
        document.finish()

    assert seconds(take) < LIMIT_S
    for piece in {*document.pieces[:1], *document.pieces[len(document.pieces) // 2 :][:1], *document.pieces[-1:]}:
        assert seconds(partial(piece.lines, WIDTH)) < LIMIT_S
    assert seconds(document.colour) < LIMIT_S


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_that_arrives_letter_by_letter_is_drawn_in_time(name: str, rounds: Callable[[int, int], int]) -> None:
    text, letters = BOMBS[name], rounds(2, 400)
    document = Document()
    for begun in (4_095, SIZE // 2)[: rounds(1, 2)]:
        assert seconds(grown(document, text[:begun])) < LIMIT_S
        for at in range(begun, min(begun + letters, len(text))):
            assert seconds(grown(document, text[at])) < LIMIT_S
