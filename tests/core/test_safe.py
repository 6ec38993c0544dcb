"""What reaches the screen of text that came from outside (A01)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.safe import Displayed, display, encodable, stopped

ESC = "\x1b"
PAYLOADS = [
    (f"{ESC}[31mred{ESC}[0m", "␛[31mred␛[0m"),
    (f"{ESC}]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
    (f"{ESC}]0;title{ESC}\\", "␛]0;title␛\\"),
    (f"{ESC}]8;;http://evil{ESC}\\x{ESC}]8;;{ESC}\\", "␛]8;;http://evil␛\\x␛]8;;␛\\"),
    (f"{ESC}[2J{ESC}[H", "␛[2J␛[H"),
    (f"{ESC}[?1049h", "␛[?1049h"),
    (f"{ESC}Pq#0{ESC}\\", "␛Pq#0␛\\"),
    (f"{ESC}c", "␛c"),
    ("\x9b31m", "⟨U+009B⟩31m"),
    ("\x9d52;c;x\x9c", "⟨U+009D⟩52;c;x⟨U+009C⟩"),
    ("\x85", "⟨U+0085⟩"),
    ("\x00", "␀"),
    ("\x07", "␇"),
    ("\x08\x08", "␈␈"),
    ("a\rb", "a␍b"),
    ("a\x0bb\x0cc", "a␋b␌c"),
    ("\x0e\x0f", "␎␏"),
    ("\x7f", "␡"),
    ("a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"),
    ("\u202ecod.exe", "⟨U+202E⟩cod.exe"),
    ("\u202a\u202b\u202c\u202d", "⟨U+202A⟩⟨U+202B⟩⟨U+202C⟩⟨U+202D⟩"),
    ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
    ("\u200e\u200f\u061c", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
    ("hi\U000e0041\U000e007f", "hi⟨U+E0041⟩⟨U+E007F⟩"),
    ("\U000e0001", "⟨U+E0001⟩"),
    ("a\u200bb", "a⟨U+200B⟩b"),
    ("a\u200db", "a⟨U+200D⟩b"),
    ("\u200d", "⟨U+200D⟩"),
    ("a\u200cb", "a⟨U+200C⟩b"),
    ("a\ufe0f", "a⟨U+FE0F⟩"),
    ("\u2764\ufe0f\ufe0f\ufe0e", "\u2764\ufe0f⟨U+FE0F⟩⟨U+FE0E⟩"),
    ("\U0001f600\U000e0100\U000e0101", "\U0001f600⟨U+E0100⟩⟨U+E0101⟩"),
    ("\ufeffbom", "⟨U+FEFF⟩bom"),
    ("soft\xadhyphen", "soft⟨U+00AD⟩hyphen"),
    ("\u2060\u2064", "⟨U+2060⟩⟨U+2064⟩"),
    ("\u3164\u115f\uffa0", "⟨U+3164⟩⟨U+115F⟩⟨U+FFA0⟩"),
    ("\ufff9x\ufffb", "⟨U+FFF9⟩x⟨U+FFFB⟩"),
    ("\ud83d", "\ufffd"),
    ("\ude00x", "\ufffdx"),
]
KEPT = [
    "plain\n\ttext",
    "e\u0301 stays decomposed",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f469\U0001f3fd\u200d\u2695\ufe0f",
    "\u2764\ufe0f\u200d\U0001f525",
    "1\ufe0f\u20e3 \u00a9\ufe0f \u2194\ufe0f \u203c\ufe0f",
    "\U0001f1e9\U0001f1ea",
    "日本語 한국어 العربية עברית ไทย",
    "می\u200cخواهم",
    "क्\u200dष",
    "葛\U000e0100",
    "[@click=app.quit]x[/] \\[ {{name}}",
]
ANY = st.text(alphabet=st.characters(), max_size=40) | st.text(
    alphabet=st.sampled_from(
        "a\u2764\ufe0f\u200d\u200c\u061c\U0001f468\U0001f3fd\x1b\u202e\u0915\u094d葛\U000e0100\ud83d⟨"
    ),
    max_size=12,
)


@pytest.mark.fault("A01")
@pytest.mark.parametrize(("text", "shown"), PAYLOADS)
def test_what_steers_or_hides_is_shown_as_a_picture(text: str, shown: str) -> None:
    assert display(text) == shown


@pytest.mark.fault("A01")
@pytest.mark.parametrize("text", KEPT)
def test_what_is_only_writing_stays(text: str) -> None:
    assert display(text) == text


def harmless(text: str) -> bool:
    return all(
        character in "\n\t" or (unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}) for character in text
    ) and not any(
        0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069 or 0xE0000 <= ord(c) <= 0xE007F for c in text
    )


@given(ANY)
def test_nothing_harmful_is_left_and_twice_is_once(text: str) -> None:
    shown = display(text)
    assert harmless(shown)
    assert display(shown) == shown
    shown.encode()


@pytest.mark.fault("A01")
@given(ANY, st.integers(0, 40))
def test_a_split_is_as_harmless_as_the_whole(text: str, at: int) -> None:
    shown = display(text[:at]) + display(text[at:])
    assert harmless(shown)


@pytest.mark.parametrize(("text", "shown"), [case for case in PAYLOADS if "\u2764" not in case[0]])
def test_the_payloads_read_the_same_however_they_arrive(text: str, shown: str) -> None:
    assert "".join(display(character) for character in text) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("é 😀 \x1b\u202e", "é 😀 \x1b\u202e"),
        ("\ud83d\ude00", "😀"),
        ("half \ud83d", "half \ufffd"),
        ("\ude00\ud83d é", "\ufffd\ufffd é"),
    ],
)
@pytest.mark.fault("S21")
def test_what_utf_8_has_no_form_for_is_joined_or_replaced_and_nothing_else_changes(text: str, expected: str) -> None:
    assert encodable(text) == expected


@pytest.mark.fault("A01")
@given(st.lists(ANY, max_size=5))
def test_pieces_are_shown_as_the_whole_is(pieces: list[str]) -> None:
    shown = Displayed()
    text = "".join(shown.feed(piece) for piece in pieces)
    assert text + shown.feed("\n") == display("".join(pieces) + "\n")


@given(ANY, st.integers(0, 40))
def test_what_the_filter_passes_steers_nothing_and_it_changes_nothing_that_was_safe(text: str, at: int) -> None:
    assert harmless(stopped(text))
    assert not {"\n", "\t"} & set(stopped(text))
    shown = display(text).replace("\n", " ").replace("\t", " ")
    assert stopped(shown[:at]) + stopped(shown[at:]) == shown
