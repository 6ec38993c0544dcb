"""Addresses in a text from outside: which may be opened, as which bytes, and what to know before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

SCHEMES: Final = ("http", "https", "mailto")
"""Nothing else is ever opened: other programs listen to the rest, and some run what they are told."""
LONGEST: Final = 8_192
BARE: Final = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`|\\^{}\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
"""An address that stands in a text by itself."""
_UNSAFE: Final = re.compile("[\x00-\x20\x7f-\x9f]")
_HOST: Final = re.compile(r"[a-zA-Z0-9._:~-]+")
_KEPT: Final = "%/:?#[]@!$&'()*+,;=~-._"
_USER: Final = "%:!$&'()*+,;=~-._"
_CLOSING: Final = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Link:
    """One address that a person may open."""

    url: str
    """As it is opened and shown: plain ASCII, the host as the network knows it."""
    words: str = ""
    """What the text calls it."""
    cautions: tuple[str, ...] = ()
    """Sentences on what it is not obvious about it."""


def link(address: str, words: str = "") -> Link | None:
    """The address as a link; None where it is of another kind than SCHEMES, or can't be read without doubt."""
    address = address.strip()
    if len(address) > LONGEST or _UNSAFE.search(address):
        return None
    try:
        parts = urlsplit(address)
        if parts.scheme == "mailto":
            return _mail(parts, words)
        return _page(parts, words) if parts.scheme in SCHEMES else None
    except ValueError:  # half an IPv6 address, a port that is none, a host that no name server could know
        return None


def bare(text: str) -> list[str]:
    """The addresses that stand in a text by themselves, without the marks of the sentence around them."""
    return [_trimmed(match[0]) for match in BARE.finditer(text)]


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        opening = _CLOSING.get(last)
        if last in ".,;:!?*_~…。，" or (opening and address.count(last) > address.count(opening)):
            address = address[:-1]
        else:
            break
    return address


def _mail(parts: SplitResult, words: str) -> Link | None:
    rest = quote(parts.path, safe=_KEPT.replace("#", "").replace("?", ""))
    if "@" not in unquote(rest):
        return None
    cautions = []
    if parts.query:
        cautions.append("It brings more than an address: a subject, a text or further addresses.")
    query = f"?{quote(parts.query, safe=_KEPT.replace('#', ''))}" if parts.query else ""
    return Link(f"mailto:{rest}{query}", words, tuple(cautions))


def _page(parts: SplitResult, words: str) -> Link | None:
    host = parts.hostname or ""
    port = parts.port
    if not host or "\\" in parts.netloc or "%" in host:
        return None
    known, cautions = _host(host)
    if not _HOST.fullmatch(known):  # letters that stand for a blank and a sign, as ¨ does
        return None
    user = parts.netloc.rpartition("@")[0]
    if user:
        cautions.append(f"What stands before the @ is a name that is told to the server. The server is {known}.")
    where = f"[{known}]" if ":" in known else known
    place = (f"{quote(user, safe=_USER)}@" if user else "") + where + (f":{port}" if port is not None else "")
    rest = "".join(
        (
            quote(parts.path, safe=_KEPT.replace("?", "").replace("#", "")),
            f"?{quote(parts.query, safe=_KEPT.replace('#', ''))}" if parts.query else "",
            f"#{quote(parts.fragment, safe=_KEPT.replace('#', ''))}" if parts.fragment else "",
        )
    )
    return Link(f"{parts.scheme}://{place}{rest}", words, tuple(cautions))


def _host(host: str) -> tuple[str, list[str]]:
    """The host as name servers know it, and what is to be said where that isn't how it reads."""
    known = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    if "xn--" not in known:
        return known, []
    try:
        reads = known.encode("ascii").decode("idna")
    except UnicodeError:
        reads = host
    return known, [f"The server is {known}, which reads {reads}: letters of other alphabets can look like Latin ones."]
