"""A growing text looks, at its end, as if it had come at once, whatever the cuts; and as CommonMark means it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.ui.text import layout
from workbench.ui.text.blocks import blocks
from workbench.ui.text.document import Document
from workbench.ui.text.lines import Line
from workbench.ui.text.split import LIMIT

REPLY = """# Title here

Class `refund.damaged` · **urgency** high, *em* ~~gone~~ and [link](http://x.y/z) plus a line that wraps.
A second line of the paragraph 日本語日本語日本語 👨‍👩‍👧 and an e\u0301.

1. The customer has contacted us *twice*
2. Damage is covered
   - nested one
   - nested two

   para in item
3. ```sh
   curl -s

   done
   ```
> quote me
> on this **one**
lazily

| Model | Price | Note |
|---|--:|:-:|
| Opus | 15 | a `code` |
| Sonnet \\| x | 3 | longer note here with many words<br>to wrap |

```json
{"class": "refund.damaged", "urgency": 3}

[1, 2]
```
---
Text with {{variable}} and a table
a | b
--|--
1 | 2
- [ ] task
* * *
    indented

    code
"""
CORPUS = {
    "reply": REPLY,
    "empty": "",
    "blank lines": "\n\n\na\n\n\n\nb\n\n",
    "open fence": "text\n```python\ndef f():\n    return 1\n\n",
    "tildes": "~~~\n```\n~~~~\nafter\n",
    "crlf": "a\r\nb\r\n",
    "escapes": "\x1b[31mred\x1b[0m `\x1b]52;c;x\x07` \u202edcba &#x202e; &#27;",
    "surrogates": "a\ud83d b \ude00",
    "long line": "word " * 2_000 + "\n\nend",
    "long word": "x" * 10_000,
    "long code": "```py\n" + "".join(f"value_{at} = {at}  # comment\n" for at in range(300)) + "```\ndone",
    "long list": "".join(f"- item {at} with *some* text\n" for at in range(300)),
    "long item": "1. start\n" + "".join(f"   - nested {at} and more\n" for at in range(300)) + "2. next\n\nend",
    "long table": "| a | b |\n|---|---|\n" + "".join(f"| {at} | {'x' * (at % 50)} |\n" for at in range(100)),
    "long quote": "".join(f"> line {at} of a long quote, with `code`\n" for at in range(200)),
    "long item line": "- " + "word " * 2_000 + "\n  goes on\n- next",
}
FRAGMENTS = [
    *("", "text here", "- item", "* star", "1. one", "2. two", "> quote", ">", "   three", "  two", "    four", "```"),
    *(
        "~~~",
        "# head",
        "---",
        "***",
        "| a | b |",
        "|---|---|",
        "x | y",
        "-",
        "  - nested",
        "10. ten",
        "**bold",
        "\ttab",
    ),
    *("end** x", "===", "1) p", "+ plus", "[x]: y", "<div>", "`a", "日本語", "{{x}}", "\\", "&amp;"),
]
MARKDOWN = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("\n".join) | st.text(
    alphabet=st.sampled_from("ab *_`~[]()<>|#-+>1.\n\\!&:日\u0301\u200d\x1b"), max_size=60
)


def shape(document: Document, width: int) -> list[object]:
    document.lines(width)
    while document.colour():
        pass
    return [(line.prefix, line.runs, line.joint, line.fill, line.lead) for line in document.lines(width)]


def streamed(text: str, cut: int, width: int) -> Document:
    document = Document()
    for at in range(0, len(text), cut):
        document.feed((text[at : at + cut],))
        document.update()
        document.lines(width)
    document.finish()
    return document


@pytest.mark.parametrize("width", [8, 40, 120])
@pytest.mark.parametrize("name", CORPUS)
def test_any_cut_gives_the_same_lines(name: str, width: int) -> None:
    text = CORPUS[name]
    whole = shape(Document.whole(text), width)
    cuts = (1, 2, 3, 7, 64, 1_000) if len(text) < 2_000 else (997, 4_099)
    for cut in cuts:
        assert shape(streamed(text, cut, width), width) == whole, cut


@settings(max_examples=150, deadline=None)
@given(MARKDOWN, st.integers(1, 9), st.integers(6, 60))
def test_any_cut_of_any_markdown_gives_the_same_lines(text: str, cut: int, width: int) -> None:
    assert shape(streamed(text, cut, width), width) == shape(Document.whole(text), width)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([line for line in FRAGMENTS if line.strip() not in {"```", "~~~"}]), max_size=9))
def test_the_chunks_mean_what_the_whole_means(lines: list[str]) -> None:
    text = "\n".join(lines)

    def words(rows: list[Line]) -> list[str]:
        shown = ["".join(run for run, _ in (*row.prefix, *row.runs)).rstrip() for row in rows]
        return [row for row in shown if row.strip(" ▌")]

    assert words(Document.whole(text).lines(60)) == words(list(layout.lines(blocks(text), 60)))


@pytest.mark.parametrize("width", [10, 23, 60])
@pytest.mark.parametrize("name", [name for name in CORPUS if name not in {"long table"}])
def test_no_line_is_wider_than_the_view(name: str, width: int) -> None:
    text = CORPUS[name].replace("| Model", "| M") if width > 20 else CORPUS[name].split("| Model")[0]
    for line in Document.whole(text).lines(width):
        cells = sum(cell_len(run) for run, _ in (*line.prefix, *line.runs))
        assert cells <= max(width, 8 + sum(cell_len(run) for run, _ in line.prefix)), line


def test_a_closed_block_is_never_touched_again() -> None:
    document = Document()
    document.feed((REPLY,))
    document.update()
    before = document.lines(60)
    for _ in range(50):
        document.feed(("more words ",))
        document.update()
        document.lines(60)
    after = document.lines(60)
    settled = len(before) - 4
    assert all(old is new for old, new in zip(before[:settled], after, strict=False))


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        ("```py\n" + "x = 1\n" * 5_000, "x = 2\n"),
        ("- item\n" * 5_000, "- item\n"),
        ("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 5_000, "| 3 | 4 |\n"),
        ("word " * 20_000, "word "),
        ("> quoted\n" * 5_000, "> quoted\n"),
    ],
    ids=["code", "list", "table", "paragraph", "quote"],
)
def test_a_long_open_end_stays_cheap(begin: str, again: str) -> None:
    """Counted in lines that are made anew for one more portion."""
    document = Document()
    document.feed((begin,))
    document.update()
    document.lines(80)
    document.feed((again,))
    document.update()
    kept = set(map(id, [piece for piece in document.pieces if not piece.stale]))
    made = sum(len(piece.lines(80)) for piece in document.pieces if id(piece) not in kept)
    assert made <= 130
    assert len(document.pieces[-1].source) <= 2 * LIMIT


def test_a_last_line_that_may_become_anything_waits() -> None:
    document = Document()
    document.feed(("A line\n-",))
    document.update()
    assert [line.text for line in document.lines(40)] == ["A line"]
    document.feed((" item",))
    document.update()
    assert [line.text for line in document.lines(40)] == ["A line", "item"]


BOMBS = {
    "brackets": "[" * 9_000,
    "images": "![" * 5_000,
    "stars": "*a **a " * 2_000,
    "quotes": ">" * 9_000,
    "lists": "- " * 5_000,
    "entities": "&#x41;" * 2_000,
    "table": "|" * 9_000 + "\n" + "|-" * 4_500,
    "columns": "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + ("|b" * 500 + "|\n") * 20,
    "nested": "\n".join("  " * at + "- a" for at in range(300)),
    "ini": "```ini\nk=a\\",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_time_bomb_is_met_in_small_portions(text: str) -> None:
    document = Document.whole(text)
    assert document.lines(80)
    assert max(len(piece.source) for piece in document.pieces) <= 2 * LIMIT


def test_plain_text_keeps_every_line_and_marks_variables() -> None:
    document = Document.whole("  # not a title\n\n> hi {{name}}\n**x**", markdown=False)
    lines = document.lines(40)
    assert [line.copied for line in lines] == ["  # not a title", "", "> hi {{name}}", "**x**"]
    assert ("{{name}}", "var") in lines[2].runs
