"""How each kind of endpoint addresses, authenticates and frames a request."""
