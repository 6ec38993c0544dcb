from __future__ import annotations


def write(ask, seed, ordinal):
    return "The question is about something. Let me think about what matters here."
