"""What can be an endpoint's address, and how it is written (fault N07)."""

from __future__ import annotations

import pytest

from workbench.core.address import mistake, written
from workbench.core.config import parse

pytestmark = pytest.mark.fault("N07")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://api.anthropic.com", None),
        ("http://127.0.0.1:8080/path", None),
        ("http://[::1]:80", None),
        ("example.com", "must begin with https:// or http://, not 'example.com'"),
        ("ftp://example.com", "must begin with https:// or http://"),
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("https://", "names no host"),
        ("https:///path", "names no host"),
        ("http://a b", "names no host"),
        ("http://h:99999", "is no address ('http://h:99999')"),
        ("http://h:x", "is no address"),
        ("http://[::1", "is no address"),
        ("http://h:0", "must end with the path: no ?, no #, no port 0"),
        ("https://h?key=1", "must end with the path"),
        ("https://h#x", "must end with the path"),
        ("https://me:secret@h", "must not hold a name or password"),
        ("https://h/v1", "must not end in /v1: write https://h"),
        ("https://h/base/v1/messages", "must not end in /v1/messages: write https://h/base"),
        ("http://127.0.0.1:1/v1/", "must not end in /v1: write http://127.0.0.1:1"),
        ("https://h/v1/gateway", None),
        ("https://v1", None),
    ],
)
def test_an_address_that_cant_be_one(url: str, why: str | None) -> None:
    found = mistake(url)
    assert found is None if why is None else (found or "").startswith(why)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://@host.example", "must not hold a name or password"),
        ("https://api.anthropic.com@host.example", "must not hold a name or password"),
        (r"https://api.anthropic.com\@host.example", "must not hold a name or password"),
        ("https://me:sk-ant-CANARY@host:99999", "must not hold a name or password"),
        ("sk-ant-CANARY", "is a key, not an address"),
        (r"https://host.example\.anthropic.com", "names a host that can't be told"),
        ("https://api%2eanthropic.com", "names a host that can't be told"),
        ("https://ａｐｉ.anthropic.com", "names a host that can't be told"),
        ("https://api。anthropic。com", "names a host that can't be told"),
        ("https://faß.de", "names a host that can't be told"),
        ("https://-host", "names a host that can't be told"),
        ("http://[v1.x]", "names a host that can't be told"),
        ("http://h\x00", "names no host"),
        ("http://h\n", "names no host"),
        ("http://h\u200b.example", "names no host"),
    ],
)
def test_a_host_that_two_programs_may_read_in_two_ways_is_none(url: str, why: str) -> None:
    found = mistake(url)
    assert found is not None
    assert found.startswith(why)
    assert "CANARY" not in found


def test_letters_that_look_alike_are_told_apart() -> None:
    assert written("https://bücher.example:8443/x/") == "https://xn--bcher-kva.example:8443/x"
    lookalike = "https://аpi.anthropic.com"
    assert mistake(lookalike) is None
    assert written(lookalike) == "https://xn--pi-6kc.anthropic.com"
    for url in ("https://HOST.example/", "http://[::1]:80", "https://host.example:443/Path"):
        assert written(url) == url.rstrip("/")


def test_an_address_is_judged_when_the_configuration_is_loaded() -> None:
    rows = {"good": "https://bücher.example/", "bad": "http://h:99999", "worse": "https://me:CANARY@h"}
    config, mistakes = parse({"endpoints": {name: {"base_url": url} for name, url in rows.items()}})
    assert {name: each.base_url for name, each in config.endpoints.items()} == {"good": "https://xn--bcher-kva.example"}
    assert [each.split(" ")[1] for each in mistakes] == ["endpoints.bad.base_url", "endpoints.worse.base_url"]
    assert "CANARY" not in " ".join(mistakes)
