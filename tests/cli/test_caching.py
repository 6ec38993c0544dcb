"""A prompt that is cached, from a hand-written session: written once, read the next time, and told why when not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served

SESSION = Path(__file__).parent.parent / "sessions" / "cached.toml"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> object:
    """A simulator whose cache nobody else has filled."""
    with Served() as served:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.base_url)
        yield served


def test_a_second_run_reads_what_the_first_wrote(program: Program, alone: Served) -> None:
    shutil.copy(SESSION, "s.toml")
    (first,) = program("run", "s.toml", "--json").records
    assert first["usage"]["cache_creation"]["ephemeral_1h_input_tokens"] > 1024
    assert first["usage"]["cache_creation"]["ephemeral_5m_input_tokens"] > 0
    assert first["params"]["diagnostics"] == "auto"
    (second,) = program("run", "s.toml", "--json").records
    written = first["usage"]["cache_creation_input_tokens"]
    assert (second["usage"]["cache_read_input_tokens"], second["usage"]["cache_creation_input_tokens"]) == (written, 0)
    assert second["breakpoints"] == {"m1": "5m"}
    assert second["params"]["diagnostics"] == {"previous_message_id": first["message_id"]}
    system = alone.bodies[0]["system"]
    assert system[-1]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}
    assert alone.bodies[0]["messages"][0]["content"][-1]["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    assert 'cache = "5m"' in Path("s.toml").read_text()

    found = json.loads(program("cost", "s.toml", "--json").out)["total"]
    assert (found["cache_read_tokens"], found["cache_write_tokens"]) == (written, written)
    assert "read from the cache" in program("cost", "s.toml").err
    changed = program("run", "s.toml", "--system", "Another.", "--set", "cache_system=")
    assert "cache missed: the system prompt is another" in changed.err
    assert "cache missed" in changed.err.splitlines()[-1]


def test_what_will_not_be_cached_is_said_before_it_is_sent(program: Program) -> None:
    shutil.copy(SESSION, "s.toml")
    result = program("count", "s.toml", "--system", "Short.")
    assert (
        "Too short to be cached: system prompt ≈ 2, turn 1 ≈ 13 tokens; claude-sonnet-4-6 caches from 1 024"
        in result.err
    )
    Path("s.toml").write_text(SESSION.read_text().replace('cache = "5m"', 'cache = "1h"'))
    result = program("count", "s.toml", "--set", "cache_system=5m")
    assert "those of 1h must come first" in result.err
    assert "999k left" in result.out
    assert "left · ≈$0." in result.out
