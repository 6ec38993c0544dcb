"""Where the credentials of clouds come from, what is read for them, and what is said where there are none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.engine.clouds import ENVIRON, chosen, run_on
from tests.engine.running import running
from workbench.core.config import parse
from workbench.core.state import State
from workbench.engine import aws_signing, cloud_keys, endpoints, keys
from workbench.engine.aws_config import region_of
from workbench.engine.endpoints import EndpointError
from workbench.simulator import Simulator
from workbench.simulator.clouds.sigv4 import ACCESS_KEY, SECRET_KEY

NOTHING: dict[str, str] = {}
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


async def test_a_new_sign_in_counts_without_a_new_start(aws_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = aws_files / "credentials"
    file.write_text(PROFILES.replace(SECRET_KEY, "what-has-run-out"))
    async with Simulator(speed=0) as simulator, running() as runner:
        found = chosen("bedrock", simulator.base_url, NOTHING, profile="dev")
        assert (await run_on(runner, found)).state is State.REJECTED
        file.write_text(PROFILES)
        assert (await run_on(runner, found)).state is State.REJECTED
        monkeypatch.setattr(aws_signing, "FILE_SECONDS", 0.0)
        assert (await run_on(runner, found)).state is State.COMPLETE
        file.write_text("[dev]\naws_access_key_id = AKIA\n")
        assert (await run_on(runner, found)).state is State.UNREACHABLE
        monkeypatch.undo()
        file.write_text(PROFILES)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
        assert (await run_on(runner, found)).state is State.COMPLETE


@pytest.mark.parametrize(
    ("row", "environ", "host"),
    [
        ({"profile": "dev"}, {}, "eu-north-1"),
        ({"profile": "dev"}, {"AWS_REGION": "us-west-2"}, "us-west-2"),
        ({"profile": "dev", "region": "us-east-2"}, {}, "us-east-2"),
        ({}, {"AWS_PROFILE": "dev"}, "eu-north-1"),
        ({}, {"AWS_DEFAULT_PROFILE": "dev"}, "eu-north-1"),
        ({}, {"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "sso"}, "eu-north-1"),
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


def test_a_region_that_can_not_be_is_told_with_the_profile_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile dev]\nregion = evil.example/\n")
    environ = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_PROFILE": "dev"}
    config, _ = parse({"endpoints": {"mine": {"kind": "bedrock"}, "named": {"kind": "bedrock", "region": "us-east-1"}}})
    with pytest.raises(EndpointError, match="the region of the AWS profile dev must be a plain name"):
        endpoints.choose(config, name="mine", environ=environ, folder=tmp_path)
    assert endpoints.choose(config, name="named", environ=environ, folder=tmp_path).endpoint.region == "us-east-1"


@pytest.mark.usefixtures("aws_files")
async def test_the_profile_that_is_named_is_the_one_that_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Botocore knows a second variable, and would look into it by itself."""
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "dev")
    async with Simulator(speed=0) as simulator, running() as runner:
        found = chosen("bedrock", simulator.base_url, {"AWS_DEFAULT_PROFILE": "dev"})
        assert (await run_on(runner, found)).state is State.COMPLETE
        assert found.key is not None
        assert found.key.told == "…0000 of the AWS profile dev"
        assert isinstance(found.key, cloud_keys.CloudKey)
        assert found.key.found == "the AWS profile dev (shared-credentials-file)"
        record = await run_on(runner, chosen("bedrock", simulator.base_url, NOTHING, profile="default"))
    assert record.problem is not None
    assert record.problem.detail == "There is no AWS profile default."


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
