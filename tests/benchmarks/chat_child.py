"""The real program, which also notes when it handled a key: `chat_child.py NOTES SESSION BASE_URL`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ui import app
from workbench.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from textual import events


def main() -> int:
    """Each handled key is a line of its character and the time of the monotonic clock."""
    notes, session, base_url = sys.argv[1:]
    taken = Prompt._on_key

    async def noted(self: Prompt, event: events.Key) -> None:
        await taken(self, event)
        print(event.character or "", time.perf_counter(), file=out, flush=True)

    with Path(notes).open("w", encoding="utf-8") as out:
        Prompt._on_key = noted  # type: ignore[method-assign] # the only way to see it from inside
        return app.run(Path(session), base_url=base_url)


if __name__ == "__main__":
    sys.exit(main())
