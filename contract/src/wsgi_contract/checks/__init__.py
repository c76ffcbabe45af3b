"""The checks, as tests of pytest: of a running server, and of the duties of middleware and applications."""
