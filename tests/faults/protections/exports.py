"""What protects: exports."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (
    # A shell expands what stands after an end mark that isn't quoted.
    Protection(("E01",), "core/exports/curl.py", "<<'JSON'\",", '<<JSON",'),
    # By the shell's own rules, not between two marks that the text may hold too.
    Protection(
        ("E01",),
        "core/exports/curl.py",
        "{proving.address(url)}",
        "'{url}'",
    ),
    Protection(("E01",), "core/exports/exact.py", "printf %s {quote(text)} |", "printf %s '{text}' |"),
    Protection(("E01",), "core/exports/exact.py", "printf %s {quote(text)} |", "printf {quote(text)} |"),
    Protection(
        ("E01",),
        "core/exports/exact.py",
        'return quote(f"{name}: {value}") if before is None',
        "return f\"'{name}: {value}'\" if before is None",
    ),
    # What a shell would lose.
    Protection(("E01",), "core/exports/curl.py", "if (where := found(NUL, call.body)) is not None:", "if False:"),
    Protection(("E01",), "core/exports/exact.py", 'if "\\x00" in text:', "if False:"),
    Protection(
        ("E01", "E02"),
        "core/exports/call.py",
        "if (where := found(SURROGATE, body)) is not None:",
        "if (where := None) is not None:",
    ),
    # The key is named.
    Protection(
        ("E01", "E02"), "core/exports/call.py", "return name if VARIABLE.fullmatch(name) else usual", "return name"
    ),
    # Strings between double quotes, in every language that has them.
    Protection(("E02",), "core/exports/literals.py", '"\\\\": "\\\\\\\\", \'"\': ', '"\\\\": "\\\\\\\\", \'“\': '),
    Protection(("E02",), "core/exports/literals.py", '{"\\\\": "\\\\\\\\", ', "{"),
    Protection(("E02",), "core/exports/literals.py", "each if each.isprintable() else unseen(each)", "each"),
    # JavaScript's names and numbers.
    Protection(("E02",), "core/exports/typescript.py", 'if key == "__proto__":', "if False:"),
    Protection(("E02",), "core/exports/sdk.py", "-largest - 1 < value <= largest", "True"),
    Protection(
        ("E02",), "core/exports/typescript.py", "f'if (!key) throw new Error(\"{client.variable} is not set\");',", ""
    ),
    # Ruby and PHP put variables into such strings; PHP takes a map with numbers for names, or with none, for a list.
    Protection(("E02",), "core/exports/ruby.py", 're.compile(r"#(?=[{$@])")', 're.compile(r"#(?=[$@])")'),
    Protection(("E02",), "core/exports/php.py", '.replace("$", "\\\\$")', ""),
    Protection(("E02",), "core/exports/php.py", 'return "(object) "', 'return ""'),
    # Go ends a text at a backquote, C# at as many quotes as began it.
    Protection(("E02",), "core/exports/go.py", '.replace("`", "\\\\u0060")', ""),
    Protection(("E02",), "core/exports/csharp.py", "max(longest + 1, 3)", "2"),
    # Java's text blocks: quotes that would end one, blanks that it drops; and texts that no class can hold.
    Protection(("E02",), "core/exports/java.py", ".replace('\"\"', '\\\\\"\\\\\"')", ""),
    Protection(("E02",), "core/exports/java.py", 'if inside.endswith(" ")', "if False"),
    Protection(
        ("E02",), "core/exports/java.py", ' and all(each.isprintable() or each <= "\\xff" for each in text)', ""
    ),
    Protection(("E02",), "core/exports/java.py", "* 3 // 2 > LONGEST", "< 0"),
    # Cells that a spreadsheet would compute, and cells that end early.
    Protection(
        ("E03",), "core/exports/cells.py", "return GUARD + cell if FORMULA.match(cell) else cell", "return cell"
    ),
    Protection(("E03",), "core/exports/cells.py", "[=+\\-@＝＋－＠]", "[=+\\-@]"),
    Protection(
        ("E03",), "core/exports/cells.py", "[\\t\\r\\n]|[\\s\\x00-\\x1f\\x7f\\u200b-\\u200f\\u2060\\ufeff]*[", "["
    ),
    Protection(("E03",), "core/exports/cells.py", "quoting=csv.QUOTE_ALL", 'quoting=csv.QUOTE_NONE, escapechar="\\\\"'),
    # Text that would be markup.
    Protection(("E04",), "core/exports/document.py", '"`" * max(SHORTEST, _longest(text) + 1)', '"`" * SHORTEST'),
    Protection(("E04",), "core/exports/document.py", '"`" * (_longest(line) + 1)', '"`"'),
    Protection(("E04",), "core/exports/document.py", "shown = display(text)", "shown = text"),
    # Pictures.
    Protection(("E04",), "ui/picture.py", 'FONT.sub("", svg)', "svg"),
    Protection(("E04",), "ui/picture.py", 'NO_XML.sub("\\ufffd", FONT.sub("", svg))', 'FONT.sub("", svg)'),
)
