"""What exports write between quotes, read back by each language's own rules: the same text, and nothing around it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core import readers
from tests.core.hostile import PROMPTS
from tests.core.readers import Literals
from tests.core.wide_requests import rows
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports import csharp, go, java, literals, php, python, ruby, typescript
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.json_text import pretty
from workbench.core.exports.languages import LANGUAGES
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.request import Request, Turn

NULLS: dict[str, dict[str, object]] = {
    "python": {"None": None, "True": True, "False": False},
    "ruby": {"nil": None, "true": True, "false": False},
    "other": {"null": None, "true": True, "false": False},
}
READERS: dict[str, Callable[[str], object]] = {
    "typescript": Literals(readers.javascript, "{}", NULLS["other"], '[…].join("\\n")').read,
    "ruby": Literals(readers.ruby, "{}", NULLS["ruby"], '[…].join("\\n")').read,
    "php": Literals(readers.php, "[]", NULLS["other"], 'implode("\\n", […])').read,
}
STYLES = {"typescript": typescript.STYLE, "ruby": ruby.STYLE, "php": php.STYLE}
TRAPS = (
    *("#{x}", "#$x", "#@x", "$x", "{$x}", "${x}", "\\#{x}", "\\$x", "?>", "<?php", "*/", "//", "`", "```", '"""', "''"),
    *("\\u0022", "\\\\u0022", "\\\u2028", "\\u000a", "\\101", "\\x41", "\\", "\\\\", "\\\n", "a\\", '\\"', '"' * 9),
    *("\r", "\r\n", "\t", "\x00", "\x001", "\x1b[0m", "\x7f7", "\x85", "\u2028", "\ufeff", "\u3000", "\u202e", "😀"),
    *(" \n" * 30, "a \n" * 30, "\n" * 60, "  a\n b\n\n   \n" * 9, "a\u3000\n" * 30, "\u2003\n" * 30, '"""\n' * 20),
    *("\\\n" * 30, "\t a\n" * 20, "x\n" * 30 + "end", "a\\\n" * 20 + "\\", "</script>\n<!--\n" * 9),
    *("x" * 25_000, "é" * 33_000, "😀\n" * 8_000, "\U000e0041"),
)
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from([*TRAPS[:40], "a", " ", "\n"]), max_size=25).map("".join)
NAMES = TEXTS | st.sampled_from(["__proto__", "0", "1", "if"])
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def alike(one: object, other: object, *, sort: bool = False) -> bool:
    """The same JSON, in which an empty list is no empty map and True is no 1."""
    return json.dumps(one, sort_keys=sort) == json.dumps(other, sort_keys=sort)


@pytest.mark.fault("E02")
@pytest.mark.parametrize("language", STYLES)
@given(value=VALUES)
@example(value={"0": 1, "1": {"a": []}, "b": {}})
@example(value=[{"__proto__": {"#{x}": "$x"}}, {"0": {}}, {}, []])
def test_any_value_is_read_back(language: str, value: object) -> None:
    try:
        written = literals.literal(STYLES[language], value)
    except ExportError as error:
        assert "begins with a NUL" in str(error)  # noqa: PT017 - the one refusal, of PHP
    else:
        assert alike(READERS[language](written), value)


@pytest.mark.fault("E02")
@pytest.mark.parametrize("text", [*TRAPS, *PROMPTS[::7]])
def test_every_trap_is_read_back_in_every_language(text: str) -> None:
    for language, style in STYLES.items():
        for value in (text, [text], {text: [text]}):
            assert READERS[language](literals.literal(style, value, 3)) == value
    assert readers.java(java.string(text)) == text
    assert readers.java(java.quoted(text[:9])) == text[:9]
    for quoted in (go.quoted, csharp.quoted):
        assert readers.interpreted(quoted(text), 0) == (text, len(quoted(text)))
    body = {text: [text, {"": ""}, [""]]}
    assert json.loads(readers.go_raw(go.raw(pretty(body)))) == body
    assert json.loads(readers.csharp_raw(csharp.raw(pretty(body)))) == body


@pytest.mark.fault("E02")
@given(TEXTS)
def test_java_and_the_raw_strings_have_any_text(text: str) -> None:
    assert readers.java(java.string(text)) == text
    assert readers.java(java.string("line\n" * 12 + text)) == "line\n" * 12 + text
    assert json.loads(readers.go_raw(go.raw(pretty({text: text})))) == {text: text}
    assert json.loads(readers.csharp_raw(csharp.raw(pretty({text: text})))) == {text: text}
    assert eval(python.literal({text: [text, 0.5, None]})) == {text: [text, 0.5, None]}


def call(text: str = "hi", address: str = OFFICIAL_URL, **settings: Any) -> Call:
    params = Params(model="claude-sonnet-4-6", max_tokens=64, **settings)
    return Call(Request(params, (Turn("user", text),)), Endpoint("x", address))


@pytest.mark.parametrize("language", ["python", "typescript", "java", "go", "ruby", "csharp", "php"])
def test_sampling_goes_past_the_sdk_with_the_version_that_has_it(language: str) -> None:
    written = LANGUAGES[language].write(call(temperature=0.25))
    ways = {
        "python": "extra_body={",
        "typescript": "...extra,",
        "java": '.putAdditionalBodyProperty("temperature", JsonValue.from(0.25))',
        "go": "option.WithRequestBody(",
        "ruby": "extra_body: {temperature: 0.25}",
        "csharp": "FromRawUnchecked(none, none, body)",
        "php": '"extraBodyParams" => ["temperature" => 0.25]',
    }
    assert ways[language] in written
    assert "2023-06-01" in written
    assert "2023-06-01" not in LANGUAGES[language].write(call())


def between(text: str, start: str, end: str) -> str:
    """What stands between the first of one and the last of the other."""
    return text[text.index(start) + len(start) : text.rindex(end)]


def handed_over(language: str, program: str) -> object:
    """The body that a program hands to its SDK, read from its text."""
    if language == "go":
        return json.loads(readers.go_raw(between(program, "const body = ", "\n\nfunc main()")))
    if language == "csharp":
        raw = between(program, "JsonElement>>(\n", ")!;\nawait foreach")
        return {**json.loads(readers.csharp_raw(raw)), "stream": True}
    if language == "ruby":
        named: Any = READERS["ruby"]("{" + between(program, "messages.stream(\n", "\n)\nstream.text") + "}")
        extra = named.pop("request_options", {}).get("extra_body", {})
        system = {"system": named.pop("system_")} if "system_" in named else {}
        return {**named, **system, **extra, "stream": True}
    named = READERS["php"]("[" + between(program, "createStream(\n", ");\nforeach") + "]")
    names = {"maxTokens": "max_tokens", "stopSequences": "stop_sequences"}
    extra = named.pop("requestOptions", {}).get("extraBodyParams", {})
    return {**{names.get(name, name): value for name, value in named.items()}, **extra, "stream": True}


@pytest.mark.fault("E02")
@pytest.mark.parametrize("language", ["go", "ruby", "csharp", "php"])
@pytest.mark.parametrize("text", ["Hello", "#{x} $x {$y} \\u0022 `\"'\n?>\u2028", "line\n" * 30])
def test_the_text_of_a_program_holds_the_whole_body_and_no_other(language: str, text: str) -> None:
    for request in rows(text).values():
        made = Call(request, Endpoint("anthropic", OFFICIAL_URL))
        assert alike(handed_over(language, LANGUAGES[language].write(made)), made.body, sort=True)


@pytest.mark.parametrize("at", range(len(rows())))
def test_what_a_program_uses_it_imports(at: int) -> None:
    """A compiler would say so, where there is one: no Go and no Java is needed to build this."""
    request = [*rows().values()][at]
    for endpoint in (Endpoint("anthropic", OFFICIAL_URL), Endpoint("x", "http://127.0.0.1:9")):
        java_, go_ = (LANGUAGES[language].write(Call(request, endpoint)) for language in ("java", "go"))
        for name in ("JsonValue", "ObjectMapper", "Objects"):
            assert bool(re.search(rf"[ (]{name}[.(]", java_)) == (f".{name};" in java_)
        assert ("os.LookupEnv" in go_) == ('\t"os"\n' in go_)


@pytest.mark.fault("E02")
@pytest.mark.parametrize("language", ["java", "go", "ruby", "csharp", "php"])
def test_another_server_gets_the_named_key_in_both_headers_and_no_token_of_anthropics(language: str) -> None:
    written = LANGUAGES[language].write(call(address="http://127.0.0.1:9/it's"))
    assert "http://127.0.0.1:9/it's" in written
    assert '"x-api-key"' in written
    assert "ANTHROPIC_API_KEY" in written
    apart = {
        "java": "fromEnv",
        "go": "Without",
        "ruby": "auth_token: nil",
        "csharp": "AuthToken = null",
        "php": "authToken: ''",
    }
    assert (apart[language] in written) is (language != "java")
    keyless = Call(call().request, Endpoint("x", "http://127.0.0.1:9", auth="none"))
    assert "ANTHROPIC_API_KEY" not in LANGUAGES[language].write(keyless)
    assert '"none"' in LANGUAGES[language].write(keyless)
    assert "ANTHROPIC_API_KEY" not in LANGUAGES["curl"].write(keyless)
    # whether a key is set where it is written says nothing of where it will run
    unfound = Call(call().request, Endpoint("x", "http://gpu.example:8080", keyless=True))
    for each in (language, "curl"):
        assert "ANTHROPIC_API_KEY" in LANGUAGES[each].write(unfound)
        assert LANGUAGES[each].write(unfound) == LANGUAGES[each].write(
            Call(call().request, replace(unfound.endpoint, keyless=False))
        )


@pytest.mark.fault("E02")
def test_what_a_language_can_not_have_is_refused_in_a_sentence() -> None:
    tools = Json.of([{"maximum": 2**63}])
    for language, who in (("php", "PHP"), ("typescript", "JavaScript")):
        with pytest.raises(ExportError, match=rf"tools\[0\]\.maximum is a number that {who} would round: use json"):
            LANGUAGES[language].write(call(tools=tools))
    with pytest.raises(ExportError, match="larger than C#'s compiler takes"):
        LANGUAGES["csharp"].write(call("x" * 8_000_000))


def test_a_program_in_typescript_can_stand_in_a_page() -> None:
    assert typescript.quoted("</script><!--<b>") == '"\\u003c/script>\\u003c!--<b>"'
