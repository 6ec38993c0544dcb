"""What a request, a parameter, an event, a run, a price, a limit and a session are: values, no effects."""
