"""Prompts that would run something where an export quotes badly: shells, Python, JavaScript, JSON, HTML."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Final

COMMANDS: Final = (
    "touch PWNED",
    "__import__('os').system('touch PWNED')",
    "process.getBuiltinModule('fs').writeFileSync('PWNED', '')",
)
OPENINGS: Final = ("", "a", "\\", "\n", "'", '"')
AROUND: Final = (
    *("'; {} #", '"; {} #', "'; {}; '", '"; {}; "', "\\'; {}; \\'", '\\"; {}; \\"', "'\"'\"'; {} #"),
    *("$({})", "`{}`", "${{{}}}", "<({})", "| {} |", "&& {} &&", "; {} ;", "& {} &", ">PWNED {}"),
    *("\n{}\n", "\r{}\r", "\r\n{}\r\n", "\u2028{}\u2029", "\u0085{}\u0085", "\x0b{}\x0c"),
    *("\nJSON\n{}\nJSON\n", "JSON\n{}", "\nEOF\n{}\n", "\n'\n{}\n'\n"),
    *('"""\n{}\n"""', "'''\n{}\n'''", '")\n{}\nprint("', "')\n{}\nprint('", "{{{}}}", "%({})s", "\\N{{{}}}"),
    *('");{}//', "');{}//", "`);{}//", "*/{}/*", "</script><script>{}</script>", "<!--\n{}\n-->", "]; {}; ["),
    *("!{}", "-o PWNED {}", "--data @PWNED {}", "@PWNED {}", "#{{{}}}", "\\u0022;{}//", "\\x27;{}#", "\\\n{}"),
)
LONE: Final = (
    *("", " ", "\n", "\r", "\r\n", "\t", "\\", "\\\\", "'", '"', "`", "$", "!", "!!", "!$", "^a^b", "~", "*", "?", "#"),
    *("-", "--", "-n", "-e", "@-", "@/etc/passwd", "%s%n", "%00", "$IFS", "$'\\x41'", "{a,b}", "[a-z]", "<<'JSON'"),
    *("JSON", "JSON\n", "\nJSON", "\nJSON\n", " JSON ", "\n\n\n", "a\\\n", "\\n", "\\u0000", "\\ud800", "\\u{41}"),
    *("\x1b[31m", "\x1b]52;c;eA==\x07", "\x9b31m", "\x7f", "\x08\x08", "\u202e", "\u2066\u2069", "\ufeff", "\u200b"),
    *(
        "\U000e0041",
        "\ufdd0\uffff",
        "😀👩\u200d👩\u200d👧",
        "e\u0301",
        "€日本語",
        "İ\u0131ß",
        "\u00a0\u3000",
        "＝１＋１",
    ),
    *("__proto__", "constructor", "toString", "None", "null", "undefined", "NaN", "true", "0", "1e999", "{}", "[]"),
    *("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', " =1", "'=1", '","=1'),
    *("a" * 5000, "line\n" * 400, "'\"" * 300, "\\" * 999, "`" * 50, "```\n# x\n```", "~~~\n", "<img src=x>", "&lt;"),
)
ALPHABET: Final = "'\"`$(){}[]<>|&;\\!#%@*?~=+- \t\n\r\u2028ab01JSON/:"
SOUPS: Final = 200


def soups(number: int) -> list[str]:
    """Characters that mean something somewhere, at random, the same every time."""
    chance = Random(4)
    return ["".join(chance.choices(ALPHABET, k=chance.randint(3, 40))) for _ in range(number)]


MADE: Final = [
    opening + around.format(command)
    for at, (around, command) in enumerate(product(AROUND, COMMANDS))
    for opening in (OPENINGS[at % len(OPENINGS)], OPENINGS[(at // 3 + 1) % len(OPENINGS)])
]
PROMPTS: Final = list(dict.fromkeys([*LONE, *MADE, *soups(SOUPS)]))
"""All of them; NUL and lone surrogates, which exports refuse, are not among them."""


def sample(count: int) -> list[str]:
    """So many of them, evenly from all."""
    step = max(len(PROMPTS) // count, 1)
    return PROMPTS[::step]
