"""Where the credentials of clouds come from, what is read for them, and what is said where there are none."""

from __future__ import annotations

import json
import sys
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

from tests.engine.clouds import ENVIRON, chosen, run_on
from tests.engine.running import running
from workbench.core.config import parse
from workbench.core.state import State
from workbench.engine import cloud_keys, endpoints, keys
from workbench.engine.aws_config import region_of
from workbench.engine.endpoints import EndpointError
from workbench.simulator import Simulator
from workbench.simulator.clouds.sigv4 import ACCESS_KEY, SECRET_KEY

NOTHING: dict[str, str] = {}
AUDIENCE = "https://oauth2.googleapis.com/token"
PROFILES = f"""
[dev]
aws_access_key_id = {ACCESS_KEY}
aws_secret_access_key = {SECRET_KEY}
"""


@pytest.fixture
def aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that AWS's own tools keep, in a folder of the test's."""
    for name, text in (("credentials", PROFILES), ("config", "[profile sso]\nsso_session = gone\n")):
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    return tmp_path


@pytest.mark.usefixtures("aws_files")
async def test_a_profile_signs_whatever_the_variables_hold() -> None:
    environ = {**ENVIRON, "AWS_ACCESS_KEY_ID": "AKIAOTHER"}
    async with Simulator(speed=0) as simulator, running() as runner:
        found = chosen("bedrock", simulator.base_url, environ, profile="dev")
        assert found.key is not None
        assert found.key.told == "… of the AWS profile dev"
        assert (await run_on(runner, found)).state is State.COMPLETE
        assert found.key.told == "…0000 of the AWS profile dev"
        assert isinstance(found.key, cloud_keys.CloudKey)
        assert found.key.found == "the AWS profile dev (shared-credentials-file)"


@pytest.mark.parametrize(
    ("row", "environ", "host"),
    [
        ({"profile": "dev"}, {}, "eu-north-1"),
        ({"profile": "dev"}, {"AWS_REGION": "us-west-2"}, "us-west-2"),
        ({"profile": "dev", "region": "us-east-2"}, {}, "us-east-2"),
        ({}, {"AWS_PROFILE": "dev"}, "eu-north-1"),
        ({}, {}, "eu-west-3"),
        ({"profile": "sso"}, {}, None),
    ],
)
def test_a_region_that_nobody_sets_is_that_of_the_profile(
    row: dict[str, str], environ: dict[str, str], host: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "config"
    file.write_text("[default]\nregion = eu-west-3\n[profile dev]\nregion=eu-north-1\n[profile sso]\nx = 1\n")
    config, _ = parse({"endpoints": {"mine": {"kind": "bedrock", **row}}})
    told = {"AWS_CONFIG_FILE": str(file), **environ}
    if host is None:
        with pytest.raises(EndpointError, match="needs a region"):
            endpoints.choose(config, name="mine", environ=told, folder=tmp_path)
        return
    found = endpoints.choose(config, name="mine", environ=told, folder=tmp_path).endpoint
    assert found.base_url == f"https://bedrock-runtime.{host}.amazonaws.com"
    assert found.region == host


@pytest.mark.parametrize("text", ["nonsense without a section", "[default\n", ""])
def test_an_aws_configuration_that_makes_no_sense_gives_no_region(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text)
    assert region_of(None, {"AWS_CONFIG_FILE": str(tmp_path / "config")}) is None
    assert region_of(None, {"AWS_CONFIG_FILE": str(tmp_path / "nothing")}) is None


@pytest.mark.usefixtures("aws_files")
@pytest.mark.parametrize(
    ("profile", "detail", "hint"),
    [
        ("nobody", "There is no AWS profile nobody.", "list-profiles"),
        ("", "No AWS credentials were found, neither in variables nor for the profile default.", "aws configure"),
    ],
)
async def test_no_credentials_are_told_and_no_machine_is_asked_for_its_own(
    profile: str, detail: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("the metadata service was asked")

    monkeypatch.setattr("botocore.utils.InstanceMetadataFetcher.retrieve_iam_role_credentials", asked)
    environ = {"AWS_PROFILE": profile} if profile else NOTHING
    async with Simulator(speed=0) as simulator, running() as runner:
        record = await run_on(runner, chosen("bedrock", simulator.base_url, environ))
        assert simulator.received == []
    assert record.state is State.UNREACHABLE
    assert record.problem is not None
    assert (record.problem.title, record.problem.detail) == ("No AWS credentials", detail)
    assert hint in record.problem.hint


@pytest.mark.parametrize(
    ("kind", "module", "extra"),
    [("bedrock", "botocore.auth", "bedrock"), ("vertex", "google.auth.exceptions", "vertex")],
)
async def test_a_missing_library_names_the_extra(
    kind: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    environ = {**ENVIRON, "CLOUDSDK_CONFIG": str(tmp_path)}
    async with Simulator(speed=0) as simulator, running() as runner:
        changes = {"auth": "google"} if kind == "vertex" else {}
        record = await run_on(runner, chosen(kind, simulator.base_url, environ, **changes))
    assert record.problem is not None
    assert f"pip install 'claude-workbench[{extra}]'" in record.problem.hint


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
        environ = {"GOOGLE_APPLICATION_CREDENTIALS": str(service_account(tmp_path, uri)[0])}
        async with Simulator(speed=0) as simulator, running() as runner:
            found = chosen("vertex", simulator.base_url, environ, auth="google")
            for _ in range(2):
                assert (await run_on(runner, found)).state is State.COMPLETE
            assert len(tokens.asked) == 2
            tokens.status = 400
            record = await run_on(runner, found)
    assert (record.state, record.problem and record.problem.title) == (State.UNREACHABLE, "No Google credentials")
    assert "RefreshError" in str(record.problem)
    assert "invalid_grant" not in str(record.problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "no such file"), ("{}", "holds no credentials"), ("nonsense", "can't be used (JSONDecodeError)")],
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


@pytest.mark.parametrize(
    ("row", "environ", "words"),
    [
        (
            {"kind": "bedrock"},
            {},
            'Amazon Bedrock needs a region: write region = "us-east-1" in [endpoints.mine], or set',
        ),
        ({"kind": "vertex", "region": "global"}, {}, "needs a project"),
        ({"kind": "aws", "region": "us-east-1"}, {}, "or set ANTHROPIC_AWS_WORKSPACE_ID"),
        ({"kind": "bedrock"}, {"AWS_REGION": "evil.example/"}, "AWS_REGION must be a plain name"),
        ({"kind": "foundry"}, {"ANTHROPIC_FOUNDRY_BASE_URL": "ftp://x"}, "ANTHROPIC_FOUNDRY_BASE_URL must begin with"),
    ],
)
def test_what_a_cloud_must_know_is_asked_for_by_name(row: dict[str, str], environ: dict[str, str], words: str) -> None:
    config, mistakes = parse({"endpoints": {"mine": row}})
    assert mistakes == ()
    with pytest.raises(EndpointError) as refused:
        endpoints.choose(config, name="mine", environ=environ, folder=Path("/nowhere"))
    assert words in str(refused.value)


@pytest.mark.fault("N08")
def test_credentials_go_unasked_to_the_clouds_own_addresses_only() -> None:
    def asked(kind: str, base_url: str, **row: str) -> bool:
        found = chosen(kind, "", ENVIRON, base_url=base_url, **row)
        assert found.key is not None
        return keys.way(found.endpoint, found.key) is not None

    assert not asked("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com")
    assert not asked("vertex", "https://aiplatform.googleapis.com")
    assert asked("bedrock", "https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com")
    assert asked("vertex", "https://bedrock-runtime.us-east-1.amazonaws.com")
    assert asked("foundry", "https://anybody.services.ai.azure.com/anthropic")


def test_the_secrets_of_the_clouds_that_are_configured_are_this_programs_alone() -> None:
    config, _ = parse({"endpoints": {"b": {"kind": "bedrock"}, "f": {"kind": "foundry"}}})
    assert set(cloud_keys.variables(config)) == {
        *("AWS_BEARER_TOKEN_BEDROCK", "ANTHROPIC_FOUNDRY_API_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    }
    assert cloud_keys.variables(parse({})[0]) == ()
