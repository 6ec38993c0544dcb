"""What protects: the session that is open on the screen."""

from __future__ import annotations

from typing import Final

from tests.faults.protection import Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (
    # A disk that refuses
    Protection(
        rows=("F01", "F03"),
        file="ui/chat/banner.py",
        code="    if document.trouble is not None:\n",
        without="    if False:\n",
    ),
    Protection(
        rows=("F01",),
        file="ui/chat/keeping.py",
        code="            if now - self._refused_at >= RETRY_S:\n",
        without="            if False:\n",
    ),
    Protection(
        rows=("F01", "F02", "F07", "F08"),
        file="ui/chat/on_disk.py",
        code="    return Kept(store.save_elsewhere(home, left, spare), problem)\n",
        without="    return Kept(None, problem)\n",
    ),
    Protection(
        rows=("F01",),
        file="ui/chat/leaving.py",
        code=" and not await _lose(chat, str(kept))",
        without=" and False",
    ),
    Protection(
        rows=("F03",),
        file="ui/chat/filing.py",
        code="        return False if quietly else await _not_saved(chat, error)\n",
        without="        return False\n",
    ),
    Protection(
        rows=("F01",),
        file="ui/chat/on_disk.py",
        code="        Copies(desk.places.copies).remember(document.path, kept.path)\n",
        without="        del Copies\n",
    ),
    Protection(
        rows=("F01",),
        file="cli/keeping.py",
        code="            if not self._sent:\n                raise",
        without="            if False:\n                raise",
    ),
    Protection(
        rows=("F01",),
        file="ui/chat/filing.py",
        code="    folder = next((each for each in folders if files.takes(each, size + SPARE)), own.parent)\n",
        without="    folder = own.parent\n",
    ),
    # A file that can't be written, or is another's
    Protection(
        rows=("F03", "F07", "F13"),
        file="ui/chat/document.py",
        code="        return bool(self.why)\n",
        without="        return False\n",
    ),
    Protection(
        rows=("F08",),
        file="ui/chat/keeping.py",
        code="        document.clash = document.clash or isinstance(error, ChangedOnDisk)\n",
        without="",
    ),
    Protection(
        rows=("F08",),
        file="ui/chat/keeping.py",
        code="        elif now - self._seen_at >= LOOK_S and not document.clash:\n",
        without="        elif False:\n",
    ),
    Protection(
        rows=("F08",),
        file="ui/chat/foreign.py",
        code='    if not lacks and ours.prompt in {"", theirs.prompt}:\n',
        without="    if True:\n",
    ),
    # A kill
    Protection(
        rows=("F06",),
        file="ui/chat/keeping.py",
        code="        elif chat.lives or self._ripe(now):\n",
        without="        elif False:\n",
    ),
    Protection(
        rows=("F06",),
        file="ui/chat/on_disk.py",
        code="            held.came(live.run.id, each.attempt, data)\n",
        without="            pass\n",
    ),
    Protection(
        rows=("F04", "F06", "P05"),
        file="ui/chat/opening.py",
        code="    if chat.document.recovered:\n",
        without="    if False:\n",
    ),
    # Ten thousand turns
    Protection(
        rows=("F17",),
        file="ui/chat/keeping.py",
        code="        await asyncio.to_thread(act)\n",
        without="        act()\n",
    ),
    Protection(
        rows=("F17",),
        file="ui/chat/opening.py",
        code="        opened = await asyncio.to_thread(OpenSession.open, path)\n",
        without="        opened = OpenSession.open(path)\n",
    ),
    # Quitting while answers come
    Protection(
        rows=("C06",),
        file="ui/chat/leaving.py",
        code="        await stop_all(chat)\n",
        without="",
    ),
    Protection(
        rows=("F14",),
        file="core/tree.py",
        code=" and len(number) < DIGITS",
        without="",
    ),
)
