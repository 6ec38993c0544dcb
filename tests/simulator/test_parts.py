"""The small parts: tokens, pictures, ids, pages."""

from __future__ import annotations

from workbench.simulator import tokens
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
