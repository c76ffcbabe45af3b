"""A page that waits at a gate, as in gate.py, if the query names one, and a page that does not wait."""
from examples.bodies import one_block
from examples.gate import app as gated


def app(environ, start_response):
    page = gated if environ["QUERY_STRING"] else one_block
    return page(environ, start_response)
