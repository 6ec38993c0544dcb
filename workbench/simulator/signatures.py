from __future__ import annotations


def sign(ask, text):
    return "EqQBCgIYAhIM"
