"""Which addresses may be opened, as which bytes, and what is said about them (A03)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.core.links import SCHEMES, bare, link

pytestmark = pytest.mark.fault("A03")

OPENED = [
    ("http://x.y/z", "http://x.y/z"),
    ("HTTPS://X.Y", "https://x.y"),
    ("https://e.com:8443/a?b=c#d", "https://e.com:8443/a?b=c#d"),
    ("https://[::1]:80/x", "https://[::1]:80/x"),
    ("https://e.com/ä?q=ö#ü", "https://e.com/%C3%A4?q=%C3%B6#%C3%BC"),
    ("https://e.com/\u202egpj.exe", "https://e.com/%E2%80%AEgpj.exe"),
    ("https://e.com/\U000e0041\u200b", "https://e.com/%F3%A0%81%81%E2%80%8B"),
    ("https://a．b", "https://a.b"),
    ("mailto:a@b.c", "mailto:a@b.c"),
]
REFUSED = [
    *(
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "ftp://e.com",
    ),
    *("ssh://e.com", "ms-settings:", "vscode://file/x", "slack://open", "tel:112", "x-apple.systempreferences:"),
    *("../x", "/etc/passwd", "//e.com", "e.com", "#here", "", " ", "-http://e.com", "--help"),
    *("http:", "http://", "http:///x", "http://[::1", "http://e.com:99999/", "http://e.com:x/", "mailto:", "mailto:x"),
    *("https://a b", "https://a\nb", "https://a\tb", "https://a\x1b[31m", "https://a\x00", "https://a\x9b"),
    *("https://good.com\\@evil.com", "https://a%2eb.c/", f"https://e.com/{'x' * 9_000}", f"https://{'x' * 70}é.com"),
    "https://e\u202evil.com",
]


@pytest.mark.parametrize(("address", "opened"), OPENED)
def test_pages_and_mail_addresses_are_links_in_plain_ascii(address: str, opened: str) -> None:
    found = link(address)
    assert found is not None
    assert (found.url, found.cautions) == (opened, ())


@pytest.mark.parametrize("address", REFUSED)
def test_nothing_else_is_one(address: str) -> None:
    assert link(address) is None


@pytest.mark.parametrize(
    ("address", "opened", "said"),
    [
        ("https://аpple.com/", "https://xn--pple-43d.com/", "reads аpple.com"),
        ("https://xn--pple-43d.com/", "https://xn--pple-43d.com/", "reads аpple.com"),
        ("https://日本語.jp", "https://xn--wgv71a119e.jp", "reads 日本語.jp"),
        ("https://good.com@evil.com/", "https://good.com@evil.com/", "The server is evil.com"),
        ("https://good.com:443@evil.com/", "https://good.com:443@evil.com/", "The server is evil.com"),
        ("https://a@good.com@evil.com/", "https://a%40good.com@evil.com/", "The server is evil.com"),
        ("mailto:a@b.c?subject=x&body=ü", "mailto:a@b.c?subject=x&body=%C3%BC", "more than an address"),
    ],
)
def test_what_misleads_is_pointed_out(address: str, opened: str, said: str) -> None:
    found = link(address)
    assert found is not None
    assert found.url == opened
    assert said in " ".join(found.cautions)


@given(st.text(max_size=30), st.sampled_from(["http://", "https://", "mailto:a@", "HTTP://e.com/", "https://é."]))
@example(text="¨", start="http://")
def test_whatever_is_opened_can_be_shown_as_it_is(text: str, start: str) -> None:
    found = link(start + text)
    if found is not None:
        assert found.url.isascii()
        assert found.url.isprintable()
        assert " " not in found.url
        assert urlsplit(found.url).scheme in SCHEMES
        again = link(found.url)
        assert again is not None
        assert again.url == found.url


def test_addresses_in_a_sentence_are_found_without_its_marks() -> None:
    text = "see http://x.y/z). and (https://a.b/c_(d)) <http://q> **https://w.w**, mailto:a@b.c."
    assert bare(text) == ["http://x.y/z", "https://a.b/c_(d)", "http://q", "https://w.w", "mailto:a@b.c"]
