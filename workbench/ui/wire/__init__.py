"""The wire view: what was sent and what came back, byte for byte, with its times."""
