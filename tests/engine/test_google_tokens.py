"""Google's tokens: fetched once, by a claim that Google's own library verifies; renewed; and what is said without."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.engine.clouds import chosen, run_on
from tests.engine.running import running
from workbench.core.state import State
from workbench.simulator import Simulator

AUDIENCE = "https://oauth2.googleapis.com/token"


class Tokens:
    """Google's token service, as a test plays it: what was asked, and what it answers with."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.lasts = 3600
        self.status = 200


@contextmanager
def token_service() -> Iterator[tuple[Tokens, str]]:
    tokens = Tokens()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            tokens.asked.append(parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()))
            token = f"ya29.number-{len(tokens.asked)}-of-a-test"
            told: dict[str, Any] = {"access_token": token, "expires_in": tokens.lasts, "token_type": "Bearer"}
            body = json.dumps(told if tokens.status == 200 else {"error": "invalid_grant"}).encode()
            self.send_response(tokens.status)
            self.send_header("content-length", str(len(body)))
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield tokens, f"http://127.0.0.1:{server.server_port}/token"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def service_account(folder: Path, token_uri: str) -> tuple[Path, bytes]:
    """A service account's file, and the certificate that proves its signatures."""
    x509 = import_module("cryptography.x509")
    hashes = import_module("cryptography.hazmat.primitives.hashes")
    serialization = import_module("cryptography.hazmat.primitives.serialization")
    key = import_module("cryptography.hazmat.primitives.asymmetric.rsa").generate_private_key(65537, 2048)
    pem = serialization.Encoding.PEM
    told = {
        "type": "service_account",
        "project_id": "p-1",
        "private_key_id": "k1",
        "private_key": key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
        "client_email": "someone@p-1.iam.gserviceaccount.com",
        "token_uri": token_uri,
    }
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "account.json"
    path.write_text(json.dumps(told))
    path.chmod(0o600)
    return path, certificate.public_bytes(pem)


async def test_a_google_token_is_fetched_once_by_a_claim_that_googles_own_library_verifies(tmp_path: Path) -> None:
    with token_service() as (tokens, uri):
        path, certificate = service_account(tmp_path, uri)
        async with Simulator(speed=0) as simulator, running() as runner:
            account = {"auth": "google", "key_env": "UNUSED", "key_file": str(path)}
            found = chosen("vertex", simulator.base_url, None, **account)
            assert tokens.asked == []
            assert found.notes == ()
            path.chmod(0o644)
            assert "can be read by others (mode 0644)" in str(chosen("vertex", "http://h", None, **account).notes)
            for _ in range(2):
                assert (await run_on(runner, found)).state is State.COMPLETE
            bearers = [each.header("authorization") for each in simulator.received]
        assert bearers == ["Bearer ya29.number-1-of-a-test"] * 2
        (asked,) = tokens.asked
        claims = import_module("google.auth.jwt").decode(asked["assertion"][0], certs=certificate, audience=AUDIENCE)
    assert claims["iss"] == "someone@p-1.iam.gserviceaccount.com"
    assert claims["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    assert found.key is not None
    assert found.key.masked == "…test"
    assert "ya29" not in repr(found)


async def test_a_token_that_has_run_out_is_fetched_again_and_a_refusal_is_told(tmp_path: Path) -> None:
    with token_service() as (tokens, uri):
        tokens.lasts = 1  # less than Google's library allows for clocks that differ
        path, _ = service_account(tmp_path, uri)
        environ = {"GOOGLE_APPLICATION_CREDENTIALS": str(path)}
        async with Simulator(speed=0) as simulator, running() as runner:
            found = chosen("vertex", simulator.base_url, environ, auth="google")
            for _ in range(2):
                assert (await run_on(runner, found)).state is State.COMPLETE
            assert len(tokens.asked) == 2
            tokens.status = 400
            record = await run_on(runner, found)
            tokens.status, tokens.lasts = 200, 3600
            assert (await run_on(runner, found)).state is State.COMPLETE
            path.write_text("{}")  # what another sign-in wrote, or broke, while the token is still good
            os.utime(path, ns=(1, 1))
            assert "holds no credentials" in str((await run_on(runner, found)).problem)
    assert (record.state, record.problem and record.problem.title) == (State.UNREACHABLE, "No Google credentials")
    assert "RefreshError" in str(record.problem)
    assert "invalid_grant" not in str(record.problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "no such file"),
        ("{}", "holds no credentials"),
        ("nonsense", "can't be used (JSONDecodeError)"),
        ("[" * 100_000, "can't be used (RecursionError)"),
        ('{"type": "impersonated_service_account"}', "can't be used ("),
        (
            '{"type": "authorized_user", "refresh_token": "a", "client_id": "b", "client_secret": "c", "expiry": 5}',
            "can't",
        ),
    ],
)
async def test_a_file_without_google_credentials_is_told(tmp_path: Path, text: str | None, words: str) -> None:
    file = tmp_path / "application_default_credentials.json"
    if text is not None:
        file.write_text(text)
    async with Simulator(speed=0) as simulator, running() as runner:
        found = chosen("vertex", simulator.base_url, {"CLOUDSDK_CONFIG": str(tmp_path)}, auth="google")
        record = await run_on(runner, found)
        assert simulator.received == []
    assert record.problem is not None
    assert words in record.problem.detail
    assert "gcloud auth application-default login" in record.problem.hint
