"""What a terminal sends becomes keys and pastes, wherever it is cut; what no field can hold goes to none."""

from __future__ import annotations

import pytest
from textual import events
from textual.message import Message

from workbench.ui import pasting
from workbench.ui.pasting import Pastes

START, END = "\x1b[200~", "\x1b[201~"
SENT = f"ab{START}one\rtwo \x1b[31m{END}c{START}{END}\x1b[A{START}x\x00y{END}"


def heard(pieces: list[str]) -> list[str]:
    """The keys, and the pastes in angles."""
    parser, found = Pastes(), list[Message]()
    for piece in pieces:
        found += parser.feed(piece)
    return [f"<{each.text}>" if isinstance(each, events.Paste) else getattr(each, "key", "?") for each in found]


@pytest.mark.fault("P08")
def test_a_paste_in_any_two_pieces_is_one_paste() -> None:
    whole = ["a", "b", "<one\rtwo \x1b[31m>", "c", "<>", "up", "<xy>"]
    for cut in range(len(SENT) + 1):
        found = heard([SENT[:cut], SENT[cut:]])
        assert [each for each in found if each != "<>"] == [each for each in whole if each != "<>"], cut


@pytest.mark.fault("P08")
def test_a_paste_in_single_characters_is_one_paste() -> None:
    assert [each for each in heard([*SENT]) if each != "<>"] == ["a", "b", "<one\rtwo \x1b[31m>", "c", "up", "<xy>"]


@pytest.mark.fault("P08")
def test_of_an_endless_paste_only_so_much_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasting, "KEPT", 1000)
    (paste,) = heard([START, *["x" * 300] * 100, END])
    assert paste == f"<{'x' * 1000}>"


@pytest.mark.fault("P08")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 200_000, ""),
        ("x" * 200_001, "has a line of 200,001 characters"),
        (("x" * 99 + "\r") * 10_000, ""),
        (("x" * 99 + "\r") * 10_000 + "x", "has 1,000,001 characters"),
        ("x" * 16_000_000, "has over 16,000,000 characters"),
    ],
    ids=lambda value: f"{len(value)}" if len(value) > 50 else None,
)
def test_what_would_freeze_a_field_is_refused_with_a_way(text: str, said: str) -> None:
    found = pasting.refusal(text)
    assert found.partition(",")[0] == said.partition(",")[0]
    assert found.startswith(said)
    assert ("--prompt-file" in found) == bool(said)
