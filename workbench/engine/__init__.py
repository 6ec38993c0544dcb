"""Sockets, files, clocks and retries: everything that has an effect and no screen."""
