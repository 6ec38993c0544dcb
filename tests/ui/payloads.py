"""Strings that steer a terminal, hide from the reader, or mean something to whoever reads markup."""

from __future__ import annotations

from typing import Final

MARK: Final = "7777"
"""In every sequence that could be taken for one of Textual's own."""
ESC: Final = "\x1b"
SEQUENCES: Final = (
    *(f"{ESC}[31;{MARK}mred{ESC}[{MARK}m", f"{ESC}[{MARK}A", f"{ESC}[{MARK};1H", f"{ESC}[2{MARK}J", f"{ESC}[{MARK}K"),
    *(f"{ESC}[?{MARK}h", f"{ESC}[?1049{MARK}l", f"{ESC}[6n", f"{ESC}[c", f"{ESC}[>c", f"{ESC}[21t", f"{ESC}[{MARK}S"),
    *(f"{ESC}c", f"{ESC}7", f"{ESC}8", f"{ESC}M", f"{ESC}D", f"{ESC}(0", f"{ESC}#8", f"{ESC}=", f"{ESC}[!p", f"{ESC}"),
    *(
        f"{ESC}]0;title{MARK}\x07",
        f"{ESC}]2;title{ESC}\\",
        f"{ESC}]52;c;aGk=\x07",
        f"{ESC}]52;c;?\x07",
        f"{ESC}]4;1;?\x07",
    ),
    *(f"{ESC}]8;;https://evil{ESC}\\x{ESC}]8;;{ESC}\\", f"{ESC}]9;note\x07", f"{ESC}]777;notify;a;b\x07"),
    *(
        f"{ESC}]1337;File=:aGk=\x07",
        f"{ESC}P$q m{ESC}\\",
        f"{ESC}Pq#0{ESC}\\",
        f"{ESC}_Gi=1{ESC}\\",
        f"{ESC}^pm{ESC}\\",
    ),
    *(f"{ESC}Xsos{ESC}\\", f"{ESC}[200~pasted{ESC}[201~", "\x9b31m", "\x9d52;c;aGk=\x9c", "\x90q\x9c", "a\r\x1b[Kb"),
)
CONTROLS: Final = tuple(
    f"a{chr(code)}b" for code in (*range(9), *range(11, 32), 127, 0x84, 0x85, 0x88, 0x8D, 0x8E, 0x9B, 0x9F)
)
HIDING: Final = (
    *("\u202ecod.exe", "\u202a\u202b\u202c\u202d", "\u2066\u2067\u2068\u2069", "\u200e\u200f\u061c"),
    *(
        "\U000e0041\U000e0042\U000e007f",
        "\U000e0001x",
        "a\u200bb",
        "a\u2060b",
        "\ufeffa",
        "so\xadft",
        "a\u2028b\u2029c",
    ),
    *("\u3164\u115f\uffa0", "\ufff9a\ufffab\ufffb", "a\U000e0100b", "\U0001d173", "\u2064\u206a", "\ud83d", "\ude00x"),
)
WIDE: Final = (
    "e" + "\u0301" * 40,
    "日本語の文",
    "👨\u200d👩\u200d👧",
    "❤\ufe0f",
    "می\u200cخواهم",
    "\u0301a",
    "\U0001f1e9\U0001f1ea",
)
MARKUP: Final = (
    *(
        "[/]",
        "[/",
        "[/foo]",
        "[i]",
        "b[i]x",
        "[red]x",
        "[@click=app.quit]x[/]",
        "[@click=app.quit]x",
        "x\\",
        "\\[",
        "\\[/",
    ),
    *(
        "[link=https://evil]x[/link]",
        "[[b]]",
        "$primary",
        "{x}",
        "[bold",
        ":warning:",
        "[on red",
        "%s%n",
        "[#ff0000]x[/]",
    ),
)
PAYLOADS: Final = (*SEQUENCES, *CONTROLS, *HIDING, *WIDE, *MARKUP)
MIXED: Final = f"[/{ESC}[{MARK}m\x07\u202e\U000e0041\x9b[@click=app.quit]x\\"
"""Something of all kinds, short enough to be seen where there is little room."""
