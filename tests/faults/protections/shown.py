"""What protects: shown."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Protection(
        rows=("A01",),
        file="core/safe.py",
        code="    return _SUSPECT.sub(_shown, text) if _SUSPECT.search(text) else text\n",
        without="    return text\n",
    ),
    Protection(
        rows=("A01",),
        file="core/safe.py",
        code="    return text if text.isprintable() else _STEERING.sub(lambda match: picture(match[0]), text)\n",
        without="    return text\n",
    ),
    Protection(
        rows=("A01",),
        file="core/safe.py",
        code="    if character == ZWJ and _emoji_base(before) and _emoji_base(after):\n        return True\n",
        without="",
    ),
    Protection(
        rows=("A01",),
        file="ui/app.py",
        code="        return [*super().get_line_filters(), self._stops]\n",
        without="        return [*super().get_line_filters()]\n",
    ),
    Protection(
        rows=("A01",),
        file="cli/output.py",
        code="self._shown.feed(text) if self.out_is_terminal else encodable(text)",
        without="encodable(text)",
    ),
    Protection(
        rows=("A01",),
        file="__main__.py",
        code="{display(sentence)}",
        without="{sentence}",
    ),
    Protection(
        rows=("A01",),
        file="ui/clipboard.py",
        code="(text, 0) if exact else inert(text)",
        without="(text, 0)",
    ),
    Protection(
        rows=("A01", "S21"),
        file="ui/app.py",
        code="        super().copy_to_clipboard(clipboard.inert(encodable(text))[0])\n",
        without="        super().copy_to_clipboard(text)\n",
    ),
    Protection(
        rows=("A02",),
        file="ui/chat/screen.py",
        code="self.app.notify(display(text), severity=level, markup=False, ",
        without="self.app.notify(display(text), severity=level, ",
    ),
    Protection(
        rows=("A02",),
        file="ui/chat/drafting.py",
        code='Content(f"edit {message.role} turn · {makes} · esc leaves")',
        without='f"edit {message.role} turn · {makes} · esc leaves"',
    ),
    Protection(
        rows=("A02",),
        file="ui/screens/confirm.py",
        code='Static(Content(display("\\n".join(lines))))',
        without='Static(display("\\n".join(lines)))',
    ),
    Protection(
        rows=("A03",),
        file="core/links.py",
        code="        return _page(parts, words) if parts.scheme in SCHEMES else None\n",
        without="        return _page(parts, words)\n",
    ),
    Protection(
        rows=("A03",),
        file="core/links.py",
        code="    if user:\n        cautions.append(",
        without="    if not user:\n        cautions.append(",
    ),
    Protection(
        rows=("A03",),
        file="core/links.py",
        code='    known = host if host.isascii() else host.encode("idna").decode("ascii").lower()\n',
        without="    known = host\n",
    ),
    Protection(
        rows=("A03",),
        file="ui/links.py",
        code='    answer = await app.push_screen_wait(Confirm("Open this address?", lines, answers, "stay"))\n',
        without='    answer = "open"\n',
    ),
    Protection(
        rows=("A03",),
        file="ui/text/inline.py",
        code="            open_faces.append(faced(open_faces[-1], SPANS[kind] if known else ''))\n".replace("''", '""'),
        without="            open_faces.append(faced(open_faces[-1], SPANS[kind]))\n",
    ),
    Protection(
        rows=("A04",),
        file="ui/text/split.py",
        code="LIMIT: Final = 4_096\n",
        without="LIMIT: Final = 4_096_000\n",
    ),
    Protection(
        rows=("A04",),
        file="ui/text/table.py",
        code="MARKUP: Final = 16_384\n",
        without="MARKUP: Final = 16_384_000\n",
    ),
    Protection(
        rows=("A04",),
        file="ui/text/code.py",
        code="        if count % GLANCE == 0 and thread_time() - begun > min(left, LONG_LINE_S):\n            return\n",
        without="",
    ),
    Protection(
        rows=("A04",),
        file="ui/text/growing.py",
        code="            if thread_time() > until:\n                return\n",
        without="",
    ),
    Protection(
        rows=("S21",),
        file="core/safe.py",
        code='        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")\n',
        without="        return text\n",
    ),
    Protection(
        rows=("S21",),
        file="ui/clipboard.py",
        code="    text = encodable(text)\n",
        without="",
    ),
)
