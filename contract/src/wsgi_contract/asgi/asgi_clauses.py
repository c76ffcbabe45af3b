"""The clauses of ASGI in our own words: what a running server owes, how strictly, where that is written, and what an
application suffers where it is not kept.

MUST is what the specification demands or states as a fact; SHOULD is what it recommends, or says by the way. Left out
are WebSocket, HTTP/2, extensions (such as trailers), applications of ASGI 2, and what is only permitted.
"""
from dataclasses import dataclass

from wsgi_contract.clauses import MUST, SERVER, SHOULD, Clause

APPLICATIONS = "ASGI 3.0, Applications"
EVENTS = "ASGI 3.0, Events"
ERRORS = "ASGI 3.0, Error Handling"
EXTENSIONS = "ASGI 3.0, Extensions"
OVERVIEW = "ASGI 3.0, Overview"
HTTP_SCOPE = "HTTP, HTTP Connection Scope"
REQUEST = "HTTP, Request"
START = "HTTP, Response Start"
BODY = "HTTP, Response Body"
GONE = "HTTP, Disconnected Client"
DISCONNECT = "HTTP, Disconnect"
WSGI = "HTTP, WSGI Compatibility"
LIFE_SCOPE = "Lifespan, Scope"
STATE = "Lifespan, Lifespan State"
COMPLETE = "Lifespan, Startup Complete"
FAILED = "Lifespan, Startup Failed"
SHUTDOWN = "Lifespan, Shutdown"
STOPPED = "Lifespan, Shutdown Complete"
NOT_STOPPED = "Lifespan, Shutdown Failed"


@dataclass(frozen=True)
class AsgiClause(Clause):
    """One clause of ASGI, which a server owes."""

    effect: str = ""  # what an application or its users suffer where it is not kept


ROWS = {
    "The call": (
        ("A1", SHOULD, APPLICATIONS, "The application is called with scope, receive and send by position.",
         "An application may name its arguments as it likes, and fails under other names."),
        ("A2", MUST, APPLICATIONS, "The scope is a dict whose keys are str, and its type is http for a request.",
         "A framework that copies the scope, or chooses by its type, fails."),
        ("A3", MUST, APPLICATIONS, "scope['asgi'] is a dict that has the version of ASGI, a str.",
         "Without it, version 2.0 is meant, whose applications are called otherwise."),
        ("A4", SHOULD, HTTP_SCOPE, "spec_version, if it is there, is a version that the part for HTTP has had.",
         "An application asks it what the server can do, such as an OSError for a client that has gone."),
        ("A5", MUST, HTTP_SCOPE, "Each request has a call and a scope of its own, also on a connection that is kept.",
         "What one request leaves in its scope, such as a user, is seen by the next client's."),
        ("A6", MUST, OVERVIEW, "Calls for several requests run at the same time.",
         "One client that waits, as in long polling, holds up all the others."),
        ("A7", MUST, OVERVIEW, "The application runs on an event loop of asyncio, as a task.",
         "asyncio.sleep, locks and clients of databases raise an error."),
        ("A8", SHOULD, OVERVIEW, "The call may last a little longer than its response.",
         "Background work, such as sending a mail, is ended in the middle."),
    ),
    "The scope": (
        ("A9", MUST, HTTP_SCOPE, "http_version is 1.0 or 1.1, as the client has it.",
         "An application sends to an old client what that does not know."),
        ("A10", MUST, HTTP_SCOPE, "method is in capitals.", "A framework finds no route for `get`."),
        ("A11", MUST, HTTP_SCOPE,
         "scheme is http where it is there.", "Links that an application makes lead to nowhere."),
        ("A12", MUST, HTTP_SCOPE, "path is a str, with %-sequences and UTF-8 decoded, once, and without the query.",
         "Pages with letters beyond ASCII are not found; a path decoded twice opens what a filter has refused."),
        ("A13", MUST, HTTP_SCOPE,
         "raw_path, where it is there, is the path in bytes as the client sent it, without the query.",
         "An application that must tell %2F from a slash takes one for the other."),
        ("A14", MUST, HTTP_SCOPE, "query_string is bytes, as the client sent it, without the question mark.",
         "Forms lose values, or have others."),
        ("A15", MUST, HTTP_SCOPE, "root_path is a str where it is there, empty if the application is at the root.",
         "An application thinks that it is mounted elsewhere, and finds no route."),
        ("A16", MUST, WSGI, "The path begins with root_path: what is left without it is the path in the application.",
         "A framework that takes root_path off the path finds no route, or takes nothing off."),
        ("A17", MUST, HTTP_SCOPE, "headers are pairs of bytes.", "A framework that decodes names and values fails."),
        ("A18", SHOULD, HTTP_SCOPE,
         "The names of headers are in lower case.", "An application that compares names finds none."),
        ("A19", MUST, HTTP_SCOPE, "A header that comes twice is there twice, its values in the client's order.",
         "One of two cookies is lost, or the address of a proxy is taken for that of the client."),
        ("A20", MUST, HTTP_SCOPE, "The value of a header is what the client sent, byte for byte.",
         "A name or a signature in a header is another one than was sent."),
        ("A21", MUST, HTTP_SCOPE, "client, where it is there, is the client's address, a str, and its port, an int.",
         "Limits by address stop everybody or nobody."),
        ("A22", MUST, HTTP_SCOPE, "server, where it is there, is the address and the port that the server listens on.",
         "An application that makes links from it sends clients elsewhere."),
        ("A23", MUST, EXTENSIONS, "extensions, where it is there, is a dict of dicts.",
         "An application that looks for an extension fails."),
    ),
    "receive": (
        ("A24", MUST, EVENTS,
         "An event is a dict with a type, and of the types that ASGI names; text is str, data is bytes.",
         "A layer that writes events down, or sends them on, fails."),
        ("A25", MUST, REQUEST, "A request without a body gives one http.request event, which is the last.",
         "An application waits for a body that never comes."),
        ("A26", MUST, REQUEST, "The parts of the body, put together, are the body; only the last has no more_body.",
         "An upload is cut, or the application waits for the rest for ever."),
        ("A27", MUST, REQUEST, "A body in chunks is decoded.", "The application reads the sizes of chunks as data."),
        ("A28", SHOULD, REQUEST, "A part of the body comes while the client still sends the rest.",
         "An upload takes as much memory as it is long, and its progress can't be told."),
        ("A29", MUST, DISCONNECT, "While the client is there and no response was sent, receive waits after the body.",
         "Long polling ends at once: the application thinks that its client has left."),
        ("A30", MUST, DISCONNECT, "After the response, receive gives http.disconnect.",
         "A task that listens for the client's end never ends, and the call with it."),
        ("A31", MUST, DISCONNECT, "When the client leaves, receive gives http.disconnect.",
         "Work goes on for clients that have left, in long polling for ever."),
        ("A32", MUST, DISCONNECT, "A client that leaves within its body gives http.disconnect, and no last part.",
         "Half an upload is kept as a whole one."),
        ("A33", SHOULD, DISCONNECT, "Asked again, receive gives http.disconnect again.",
         "Where two parts of an application listen for the client's end, one of them waits for ever."),
    ),
    "send": (
        ("A34", MUST, START, "The status arrives.", "Clients take a failure for a success."),
        ("A35", MUST, START, "Headers arrive in their order, those of the same name apart.",
         "One of two cookies is lost: a browser takes no list in Set-Cookie."),
        ("A36", MUST, START,
         "The value of a header arrives byte for byte.", "A name in a header is another one than was given."),
        ("A37", MUST, START, "headers may be missing.", "An application that has none fails."),
        ("A38", MUST, START,
         "headers are any iterable of iterables of two.", "An application that generates them fails."),
        ("A39", MUST, BODY, "body and more_body may be missing: then it is empty, and the last.",
         "A response without a body never ends."),
        ("A40", MUST, BODY, "Bodies are put together in their order, empty ones among them.",
         "A part that is empty ends the response."),
        ("A41", MUST, BODY, "A part is on its way when send returns.",
         "Progress, chat and events from the server come late, or at the end."),
        ("A42", SHOULD, BODY, "A first part that is empty sends the head.",
         "A client of an event stream does not know that it is connected until the first event."),
        ("A43", MUST, START, "A Content-Length that the application gives is the response's framing.",
         "A client can't show the progress of a download, and HEAD says nothing."),
        ("A44", MUST, HTTP_SCOPE,
         "Without a Content-Length, the client can tell where the response ends, as its version has it.",
         "A client waits for more, or takes the sizes of chunks for data."),
        ("A45", MUST, START, "A Transfer-Encoding that the application gives is ignored.",
         "A response that says chunked twice, or without chunks, is read by no client."),
        ("A46", MUST, BODY, "What is sent after the end of a response does not reach the client.",
         "The client takes it for the answer to its next request."),
        ("A47", SHOULD, APPLICATIONS, "send waits where the client takes nothing.",
         "A download for a client that does not read fills the memory."),
    ),
    "A client that has gone": (
        ("A48", SHOULD, GONE, "send raises an OSError once the client has gone.",
         "An application that streams goes on for nobody, unless it also waits in receive."),
        ("A49", MUST, ERRORS,
         "If send raises anything once the client has gone, that is an OSError; or it does nothing.",
         "Each client that leaves is an error that no application expects."),
        ("A50", SHOULD, GONE, "The OSError that send has raised is not logged when the application lets it out.",
         "The log is full of tracebacks that mean nothing."),
    ),
    "Errors": (
        ("A51", SHOULD, ERRORS, "send raises an exception for an event of unknown type, or of none.",
         "A slip in the type is not found: the client waits."),
        ("A52", SHOULD, ERRORS, "send raises an exception where a key is missing that an event must have.",
         "The client gets something else than was meant, or nothing."),
        ("A53", SHOULD, ERRORS, "send raises an exception for a value of the wrong type.",
         "The slip is found elsewhere, far from where it was made, or not at all."),
        ("A54", SHOULD, ERRORS,
         "send raises an exception for an event that can't come now: a body first, a second start.",
         "The client gets a response that nobody has meant."),
        ("A55", MUST, ERRORS, "Further keys in an event raise nothing.", "An application for a newer version fails."),
        ("A56", MUST, ERRORS,
         "After an exception before the response, the client has an error, or the end of the connection.",
         "The client waits for an answer that never comes."),
        ("A57", MUST, ERRORS,
         "An exception within a response ends the connection, and the response shows that it is not whole.",
         "The client, or a cache on the way, keeps half a page as a whole one."),
        ("A58", MUST, ERRORS, "An application that returns without an answer leaves nobody waiting.",
         "The client, and perhaps the server's place for it, waits for ever."),
    ),
    "Lifespan": (
        ("A59", MUST, LIFE_SCOPE, "The lifespan has one scope, with its type and the version of ASGI.",
         "A framework that chooses by the type, or asks for the version, does not start."),
        ("A60", MUST, COMPLETE, "lifespan.startup comes first, and no request is processed before it is complete.",
         "Requests meet an application that has no connection to its database yet."),
        ("A61", MUST, LIFE_SCOPE, "Requests run on the event loop of the lifespan.",
         "A pool of connections that was made at the start can't be used."),
        ("A62", MUST, STATE,
         "state, where it is there, is an empty dict for the lifespan, and a shallow copy for each request.",
         "What one request notes is seen by all others; or what was made at the start is not there."),
        ("A63", MUST, LIFE_SCOPE, "An application that raises an exception for the lifespan is served all the same.",
         "An application that knows nothing of lifespan can't be served."),
        ("A64", MUST, FAILED, "After lifespan.startup.failed, the message is shown, and the server ends.",
         "A server without a database takes clients, and answers each with an error."),
        ("A65", MUST, SHUTDOWN, "lifespan.shutdown comes when all requests are done.",
         "The connections that a request still needs are closed under it."),
        ("A66", MUST, STOPPED, "The server waits for lifespan.shutdown.complete before it ends.",
         "What was to be written at the end is lost."),
        ("A67", MUST, NOT_STOPPED, "After lifespan.shutdown.failed, the message is shown, and the server ends.",
         "Nobody learns why the last data were not written."),
    ),
}  # group -> (number, level, section, what is asked for, what a departure does); a new one has the next number
CLAUSES = {number: AsgiClause(number, level, SERVER, (section,), text, effect=effect)
           for rows in ROWS.values() for number, level, section, text, effect in rows}
