"""Markdown that was made to be slow: what a parser, a lexer or a wrapper might try again for each character."""

from __future__ import annotations

from typing import Final

SIZE: Final = 40_000
"""Characters: more than any second of an answer brings."""
MEGABYTE: Final = 1_000_000


def _of(unit: str, size: int = SIZE) -> str:
    return (unit * (size // len(unit) + 1))[:size]


UNITS: Final = (
    *("[", "]", "![", "[a](", "![[](", "[a](<", '[a](b "', "[a]: ", "[[a]", "[^a]"),
    *("*", "*a ", "**a *b ", "*_", "_a__", "a**b", "~~a~", "*a_b", "`", "`a``b", "``a`"),
    *("<", "<a ", "<http://", "<a@", "&", "&#x", "&amp;", "\\", "\\*", "{{", "{{a}}", "<br>", "http://a."),
    *("> ", ">", "- ", "* ", "1. ", "+ ", "> - ", "# ", "#", "=", "- - -", "--", "|", "| a ", ":-|", "  ", "\t"),
    *(
        "\n",
        ">\n",
        "-\n",
        "a\n",
        "a\n-\n",
        "\n\n- a\n\n  b",
        "```\n",
        "~~~\na\n",
        "| a |\n",
        "\x1b",
        "\u202e",
        "\ud83d",
    ),
    *("日", "日 ", "e\u0301", "\u0301", "👨\u200d", "\u200d", "\U0001f1e9", "❤\ufe0f", "می\u200c", "x", "x "),
)
"""What a bomb repeats."""
TABLES: Final = {
    "64 columns": "|".join(["a"] * 64) + "\n" + "|".join(["-"] * 64) + "\n" + ("|".join(["b*c*"] * 64) + "\n") * 400,
    "1,000 columns": "|".join("a" * 1_000) + "\n" + "|".join("-" * 1_000) + "\n" + ("|".join("b" * 1_000) + "\n") * 50,
    "10,000 rows": "a|b\n-|-\n" + "x|y\n" * 10_000,
    "rows of brackets": "a|b\n-|-\n" + ("[" * 1_990 + "|" + "*a " * 660 + "\n") * 100,
}
FENCES: Final = {
    f"{language} of {unit!r}": f"```{language}\n" + "".join(unit * (1_990 // len(unit)) + "\n" for _ in range(60))
    for language, unit in (
        *(("java", "a "), ("java", "\n"), ("csharp", "a\n"), ("c", "\n "), ("markdown", "\n"), ("make", "0x")),
        *(("python", "("), ("html", "<a "), ("autoit", "\n"), ("console", "a::"), ("ocaml", "0"), ("none", "x")),
    )
}
NESTED: Final = {
    "nested quotes": "\n".join(">" * depth + " a" for depth in range(1, 400)),
    "nested lists": "".join("  " * depth + "- a\n" for depth in range(400)),
    "one line of 10 MB": "word " * 2_000_000,
    **{f"1 MB of {unit}": _of(unit, MEGABYTE) for unit in "[>`|*"},
}
BOMBS: Final = {f"repeated {unit!r}": _of(unit) for unit in UNITS} | TABLES | FENCES | NESTED
