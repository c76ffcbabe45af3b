"""ASGI 3.0 as checks: its parts for HTTP and for the lifespan. What is used beside is that of the checks for WSGI."""
