"""The small parts: tokens, pictures, ids, pages."""

from __future__ import annotations

import base64
import struct

import pytest

from workbench.simulator import images, tokens
from workbench.simulator.chance import Chance
from workbench.simulator.ids import Ids
from workbench.simulator.paging import page
from workbench.simulator.topic import phrases

TEXT = "A lighthouse, built in 1823, warns ships of the rocks.\n\n```python\nprint('ahoy')\n```  \t 日本語 🙂\u2028end"


def test_pieces_are_the_text_again() -> None:
    for new in (False, True):
        assert "".join(tokens.pieces(TEXT, new=new)) == TEXT


def test_the_newer_tokenizer_makes_about_a_third_more() -> None:
    prose = "The keeper writes down every passing ship, and considers the weather of the following morning. " * 20
    old, new = tokens.count(prose, new=False), tokens.count(prose, new=True)
    assert 3.5 < len(prose) / old < 6
    assert 1.2 < new / old < 1.45


def png(width: int, height: int) -> str:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return base64.b64encode(head + bytes(20)).decode()


@pytest.mark.parametrize(
    ("size", "old", "new"),
    [((1000, 1000), 1296, 1296), ((1920, 1080), 1560, 2691), ((8000, 8000), 39 * 39, 69 * 69), ((1, 1), 1, 1)],
)
def test_pictures_weigh_what_the_documentation_says(size: tuple[int, int], old: int, new: int) -> None:
    source: dict[str, object] = {"type": "base64", "data": png(*size)}
    assert (images.tokens(source, new=False), images.tokens(source, new=True)) == (old, new)


def test_sizes_of_other_pictures() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 40, 30) + bytes(9)
    assert images.size(b"GIF89a" + struct.pack("<HH", 12, 34)) == (12, 34)
    assert images.size(jpeg) == (30, 40)
    assert images.size(b"nothing") is None


def test_ids_are_the_seeds() -> None:
    first, again, other = Ids(1), Ids(1), Ids(2)
    assert [first.next("req") for _ in range(2)] == [again.next("req") for _ in range(2)]
    assert first.next("msg") != other.next("msg")
    assert first.next("toolu").startswith("toolu_01")


def test_chance_is_stable() -> None:
    """The numbers may never change: recordings and screenshots depend on them."""
    assert [Chance(0, "a").below(1000), Chance(0, "a", 1).below(1000)] == [579, 451]


def test_pages_of_nothing() -> None:
    assert page([], {}) == {"data": [], "has_more": False, "first_id": None, "last_id": None}


def test_phrases_keep_articles_and_names() -> None:
    assert phrases("Explain how the French Revolution changed Paris.")[0] == "the French Revolution changed Paris"
    assert phrases("Help me with my tax return, please") == ["your tax return"]
    assert phrases("a function that merges overlapping intervals") == ["overlapping intervals"]
    assert phrases("Why?") == []
