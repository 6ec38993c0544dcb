"""Moved: import Board from workbench.ui.board (this file goes)."""

from workbench.ui.board import Board as Board
