"""A request as something to take along: JSON, a curl command, a Python program."""
