"""What a terminal sends becomes keys and pastes, wherever it is cut; what no field can hold goes to none."""

from __future__ import annotations

import pytest
from textual import events
from textual.message import Message

from workbench.ui import pasting
from workbench.ui.pasting import Pastes

START, END = "\x1b[200~", "\x1b[201~"
SENT = f"ab{START}one\rtwo \x1b[31m{END}c{START}{END}\x1b[A{START}x\x00y{END}"


def heard(pieces: list[str], *, slowly: bool = False) -> list[str]:
    """The keys, and the pastes in angles; slowly: what waits for more has waited long enough after each piece."""
    parser, found = Pastes(), list[Message]()
    for piece in pieces:
        found += parser.feed(piece)
        if slowly and parser._timeout_time is not None:
            parser._timeout_time = 0.0
        found += parser.tick()
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


@pytest.mark.parametrize(
    "pressed", [["\x1b"], ["\x1b", "\x1b"], ["\x1b[A", "\x1b"], ["i", "\x1b"], ["\x1b[2~", "\x1b"]], ids=repr
)
def test_escape_before_a_paste_is_a_key_before_it_and_keys_go_on(pressed: list[str]) -> None:
    keys = [name for key in pressed for name in heard([key], slowly=True)]
    sent = f"{START}hello{END}x{START}two{END}y"
    assert heard([*pressed, sent], slowly=True) == [*keys, "<hello>", "x", "<two>", "y"]
    whole = "".join(pressed) + sent
    first = len(whole) - len(sent)
    for cut in range(len(whole) + 1):
        pieces = [whole[:cut], whole[cut:]]
        assert [each for each in heard(pieces) if each != "<>"][-4:] == ["<hello>", "x", "<two>", "y"], cut
        late = [each for each in heard(pieces, slowly=True) if each != "<>"]
        assert [each for each in late if each[0] == "<" or each in "xy"] == ["<hello>", "x", "<two>", "y"], cut
        if cut >= first + len(START) or cut <= first:
            assert late[late.index("<hello>") - 1] == "escape", cut
    assert heard([*whole])[-4:] == ["<hello>", "x", "<two>", "y"]


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
