"""Exports as text: what they hold, what they refuse, and that nothing in them runs by itself."""

from __future__ import annotations

import ast
import json
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports import sdk
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.languages import LANGUAGES
from workbench.core.kinds import Json
from workbench.core.params import FIELDS, Params
from workbench.core.request import Request, Turn

ANTHROPIC = Endpoint("anthropic", OFFICIAL_URL)
PLAIN = Params(model="claude-haiku-4-5", max_tokens=64)

HOSTILE = (
    "'; touch PWNED; '",
    '"; touch PWNED; "',
    "$(touch PWNED) `touch PWNED` ${HOME} $HOME !! !$ \\",
    "JSON\ntouch PWNED\nJSON\n",
    "\nJSON\n",
    '"""\nimport os; os.system("touch PWNED")\n"""',
    "'''\nx\n'''",
    "{__import__('os').system('touch PWNED')} %s %(x)s {{name}}",
    "\\N{BULLET} \\x41 \\u0041 \\U00000041 \\101 \\\n",
    "tab\there\r\ncarriage\rreturn\x0bvertical\x0cfeed",
    "\x1b[31mred\x1b[0m \x07 \x7f \x9b31m",
    "\u202eoverride\u2066 \u2028line\u2029 \u0085 \ufeff \u200d \U000e0041",
    "€ 日本語 😀 👩‍👩‍👧 é e\u0301",
    "@/etc/passwd",
    "@-",
    "<<'JSON'",
    " leading and trailing \n\n",
    "a" * 500,
    "line\n" * 40,
    "'\"" * 30 + "\n" + "'\"" * 30,
    "# comment\nprint('x')",
)


def call(text: str = "hi", params: Params = PLAIN, endpoint: Endpoint = ANTHROPIC) -> Call:
    return Call(Request(params, (Turn("user", text),)), endpoint)


class Recorder:
    """Stands in for the SDK, and keeps what it was called with."""

    def __init__(self) -> None:
        self.client: dict[str, Any] = {}
        self.stream: dict[str, Any] = {}

    def Anthropic(self, **arguments: Any) -> SimpleNamespace:  # noqa: N802 - the SDK's own name
        self.client = arguments
        return SimpleNamespace(messages=SimpleNamespace(stream=self._stream))

    def _stream(self, **arguments: Any) -> Recorder:
        self.stream = arguments
        return self

    def __enter__(self) -> SimpleNamespace:
        return SimpleNamespace(text_stream=iter(()))

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def body(self) -> dict[str, Any]:
        """What the SDK would send: extra_body laid over the arguments."""
        named = {key: value for key, value in self.stream.items() if not key.startswith("extra_")}
        return {**named, **self.stream.get("extra_body", {}), "stream": True}


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    found = Recorder()
    monkeypatch.setitem(__import__("sys").modules, "anthropic", found)
    return found


def run_python(made: Call, recorder: Recorder) -> Recorder:
    exec(LANGUAGES["python"].write(made), {})
    return recorder


@pytest.mark.fault("E02")
@pytest.mark.parametrize("text", HOSTILE)
def test_python_calls_the_sdk_with_the_very_text(text: str, recorder: Recorder) -> None:
    made = call(text, Params(model="m", max_tokens=5, system=text, stop_sequences=(text,), user_id=text))
    assert run_python(made, recorder).body == made.body


@pytest.mark.parametrize("text", HOSTILE)
def test_json_is_the_body(text: str) -> None:
    made = call(text, Params(model="m", max_tokens=5, system=text))
    written = LANGUAGES["json"].write(made)
    assert json.loads(written) == made.body
    assert all(character.isprintable() or character == "\n" for character in written)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_export_holds_what_a_terminal_obeys_or_a_reader_cannot_see(text: str, language: str) -> None:
    written = LANGUAGES[language].write(call(text))
    lines = [line.lstrip("\t") if language == "go" else line for line in written.split("\n")]
    assert all(line.isprintable() for line in lines)


SAMPLES: dict[str, object] = {
    "model": "claude-haiku-4-5",
    "max_tokens": 64,
    "temperature": 0.5,
    "top_p": 0.9,
    "top_k": 5,
    "stop_sequences": ("x", "\n\ny"),
    "system": "Be brief.\nAlways.",
    "thinking": "enabled",
    "thinking_budget": 2048,
    "thinking_display": "omitted",
    "effort": "low",
    "output_format": Json.of({"type": "json_schema", "schema": {"type": "object", "x": None, "y": [True, 1.5]}}),
    "tools": Json.of([{"name": "t", "input_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}]),
    "tool_choice": Json.of({"type": "auto"}),
    "cache_control": "1h",
    "cache_system": "1h",
    "cache_tools": "5m",
    "service_tier": "auto",
    "speed": "standard",
    "inference_geo": "us",
    "user_id": "u",
    "container": Json.of("c"),
    "diagnostics": Json.of({"previous_message_id": None}),
    "version": "2023-06-01",
}


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.key)
def test_every_parameter_reaches_every_export(row: Any, recorder: Recorder) -> None:
    needed = {"cache_system": "system", "cache_tools": "tools"}.get(row.key, row.key)
    params = Params(model="m", max_tokens=5).set(needed, SAMPLES[needed]).set(row.key, SAMPLES[row.key])
    made = call(params=params)
    assert run_python(made, recorder).body == made.body
    assert json.loads(LANGUAGES["json"].write(made)) == made.body
    headers = recorder.stream.get("extra_headers", {})
    assert headers.get("anthropic-version", sdk.VERSION) == made.version
    assert f"anthropic-version: {made.version}" in LANGUAGES["curl"].write(made)


def test_a_beta_that_the_parameters_need_is_sent_as_its_header(recorder: Recorder) -> None:
    made = call(params=Params(model="claude-opus-5", max_tokens=5, speed="fast"))
    assert run_python(made, recorder).stream["extra_headers"] == {"anthropic-beta": "fast-mode-2026-02-01"}
    assert "--header 'anthropic-beta: fast-mode-2026-02-01'" in LANGUAGES["curl"].write(made)


@pytest.mark.fault("E01", "E02")
def test_the_key_is_named_and_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-0123456789")
    other = Endpoint("llama", "http://127.0.0.1:8080", auth="bearer", key_env="LLAMA_KEY")
    assert '"x-api-key: $ANTHROPIC_API_KEY"' in LANGUAGES["curl"].write(call())
    assert '"authorization: Bearer $LLAMA_KEY"' in LANGUAGES["curl"].write(call(endpoint=other))
    assert 'os.environ["LLAMA_KEY"]' in LANGUAGES["python"].write(call(endpoint=other))
    assert all("canary" not in row.write(call()) for row in LANGUAGES.values())


def test_an_endpoint_without_a_key_gets_none() -> None:
    made = call(endpoint=Endpoint("local", "http://127.0.0.1:8080", auth="none"))
    assert "KEY" not in LANGUAGES["curl"].write(made)
    assert "environ" not in LANGUAGES["python"].write(made)


@pytest.mark.fault("E01", "E02")
def test_a_variable_that_is_no_name_is_not_written_into_a_shell() -> None:
    hostile = Endpoint("x", "http://127.0.0.1:1", key_env='X"; touch PWNED; "')
    assert "PWNED" not in LANGUAGES["curl"].write(call(endpoint=hostile))
    assert "PWNED" not in LANGUAGES["python"].write(call(endpoint=hostile))


def test_another_server_is_told_its_key_in_the_header_it_knows(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_KEY", "k")
    made = call(endpoint=Endpoint("x", "http://127.0.0.1:1/base", key_env="LLAMA_KEY"))
    run_python(made, recorder)
    expected = {"api_key": "k", "base_url": "http://127.0.0.1:1/base", "default_headers": {"x-api-key": "k"}}
    assert recorder.client == expected


@pytest.mark.fault("E01", "E02")
@pytest.mark.parametrize("language", LANGUAGES)
def test_half_a_character_is_refused_where_it_stands(language: str) -> None:
    with pytest.raises(ExportError, match=r"messages\[0\]\.content holds half a character"):
        LANGUAGES[language].write(call("a\ud800b"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_was_not_read_is_not_sent_by_its_path(language: str) -> None:
    block = {"type": "image", "source": {"type": "path", "path": "a.png"}}
    turns = (Turn("user", Json.of([{"type": "tool_result", "tool_use_id": "t", "content": [block]}])),)
    with pytest.raises(ExportError, match=r"a\.png was not read"):
        LANGUAGES[language].write(Call(Request(PLAIN, turns), ANTHROPIC))


@pytest.mark.fault("E01")
def test_a_shell_is_not_given_a_nul() -> None:
    with pytest.raises(ExportError, match=r"system holds a NUL"):
        LANGUAGES["curl"].write(call(params=Params(model="m", max_tokens=5, system="a\0b")))


@pytest.mark.parametrize("key", ["model", "max_tokens"])
def test_what_the_sdk_cannot_leave_out_is_asked_for(key: str) -> None:
    with pytest.raises(ExportError, match=f"can't leave {key} out"):
        LANGUAGES["python"].write(call(params=PLAIN.unset(key)))


def test_a_long_prompt_reads_line_by_line() -> None:
    written = LANGUAGES["python"].write(call("first line of many\n" * 10))
    assert ast.parse(written)
    assert '"first line of many\\n"\n' in written
    assert '"""' not in written


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_shells_find_no_fault_in_the_curl_command(shell: str) -> None:
    written = "\n".join(LANGUAGES["curl"].write(call(text)) for text in HOSTILE)
    subprocess.run([shell, "-n"], input=written, text=True, check=True, encoding="utf-8")


@pytest.mark.fault("E02")
def test_another_server_gets_the_named_key_or_none() -> None:
    made = call(endpoint=Endpoint("gate", "https://gate.example", auth="bearer"))
    assert 'api_key=os.environ["ANTHROPIC_API_KEY"]' in LANGUAGES["python"].write(made)
    assert "apiKey: key" in LANGUAGES["typescript"].write(made)
    assert "apiKey" not in LANGUAGES["typescript"].write(call())
    keyless = call(endpoint=Endpoint("local", "http://127.0.0.1:8080", auth="none"))
    assert 'apiKey: "none"' in LANGUAGES["typescript"].write(keyless)
    assert "process.env" not in LANGUAGES["typescript"].write(keyless)
