"""A server on loopback that speaks the Messages API, for trying without a key and for the tests."""
