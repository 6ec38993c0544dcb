"""What protects where a cloud answers: frames that are cut, what a signature shows, where its credentials may go."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final = (
    # A stream that stops inside a frame began, and was cut; nothing of it is mistaken for an empty answer.
    Protection(("S03",), "core/eventstream.py", "        if not held:\n", "        if held:\n"),
    # The headers of a signature hold a token.
    Protection(("K01",), "engine/calls.py", 'return text if name == "x-amz-date" else "…"', "return text"),
    Protection(
        ("K01",),
        "engine/aws_signing.py",
        "for text in hidden for form in masking.forms(text)",
        "for text in () for form in masking.forms(text)",
    ),
    # Only a cloud's own address is home to its credentials.
    Protection(
        ("N08",),
        "core/clouds.py",
        'if row is None or not row.trusted or not base_url.startswith("https://"):',
        "if row is None:",
    ),
    Protection(
        ("N08",),
        "core/clouds.py",
        "return re.fullmatch(form, host) is not None",
        "return re.match(form, host) is not None",
    ),
)
