"""Templates: `{{name}}` and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import template

VALUES = {"name": "Ada", "a.b-c_9": "x", "order": "{{name}} \\1 \\g<0>", "empty": ""}


@pytest.mark.parametrize(
    ("text", "rendered", "names"),
    [
        ("", "", ()),
        ("Hi {{name}}!", "Hi Ada!", ("name",)),
        ("{{name}}{{name}}", "AdaAda", ("name",)),
        ("{{a.b-c_9}} {{name}}", "x Ada", ("a.b-c_9", "name")),
        ("{{order}}", "{{name}} \\1 \\g<0>", ("order",)),  # once, never again in what it gave
        ("[{{empty}}]", "[]", ("empty",)),
        ("\\{{name}}", "{{name}}", ()),
        ("\\\\{{name}}", "\\{{name}}", ()),
        ("\\{{name}} {{name}}", "{{name}} Ada", ("name",)),
        ("{{missing}}", "{{missing}}", ("missing",)),
        ("\\{{missing}}", "{{missing}}", ()),
        ("{{{name}}}", "{Ada}", ("name",)),
        ("{name} { name } {{ name }} {{}} {{1a}} {{é}} {{a b}} }}{{", None, ()),
        ('{"a": {"b": {}}}', None, ()),
        ("{% if x %} ${name} $name {{name", None, ()),
        ("\\{ \\n \\", None, ()),
        ("{{name\n}}", None, ()),
    ],
)
def test_render(text: str, rendered: str | None, names: tuple[str, ...]) -> None:
    assert template.render(text, VALUES) == (text if rendered is None else rendered)
    assert template.names(text) == names


@given(st.text(st.sampled_from("{}\\ab \n{")).filter(lambda text: "{{" not in text))
def test_text_without_a_slot_is_untouched(text: str) -> None:
    assert template.render(text, {"a": "!", "b": "!"}) == text
    assert template.names(text) == ()


@given(st.text(), st.text(), st.text())
def test_a_slot_is_replaced_by_exactly_its_value(before: str, value: str, after: str) -> None:
    before, after = before.replace("{", ""), after.replace("}", "")
    text = f"{before}\n{{{{name}}}}{after}".replace("{{", "{{", 1)
    assert template.render(text, {"name": value}).startswith(f"{before}\n{value}")


@given(st.text(st.sampled_from("{}\\a\n")))
def test_what_is_escaped_is_sent_as_it_was(text: str) -> None:
    escaped = template.SLOT.sub(lambda match: f"\\{match[0].removeprefix(chr(92))}" if not match[1] else match[0], text)
    assert template.names(escaped) == ()
    assert template.render(escaped, {"a": "!"}).count("!") == text.count("!")
