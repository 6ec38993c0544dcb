"""Has the system open one address, in a process of its own: a browser may talk, or stay until it is closed."""

from __future__ import annotations

import sys
import webbrowser

from workbench.core.links import link


def main() -> int:
    """0 when a browser, or a mail program, took it; nothing but a link is handed on."""
    known = link(sys.argv[1]) if len(sys.argv) == 2 else None
    return 0 if known is not None and webbrowser.open(known.url) else 1


if __name__ == "__main__":
    sys.exit(main())
