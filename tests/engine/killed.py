"""A program that works on a session until it is killed; one process forks them, because starting Python takes longer.

Each line of its input names a session file and a seed. It answers with the process number of the child, then with what
the child reports: `came RUN NUMBER`, `saved RUN`, and `gone` when it is.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from pathlib import Path

from tests.engine.kept import NEW, answered, asked, begins, ends, says, started
from workbench.core.session import Session
from workbench.engine.open_session import OpenSession

PIECES = 12
"""Of each answer."""


def main() -> None:
    for line in sys.stdin:
        path, seed = line.rsplit(" ", 1)
        child = os.fork()
        if not child:
            try:
                _work(Path(path), random.Random(int(seed)))
            finally:
                os._exit(3)  # it never ends by itself
        _tell(f"child {child}")
        os.waitpid(child, 0)
        _tell("gone")


def _tell(what: str) -> None:
    os.write(1, f"{what}\n".encode())


def _work(path: Path, chance: random.Random) -> None:
    held, session = _opened(path)
    while True:
        number = len(session.runs) + 1
        run = f"r{number}"
        session, parent = asked(session, f"Question {number}")
        held.started(started(run, parent), session)
        held.came(run, 1, begins())
        folding = threading.Thread(target=held.fold, args=(session,)) if chance.random() < 0.3 else None
        if folding is not None:
            folding.start()
        for at in range(PIECES):
            held.came(run, 1, says(f"{at} "))
            _tell(f"came {run} {at}")
        held.came(run, 1, ends())
        if folding is not None:
            folding.join()
        session = answered(session, run, parent, f"Answer {number}")
        if chance.random() < 0.3:
            held.fold(session)
        else:
            held.note(session)
            held.sync()
        _tell(f"saved {run}")
        if chance.random() < 0.1:
            held.close(session)
            held, session = _opened(path)


def _opened(path: Path) -> tuple[OpenSession, Session]:
    if not path.exists():
        return OpenSession.create(path, NEW), NEW
    opened = OpenSession.open(path)
    assert opened.held is not None
    return opened.held, opened.session


if __name__ == "__main__":
    main()
