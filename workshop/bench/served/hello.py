"""The application that every server is measured with: one short page, whatever is asked."""
BODY = b"Hello from the other side of the socket\n"
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    """Answer 200 with BODY."""
    start_response("200 OK", list(HEADERS))
    return [BODY]
