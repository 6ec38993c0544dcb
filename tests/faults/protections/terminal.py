"""What protects: terminal."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Protection(("P01", "C07"), "ui/app.py", "            self.ending.crash(error)\n", "            pass\n"),
    Protection(("P01", "C07"), "ui/crash.py", "    if kind.__name__ not in PLAIN:\n", "    if False:\n"),
    Protection(("P02",), "ui/ending.py", "(signal.SIGTERM, signal.SIGHUP,", "(signal.SIGHUP,"),
    Protection(("P03",), "ui/ending.py", "(signal.SIGTERM, signal.SIGHUP,", "(signal.SIGTERM,"),
    Protection(
        ("P03",),
        "ui/terminal_driver.py",
        "                    self._loop.call_soon_threadsafe(self._app.hung_up)\n                    return\n",
        "                    continue\n",
    ),
    Protection(("P04",), "ui/ending.py", "signal.SIGHUP, signal.SIGINT,", "signal.SIGHUP,"),
    Protection(
        ("P05",),
        "ui/chat/keeping.py",
        "        elif chat.lives or self._ripe(now):\n",
        "        elif self._ripe(now):\n",
    ),
    Protection(
        ("P06",),
        "ui/app.py",
        "self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))",
        "self.app_resume_signal.subscribe(self, lambda _: None)",
    ),
    Protection(
        ("P06",),
        "ui/terminal_driver.py",
        "        signal.raise_signal(signal.SIGTSTP)\n",
        "        signal.raise_signal(signal.SIGSTOP)\n",
    ),
    Protection(
        ("P07",),
        "ui/widgets/parameters.py",
        "textwrap.wrap(row.label, max(width, 1))",
        "textwrap.wrap(row.label, width)",
    ),
    Protection(
        ("P07",),
        "ui/terminal_driver.py",
        "                    return min(given.columns, LARGEST[0]), min(given.lines, LARGEST[1])\n",
        "                    return given.columns, given.lines\n",
    ),
    Protection(
        ("P08",),
        "ui/widgets/editor.py",
        "if why := pasting.refusal(event.text, held=len(self.text), beside=len(line)):",
        'if why := "":',
    ),
    Protection(("P08",), "ui/pasting.py", "    if held + len(text) > LIMIT:\n", "    if False:\n"),
    Protection(("P08",), "ui/pasting.py", "self._tail = _begun(before)", 'self._tail = ""'),
    Protection(("P09",), "__main__.py", 'os.environ.get("TERM") in {"dumb", "unknown"}', "False"),
    Protection(("P09",), "__main__.py", "not all(map(_is_terminal, (sys.stdin, sys.stdout, sys.stderr)))", "False"),
    Protection(("P10",), "ui/external_editor.py", "    if status:\n", "    if False:\n"),
    Protection(
        ("P10",),
        "ui/terminal_driver.py",
        '            os.write(self._screen, f"{CALM}\\x1b[?1049l".encode())\n',
        "            pass\n",
    ),
    Protection(("P11",), "ui/clipboard.py", "    return tool.returncode == 0\n", "    return True\n"),
    Protection(("P12",), "ui/ending.py", "                if thread.is_alive():\n", "                if False:\n"),
    Protection(("P12",), "ui/ending.py", "        if self.over.wait(BY_ITSELF_S):\n", "        if self.over.wait():\n"),
    Protection(("C06",), "ui/app.py", "            self.ending.gather()\n", "            pass\n"),
)
