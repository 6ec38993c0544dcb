"""The dialogs: one file a screen, each lying over the screen that asked, and answering it."""

from pathlib import Path
from typing import Final

STYLES: Final = Path(__file__).parent.parent / "dialogs.tcss"
"""Their style sheet: read when the first of them opens."""
