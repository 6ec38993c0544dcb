"""All benchmarks one after the other, each in a process of its own: `python -m tests.benchmarks [NAME]…`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Runs those named, or all; returns the worst exit status."""
    there = [path.stem for path in sorted(Path(__file__).parent.glob("bench_*.py"))]
    chosen = [f"bench_{name.removeprefix('bench_')}" for name in sys.argv[1:]] or there
    if unknown := [name for name in chosen if name not in there]:
        sys.stderr.write(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(there)}\n")
        return 2
    return max(
        subprocess.run([sys.executable, "-m", f"{__package__}.{name}"], check=False).returncode for name in chosen
    )


if __name__ == "__main__":
    sys.exit(main())
