"""An application that sends its visitors where their form says. One of them has filled it in with care."""


def app(environ, start_response):
    where = "/a\r\nSet-Cookie: role=admin"  # from the form
    start_response("302 Found", [("Location", where)])
    return [b""]
