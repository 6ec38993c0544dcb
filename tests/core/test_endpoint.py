"""What an address says about an endpoint."""

from __future__ import annotations

import pytest

from workbench.core.endpoint import OFFICIAL_URL, Endpoint


@pytest.mark.parametrize(
    ("url", "origin", "loopback", "official"),
    [
        (OFFICIAL_URL, "https://api.anthropic.com:443", False, True),
        ("https://API.anthropic.com/proxy", "https://api.anthropic.com:443", False, True),
        ("http://127.0.0.1:8080/v", "http://127.0.0.1:8080", True, False),
        ("http://localhost", "http://localhost:80", True, False),
        ("http://[::1]:9", "http://[::1]:9", True, False),
        ("https://anthropic.com.evil.example", "https://anthropic.com.evil.example:443", False, False),
        ("https://evilanthropic.com", "https://evilanthropic.com:443", False, False),
        ("http://localhost.evil.example", "http://localhost.evil.example:80", False, False),
        ("http://127.0.0.1.evil.example:80", "http://127.0.0.1.evil.example:80", False, False),
    ],
)
def test_an_address(url: str, origin: str, *, loopback: bool, official: bool) -> None:
    endpoint = Endpoint("x", url)
    assert (endpoint.origin, endpoint.loopback, endpoint.official) == (origin, loopback, official)
