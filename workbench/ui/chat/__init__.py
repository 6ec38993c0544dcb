"""The Chat screen: one lane of the session, its parameters, and what each command does there."""
