"""Workbench: tune prompts for Claude from the keyboard."""

__version__ = "0.1.0"
