"""Lanes side by side: values in, messages out."""
