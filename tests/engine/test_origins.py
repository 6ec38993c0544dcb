"""Where a key may go, and how it is remembered (faults N08, F14)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.engine.running import KEY, SECRET
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.engine.files import StoreError
from workbench.engine.keys import Key, refusal, way
from workbench.engine.origins import Origins, Way, told

GATE = Way("gate", "https://gate.example:443", "GATE_KEY")
ROW = GATE._asdict()


@pytest.mark.fault("N08", "F14")
@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (OFFICIAL_URL, None),
        ("https://API.Anthropic.com:443/x", None),
        ("http://127.0.0.1:8080", None),
        ("http://localhost", None),
        ("https://[::1]:1", None),
        ("https://api.anthropic.com:8443", "https://api.anthropic.com:8443"),
        ("http://api.anthropic.com", "http://api.anthropic.com:80"),
        ("https://eu.anthropic.com", "https://eu.anthropic.com:443"),
        ("https://api.anthropic.com.evil.example", "https://api.anthropic.com.evil.example:443"),
        ("https://gate.example/api.anthropic.com", "https://gate.example:443"),
        ("http://127.0.0.1.evil.example", "http://127.0.0.1.evil.example:80"),
        ("http://127.0.0.2", "http://127.0.0.2:80"),
        ("http://0.0.0.0:1", "http://0.0.0.0:1"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_only_the_official_address_and_this_machine_are_never_asked_about(url: str, asked: str | None) -> None:
    place = Endpoint("gate", url)
    wanted = way(place, KEY)
    assert (wanted and wanted.origin) == asked
    assert way(place, None) is None
    assert way(Endpoint("simulator", url, simulated=True), KEY) is None
    assert (refusal(place, KEY) is None) is (asked is None)
    if wanted is not None:
        assert refusal(place, KEY, frozenset({wanted})) is None
        for other in ("endpoint", "origin", "key", "proxy"):
            assert refusal(place, KEY, frozenset({wanted._replace(**{other: "other"})})) is not None


def test_what_was_agreed_to_is_kept_without_the_key(tmp_path: Path) -> None:
    path = tmp_path / "state" / "workbench" / "origins.json"
    origins = Origins(path)
    assert origins.known() == frozenset()
    wanted = way(Endpoint("gate", "https://gate.example"), Key(SECRET, "GATE_KEY"))
    assert wanted == GATE
    origins.agree(GATE)
    assert origins.known() == {GATE}
    assert not path.exists()
    origins.keep()
    assert json.loads(path.read_text("utf-8")) == {"agreed": [ROW]}
    assert SECRET[-4:] not in path.read_text("utf-8")
    assert [each.stat().st_mode & 0o777 for each in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]
    again = Origins(path)
    again.agree(GATE._replace(origin="https://new.example:443"))
    again.keep()
    assert len(Origins(path).known()) == 2
    assert again.before(GATE._replace(origin="http://third.example:80")) == (GATE.origin, "https://new.example:443")
    assert again.before(GATE) == ("https://new.example:443",)
    assert again.before(Way("anthropic", "https://x:443", "k")) == ("https://api.anthropic.com:443",)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (b"", 0),
        (b"{", 0),
        (b"\xff\xfe", 0),
        (b"[" * 200_000, 0),
        (b"[]", 0),
        (b'{"agreed": 1}', 0),
        (b'{"agreed": [1, null, "x", []]}', 0),
        (json.dumps({"agreed": [{**ROW, "origin": 1}, {"origin": "x"}, ROW]}).encode(), 1),
        (json.dumps({"agreed": [{**ROW, "new": 1}], "more": {}}).encode(), 1),
        (json.dumps({"agreed": [{name: ROW[name] for name in ("endpoint", "origin", "key")}]}).encode(), 1),
        (b"\x00" * 100, 0),
    ],
)
def test_a_file_of_any_kind_is_read_and_written_over(text: bytes, known: int, tmp_path: Path) -> None:
    path = tmp_path / "origins.json"
    path.write_bytes(text)
    path.chmod(0o600)
    origins = Origins(path)
    assert len(origins.known()) == known
    origins.agree(GATE._replace(endpoint="another"))
    origins.keep()
    assert len(Origins(path).known()) == known + 1


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602])
def test_a_file_that_others_can_write_agrees_to_nothing(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "origins.json"
    path.write_text(json.dumps({"agreed": [ROW]}))
    path.chmod(mode)
    origins = Origins(path)
    assert origins.known() == frozenset()
    origins.agree(GATE._replace(endpoint="another"))
    origins.keep()
    assert path.stat().st_mode & 0o777 == 0o600
    assert Origins(path).known() == {GATE._replace(endpoint="another")}


def test_a_folder_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "origins.json"
    path.mkdir()
    origins = Origins(path)
    origins.agree(GATE)
    assert origins.known() == {GATE}
    with pytest.raises(StoreError, match="it is a folder"):
        origins.keep()


def test_a_link_to_another_place_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "origins.json"
    path.symlink_to(tmp_path / "elsewhere.json")
    origins = Origins(path)
    origins.agree(GATE)
    origins.keep()
    assert path.is_symlink()
    assert Origins(path).known() == {GATE}


@pytest.mark.fault("N06", "N08")
def test_a_proxy_that_would_read_the_key_is_agreed_to_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    lan, far = Endpoint("lan", "http://10.0.0.7:8080"), Endpoint("far", "https://gate.example")
    plain, secure = way(lan, KEY), way(far, KEY)
    assert plain is not None
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://me:PASSWORD@proxy.example:3128")
    proxied = way(lan, KEY)
    assert proxied == plain._replace(proxy="proxy.example:3128")
    assert refusal(lan, KEY, frozenset({plain})) is not None
    assert refusal(lan, KEY, frozenset({proxied})) is None
    assert way(far, KEY) == secure  # it passes on what it can't read
    lines = "\n".join(told(proxied, KEY.told, "", ()))
    assert "The proxy proxy.example:3128 would read it too." in lines
    assert "PASSWORD" not in lines


def test_what_a_person_is_told_names_all_and_shows_nothing_of_the_key() -> None:
    lines = told(GATE, Key(SECRET, "GATE_KEY").told, "[endpoints.gate] of the configuration", ("https://old:443",))
    assert lines == (
        "https://gate.example:443",
        "This address comes from [endpoints.gate] of the configuration.",
        "The key is …cdef of GATE_KEY.",
        'Until now "gate" was https://old:443.',
    )
    assert "This key has not gone there before." in told(GATE, "…", "", ())
    assert SECRET[:10] not in " ".join(lines)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_agrees_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "origins.json"
    path.write_text(json.dumps({"agreed": [ROW]}))
    path.chmod(0o600)
    assert Origins(path).known() == {GATE}
    os.chown(path, 12345, 12345)
    assert Origins(path).known() == frozenset()
