"""Parameters as a value: setting, unsetting, merging, reading, and the sentence for each mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import EVERYTHING, SAMPLES
from workbench.core.kinds import Json
from workbench.core.params import BY_KEY, FIELDS, ParamError, Params, from_mapping, lookup, read_settings

KEYS = st.sampled_from([row.key for row in FIELDS])
SUBSETS = st.sets(KEYS).map(lambda keys: EVERYTHING.unset(*(BY_KEY.keys() - keys)))


def other(params: Params) -> Params:
    """The same keys with some other values."""
    changes = {"temperature": 0.9, "model": "other", "stop_sequences": ["x"], "tools": []}
    for row, _ in params.items:
        if row.key in changes:
            params = params.set(row.key, changes[row.key])
    return params


@given(SUBSETS, SUBSETS.map(other), st.sets(KEYS))
def test_merging_is_a_dictionary_update(base: Params, over: Params, unset: set[str]) -> None:
    expected = {key: value for key, value in base.to_mapping().items() if key not in unset} | over.to_mapping()
    assert base.merge(over, unset).to_mapping() == {row.key: expected[row.key] for row in FIELDS if row.key in expected}


@given(SUBSETS)
def test_a_mapping_comes_back_and_equal_ones_hash_alike(params: Params) -> None:
    again, unknown, mistakes = from_mapping(params.to_mapping())
    assert (again, unknown, mistakes) == (params, {}, ())
    assert hash(again) == hash(params)


def test_setting_returns_another_value_and_none_unsets() -> None:
    one = Params()
    two = one.set("temperature", 0.2)
    assert (one.temperature, two.temperature) == (None, 0.2)
    assert two.set("temperature", None) == one
    assert two.unset("temperature", "top_p") == one


def test_a_key_that_nobody_knows_is_not_sent_whoever_unsets_it() -> None:
    assert EVERYTHING.unset("frequency_penalty") == EVERYTHING
    assert Params().merge(EVERYTHING, ("frequency_penalty",)) == EVERYTHING


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("temprature", "there is no parameter 'temprature'; did you mean temperature?"),
        ("max-tokens", "there is no parameter 'max-tokens'; did you mean max_tokens?"),
        ("budget", "there is no parameter 'budget'; did you mean thinking_budget?"),
        ("stop", "there is no parameter 'stop'; did you mean stop_sequences?"),
        ("foo", "there is no parameter 'foo'; the parameters are model, max_tokens, "),
        ("logit_bias", "there is no parameter 'logit_bias'; the parameters are "),
        ("to", "there is no parameter 'to'; the parameters are "),
        ("zzz", "there is no parameter 'zzz'; the parameters are model, max_tokens, "),
        ("items", "there is no parameter 'items'; "),
        ("", "there is no parameter ''; "),
    ],
)
def test_an_unknown_key_names_the_nearest(key: str, said: str) -> None:
    for refuse in (lambda: lookup(key), lambda: Params().set(key, 1), lambda: read_settings([f"{key}=1"])):
        with pytest.raises(ParamError) as refused:
            refuse()
        assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("setting", "key", "value"),
    [
        ("temperature=0.2", "temperature", 0.2),
        ("temperature=1", "temperature", 1),
        (" temperature =0.2", "temperature", 0.2),
        ("max_tokens=1_000", "max_tokens", 1000),
        ("max_tokens=0x10", "max_tokens", 16),
        ("model=claude-haiku-4-5", "model", "claude-haiku-4-5"),
        ('model="claude-haiku-4-5"', "model", "claude-haiku-4-5"),
        ("model=7", "model", "7"),
        ("version=2023-06-01", "version", "2023-06-01"),
        ('stop_sequences=["\\n\\nHuman:"]', "stop_sequences", ("\n\nHuman:",)),
        ("stop_sequences=END", "stop_sequences", ("END",)),
        ("stop_sequences=[END]", "stop_sequences", ("[END]",)),
        ("stop_sequences=a=b", "stop_sequences", ("a=b",)),
        ("user_id=42", "user_id", "42"),
        ("user_id=2026-11-22", "user_id", "2026-11-22"),
        ("user_id=true", "user_id", "true"),
        ("user_id='a'", "user_id", "a"),
        ('system=Say "hi".', "system", 'Say "hi".'),
        ('system="Hi" # no comment', "system", '"Hi" # no comment'),
        ('system="a", "b"', "system", '"a", "b"'),
        ("system=1\nmodel = 2", "system", "1\nmodel = 2"),
        ('system=1]\nx = ["', "system", '1]\nx = ["'),
        ("system= ", "system", " "),
        ('tools=[{name="x"}]', "tools", Json('[{"name": "x"}]')),
        ('tools=[{"name": "x"}]', "tools", Json('[{"name": "x"}]')),
        ('tool_choice={"type": "any"}', "tool_choice", Json('{"type": "any"}')),
        ("container=cnt_1", "container", Json('"cnt_1"')),
        ("inference_geo=us", "inference_geo", "us"),
    ],
)
def test_a_setting_is_toml_else_plain_text(setting: str, key: str, value: object) -> None:
    params, unset = read_settings([setting])
    assert params[key] == value
    assert type(params[key]) is type(value)
    assert unset == ()


def test_an_empty_setting_unsets_and_the_last_word_counts() -> None:
    assert read_settings(["temperature=", "top_p=0.5"]) == (Params(top_p=0.5), ("temperature",))
    params, unset = read_settings(["temperature=0.1", "temperature="])
    assert Params(temperature=0.9).merge(params, unset) == Params()
    params, unset = read_settings(["temperature=", "temperature=0.1"])
    assert Params(temperature=0.9).merge(params, unset) == Params(temperature=0.1)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("temperature", "'temperature' has no '='; write KEY=VALUE, or KEY= to unset"),
        ("temperature=warm", "temperature takes a number, not 'warm'"),
        ("temperature=nan", "temperature takes a finite number, not nan"),
        ("temperature=0.2 # mild", "temperature takes a number, not '0.2 # mild'"),
        ("max_tokens=1.5", "max_tokens takes a whole number, not 1.5"),
        ("effort=extreme", "effort takes low, medium, high, xhigh or max, not 'extreme'"),
        ("tools={}", "tools takes a JSON list, not a table"),
        ("tools=[{", "tools is not JSON: "),
        ("stop_sequences=[1]", "stop_sequences takes a list of strings, not a list"),
        ("diagnostics=2026-11-22", "diagnostics can't be sent as JSON: "),
        ("tools=" + "[" * 5000, "tools nests deeper than 64 levels"),
    ],
)
def test_a_wrong_setting_is_a_sentence(setting: str, said: str) -> None:
    with pytest.raises(ParamError) as refused:
        read_settings([setting])
    assert str(refused.value).startswith(said)


def test_a_table_of_a_file_keeps_what_it_cant_read() -> None:
    params, unknown, mistakes = from_mapping({"temperature": 0.2, "logit_bias": {"a": 1}, "top_k": "many"})
    assert params == Params(temperature=0.2)
    assert unknown == {"logit_bias": {"a": 1}, "top_k": "many"}
    assert mistakes[0].startswith("there is no parameter 'logit_bias'; ")
    assert mistakes[1] == "top_k takes a whole number, not 'many'"


@pytest.mark.parametrize("key", SAMPLES)
def test_a_value_of_another_kind_is_refused_by_name(key: str) -> None:
    wrong = {"model", "system", "user_id", "container"}
    with pytest.raises(ParamError, match=f"^{key} "):
        Params().set(key, NAN if key == "container" else ["a", 1] if key in wrong else object())


NAN = float("nan")
