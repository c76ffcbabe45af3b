"""The contract of PEP 3333 as checks: of WSGI servers, and of the middleware and applications that run in them."""

__version__ = "1.0.0"
