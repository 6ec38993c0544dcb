"""Text of any kind through a session's file and through its journal: not a byte of it is another afterwards."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from workbench.core.kinds import Json
from workbench.core.session import Message, Session
from workbench.engine import store
from workbench.engine.open_session import OpenSession

TOKENS = (
    *("\r\n", "\r", "\n", "\t", " ", '"', '"""', "'", "'''", "\\", "\\n", "\\u0041", "#", "[a]", "[[a]]", "=", "{{x}}"),
    *(
        "\x00",
        "\x1b[31m",
        "\x1b]52;c;x\x07",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufeff",
        "\u202e",
        "\U000e0041",
        "é",
        "e\u0301",
    ),
    *(
        "👩\u200d👩\u200d👧",
        "\ufffe",
        "\uffff",
        "\U0010ffff",
        "\u0600",
        "ﷺ",
        "¯\\_(ツ)_/¯",
        "NULL",
        "1e999",
        "-0",
        "$(id)",
        "`id`",
    ),
    *(
        "# end of session",
        "\n# end of session\n",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "%s%n",
        "../../etc/passwd",
    ),
)
TEXTS = tuple(
    dict.fromkeys(
        (
            *map(chr, range(0x100)),
            *TOKENS,
            *("".join(pair) for pair in itertools.product(TOKENS[:24], repeat=2)),
            *(f"a\n{each}\nb" for each in TOKENS),
            "x" * 100_000,
            "line\r\n" * 5_000,
        )
    )
)


def session() -> Session:
    """Each text as a message, as a block of one, as a title and as a value."""
    messages = [Message(f"m{at}", "user", text) for at, text in enumerate(TEXTS, 1)]
    blocks = Json.of([{"type": "text", "text": text} for text in TEXTS])
    return Session(
        title="\r\n\x00\x1b'\"\\",
        prompt="".join(TOKENS),
        variables=tuple((f"v{at}", text) for at, text in enumerate(TEXTS)),
        messages=(*messages, Message("blocks", "user", blocks)),
    )


@pytest.mark.fault("F16")
def test_the_file_holds_every_text_to_the_byte() -> None:
    wanted = session()
    store.save(Path("s.toml"), wanted)
    found = store.load(Path("s.toml")).session
    assert [each.content for each in found.messages] == [each.content for each in wanted.messages]
    assert found == wanted


@pytest.mark.fault("F16")
def test_the_journal_holds_every_text_to_the_byte() -> None:
    wanted = session()
    held = OpenSession.create(Path("s.toml"), Session())
    held.note(wanted)
    found = store.load(Path("s.toml")).session
    assert found == wanted
    held.close(wanted)
    assert store.load(Path("s.toml")).session == wanted
