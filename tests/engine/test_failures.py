"""Which sentence each exception of the network becomes (faults N01–N06)."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace

import httpx
import pytest

from workbench.core.errors import Problem
from workbench.engine import failures
from workbench.engine.client import Slots
from workbench.engine.failures import Place
from workbench.engine.timeouts import Timeouts

PLACE = Place("api.example", 443, secure=True)
PROXIED = replace(PLACE, proxy="proxy.example:3128")


def certificate(message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_message = message
    return error


def wrapped(*inner: Exception) -> httpx.ConnectError:
    """As the libraries do it: the cause lies under a group, under another error, under theirs."""
    try:
        try:
            raise OSError("All connection attempts failed") from ExceptionGroup("multiple", list(inner))
        except OSError as error:
            raise httpx.ConnectError("All connection attempts failed") from error
    except httpx.ConnectError as error:
        return error


@pytest.mark.fault("N04")
@pytest.mark.parametrize(
    ("error", "words", "retry"),
    [
        (certificate("self-signed certificate"), "self-signed certificate", False),
        (certificate("certificate has expired"), "expired", False),
        (certificate("Hostname mismatch, certificate is not valid for 'api.example'."), "Hostname mismatch", False),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "No TLS connection", False),
        (socket.gaierror(-2, "Name or service not known"), "Host not found", True),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused", True),
        (OSError(101, "Network is unreachable"), "network is unreachable", True),
        (ValueError("what"), "cannot be reached", True),
    ],
)
def test_the_cause_is_found_wherever_it_lies(error: Exception, words: str, *, retry: bool) -> None:
    for each in (error, wrapped(error), wrapped(OSError(), error)):
        problem = failures.not_connected(each, PLACE)
        assert words in str(problem)
        assert "api.example:443" in str(problem)
        assert problem.retry is retry


@pytest.mark.parametrize("error", [socket.gaierror(-2, "x"), ConnectionRefusedError(111, "x"), OSError(101, "x")])
def test_with_a_proxy_on_the_way_it_is_the_proxy_that_is_named(error: Exception) -> None:
    problem = failures.not_connected(error, PROXIED)
    assert "proxy.example:3128" in str(problem)
    assert "HTTPS_PROXY" in str(problem)


@pytest.mark.parametrize("stage", ["connect", "tls", "head", "body"])
def test_no_failure_is_without_words(stage: failures.Stage) -> None:
    for place in (PLACE, PROXIED, Place("::1", 80)):
        problems: list[Problem] = [
            failures.connect_timeout(place, 5.0, stage),
            failures.silent(place, 600.0, stage),
            failures.closed(place, stage),
            failures.closed(place, stage, reset=True),
            failures.not_http(place, stage),
        ]
        assert all(problem.title and problem.detail and problem.hint for problem in problems)


def test_what_came_in_part_is_never_sent_again_by_itself() -> None:
    assert not failures.closed(PLACE, "body").retry
    assert not failures.silent(PLACE, 600.0, "head").retry
    assert failures.closed(PLACE, "head").retry


async def test_an_exception_without_a_message_still_has_one() -> None:
    slots = Slots(Timeouts())
    slot = await slots.take("http://127.0.0.1:1")
    every: list[type[httpx.TransportError]] = [
        *(httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout, httpx.ConnectError),
        *(httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.LocalProtocolError),
        *(httpx.RemoteProtocolError, httpx.ProxyError, httpx.UnsupportedProtocol),
    ]
    for kind in every:
        problem = slot.broken(kind("")).problem
        assert problem.title
        assert "127.0.0.1:1" in problem.detail
    assert slot.broken(ExceptionGroup("bad port", [OverflowError()])).problem.title
    await slots.aclose()
