"""One file a screen: each composes widgets and routes commands."""
