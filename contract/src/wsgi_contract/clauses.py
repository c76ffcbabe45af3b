"""The clauses of PEP 3333 in our own words: who owes what to whom, how strictly, and where the PEP says it.

What holds a clause is not noted here: the checks name their clauses, and clause_marks.py collects them. A clause that
no check of a running server can hold says why (why_not).
"""
from dataclasses import dataclass
from typing import Any

ClauseNumber = Any  # an int for PEP 3333; for ASGI a str, such as A12
MUST, MUST_NOT, SHOULD, SHOULD_NOT, MAY = "MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"
SERVER, APPLICATION, MIDDLEWARE = "server", "application", "middleware"
BOTH, ALL = f"{APPLICATION}, {MIDDLEWARE}", f"{APPLICATION}, {SERVER}, {MIDDLEWARE}"

OVERVIEW = "Specification Overview"
STRINGS = "A Note On String Types"
APP_SIDE = "The Application/Framework Side"
SERVER_SIDE = "The Server/Gateway Side"
MIDDLE = "Middleware: Components that Play Both Sides"
DETAILS = "Specification Details"
ENVIRON = "environ Variables"
STREAMS = "Input and Error Streams"
START = "The start_response() Callable"
LENGTH = "Handling the Content-Length Header"
BUFFERING = "Buffering and Streaming"
BLOCKS = "Middleware Handling of Block Boundaries"
WRITE = "The write() Callable"
UNICODE = "Unicode Issues"
ERRORS = "Error Handling"
EXPECT = "HTTP 1.1 Expect/Continue"
OTHER = "Other HTTP Features"
THREADS = "Thread Support"
EXTENSIONS = "Server Extension APIs"
CONFIGURATION = "Application Configuration"
URL = "URL Reconstruction"
FILES = "Optional Platform-Specific File Handling"

GROUPS = {
    "The call": 1, "Middleware": 25, "The environ": 36, "Streams": 62, "Iterables and close()": 73,
    "start_response()": 80, "exc_info": 95, "write()": 102, "Blocks and lengths": 107,
    "Expect: 100-continue": 115, "Other features of HTTP": 118, "Files": 122, "URLs and strings": 131,
    "Threads and extensions": 136,
}  # name -> the number of the first clause in it

# Why a clause has no check of a running server.
DUTY = "an application's duty: no server shows whether it is done"
TASTE = "an application's duty: only who writes it knows what is right"
LAYER = "middleware's duty: it is checked on the class itself"
SAME_AS_107 = "clause 107 says the same, and one cause is counted once"
PERMIT = "a permission: nothing can break it"
PAPER = "a matter of documentation, deployment or style"


@dataclass(frozen=True)
class Clause:
    """One clause."""

    number: ClauseNumber
    level: str  # MUST, MUST NOT, SHOULD, SHOULD NOT or MAY
    who: str  # SERVER, APPLICATION, MIDDLEWARE, or several of them
    sections: tuple[str, ...]  # of PEP 3333, the first one has most of it
    text: str
    why_not: str | None = None

    @property
    def is_strict(self) -> bool:
        """Tell whether breaking it breaks the contract: SHOULD and MAY only ask."""
        return self.level in (MUST, MUST_NOT)


CLAUSES = {clause.number: clause for clause in (
    Clause(1, MUST, APPLICATION, (APP_SIDE, DETAILS),
           "Be a callable that takes two positional arguments, under whatever names.", DUTY),
    Clause(2, MUST, APPLICATION, (APP_SIDE,), "Bear being called more than once: servers will."),
    Clause(3, MUST, APPLICATION, (DETAILS, START), "Call start_response with positional arguments only.", DUTY),
    Clause(4, MUST, APPLICATION, (DETAILS, WRITE),
           "Return an iterable of bytestrings, also when everything went through write().", DUTY),
    Clause(5, MUST, APPLICATION, (DETAILS,),
           "Have called start_response before the iterable gives its first body block.", DUTY),
    Clause(6, SHOULD, APPLICATION, (DETAILS, BUFFERING), "Do its own buffering.", TASTE),
    Clause(7, MUST, APPLICATION, (DETAILS,), "Give bytes as the client is to have them, line ends included.", TASTE),
    Clause(8, SHOULD_NOT, APPLICATION, (DETAILS,), "Count on its iterable being consumed to the end.", DUTY),
    Clause(9, SHOULD, APPLICATION, (ENVIRON,),
           "Check that a variable it needs is there, and have an answer if it is not.", DUTY),
    Clause(10, SHOULD, APPLICATION, (ERRORS,), "Catch its own errors and show a helpful message.", DUTY),
    Clause(11, SHOULD, APPLICATION, (CONFIGURATION,), "Need as few configuration variables in environ as it can.",
           PAPER),
    Clause(12, MUST, SERVER, (DETAILS,),
           "Bear whatever the application does to environ, which is the application's to change."),
    Clause(13, MUST_NOT, SERVER, (OVERVIEW,),
           "Depend on what kind of callable it was given: it is called, and never looked into."),
    Clause(14, MUST, SERVER, (SERVER_SIDE,), "Call the application once for each request that is meant for it."),
    Clause(15, MUST, SERVER, (DETAILS,), "Call it with positional arguments, not with keywords."),
    Clause(16, MUST, SERVER, (DETAILS,), "Send each block that is yielded before asking for the next.", SAME_AS_107),
    Clause(17, SHOULD, SERVER, (DETAILS,), "Take blocks as bytes and leave their line ends alone."),
    Clause(18, MAY, SERVER, (DETAILS, OTHER), "Apply transfer codings and other transformations that HTTP has.",
           PERMIT),
    Clause(19, MUST, SERVER, (START,), "Add a header that HTTP asks for and the application left out, such as Date."),
    Clause(20, MUST, SERVER, (START,), "Compare the names of headers without regard to case."),
    Clause(21, SHOULD, SERVER, (ERRORS,),
           "Catch and log an exception that ends the application or its iteration."),
    Clause(22, MAY, SERVER, (ERRORS,), "Try to append an error message to a text that was partly sent.", PERMIT),
    Clause(23, SHOULD, SERVER, (OTHER,), "Play dumb: change a response only in ways that keep its meaning."),
    Clause(24, SHOULD, SERVER, (CONFIGURATION,), "Let who deploys it put variables into environ.", PAPER),
    Clause(25, MUST, MIDDLEWARE, (MIDDLE,), "Keep both sides of the contract, the server's and the application's.",
           LAYER),
    Clause(26, MUST_NOT, MIDDLEWARE, (BLOCKS,),
           "Hold up the iteration while it waits for more blocks of its application.", LAYER),
    Clause(27, MUST, MIDDLEWARE, (BLOCKS,), "Yield an empty block while it needs more before it can yield another.",
           LAYER),
    Clause(28, MUST, MIDDLEWARE, (BLOCKS,), "Yield at least one block for each that its application yields.", LAYER),
    Clause(29, MUST, MIDDLEWARE, (BLOCKS,), "Return an iterable as soon as its application has returned one.", LAYER),
    Clause(30, MUST_NOT, MIDDLEWARE, (BLOCKS,), "Use write() for what its application yielded.", LAYER),
    Clause(31, MUST_NOT, MIDDLEWARE, (BLOCKS,),
           "Use write() for anything but what its application gave to the write() of the middleware.", LAYER),
    Clause(32, MUST_NOT, MIDDLEWARE, (BUFFERING,), "Delay a block.", LAYER),
    Clause(33, MAY, MIDDLEWARE, (ERRORS,), "Raise an exception of its own, or keep exc_info for later.", PERMIT),
    Clause(34, SHOULD, MIDDLEWARE, (EXTENSIONS,),
           "Offer additions as functions of environ, not as values stuffed into it.", PAPER),
    Clause(35, MUST, MIDDLEWARE, (MIDDLE, DETAILS), "Call the close() of its application's iterable.", LAYER),
    Clause(36, MUST, SERVER, (DETAILS,), "Give environ as a dict, not as a subclass or something like a dict."),
    Clause(37, MUST, SERVER, (ENVIRON,), "Have the CGI variables in it, except those that would be empty."),
    Clause(38, MUST, SERVER, (ENVIRON,), "REQUEST_METHOD: always there, never empty."),
    Clause(39, MUST, SERVER, (ENVIRON,), "SCRIPT_NAME: the path to the application, empty at the root."),
    Clause(40, MUST, SERVER, (ENVIRON,), "PATH_INFO: the rest of the path, without the query."),
    Clause(41, MUST, SERVER, (ENVIRON,), "QUERY_STRING: what follows the question mark; may be empty or missing."),
    Clause(42, MUST, SERVER, (ENVIRON,), "CONTENT_TYPE: the field of this name; may be empty or missing."),
    Clause(43, MUST, SERVER, (ENVIRON,), "CONTENT_LENGTH: the field of this name; may be empty or missing."),
    Clause(44, MUST, SERVER, (ENVIRON,), "SERVER_NAME and SERVER_PORT: always there, never empty."),
    Clause(45, MUST, SERVER, (ENVIRON,), "SERVER_PROTOCOL: the version that the client used for its request."),
    Clause(46, SHOULD, SERVER, (ENVIRON,), "HTTP_ variables: there exactly if the request has the field."),
    Clause(47, SHOULD, SERVER, (ENVIRON,), "Give other CGI variables that apply, such as REMOTE_ADDR."),
    Clause(48, SHOULD, SERVER, (ENVIRON,), "Over TLS, give the variables that Apache has for it.",
           "none of the servers in the table is started with TLS"),
    Clause(49, SHOULD, SERVER, (ENVIRON,), "Say in the documentation which variables it gives.", PAPER),
    Clause(50, SHOULD, SERVER, (ENVIRON,), "Leave out variables that are missing, such as REMOTE_USER."),
    Clause(51, MUST, SERVER, (ENVIRON,), "Give every CGI variable as a native str."),
    Clause(52, MAY, SERVER, (ENVIRON,), "Put the variables of its process into environ as well.", PERMIT),
    Clause(53, MUST, SERVER, (ENVIRON,), "wsgi.version: the tuple (1, 0)."),
    Clause(54, MUST, SERVER, (ENVIRON,), "wsgi.url_scheme: http or https, whichever it is."),
    Clause(55, MUST, SERVER, (ENVIRON,), "wsgi.input: a stream with the bytes of the body."),
    Clause(56, MUST, SERVER, (ENVIRON,), "wsgi.errors: a stream that takes text."),
    Clause(57, SHOULD, SERVER, (ENVIRON,), "wsgi.errors: takes any characters without an error."),
    Clause(58, MUST, SERVER, (ENVIRON,),
           "wsgi.multithread: true if another thread may call the application at the same time."),
    Clause(59, MUST, SERVER, (ENVIRON,), "wsgi.multiprocess: true if another process may."),
    Clause(60, MUST, SERVER, (ENVIRON,),
           "wsgi.run_once: true if the application is called only once in the life of its process."),
    Clause(61, SHOULD, SERVER, (ENVIRON,),
           "Name variables of its own in lower case, with a prefix that is the server's alone."),
    Clause(62, MUST, SERVER, (STREAMS,), "wsgi.input has read(size), readline(), readlines(hint) and iteration."),
    Clause(63, MUST, SERVER, (STREAMS,), "wsgi.errors has flush(), write(str) and writelines(list)."),
    Clause(64, SHOULD, SERVER, (STREAMS,), "wsgi.input ends where the body ends, whatever the client sends after it."),
    Clause(65, SHOULD_NOT, APPLICATION, (STREAMS,), "Try to read more than CONTENT_LENGTH.", DUTY),
    Clause(66, SHOULD, SERVER, (STREAMS,), "read() without a size gives the rest of the body."),
    Clause(67, SHOULD, SERVER, (STREAMS,), "Reading an empty or used-up stream gives nothing, at once."),
    Clause(68, SHOULD, SERVER, (STREAMS,), "readline(size) gives at most so many bytes."),
    Clause(69, MAY, ALL, (STREAMS,), "Leave out the hint of readlines, or ignore it.", PERMIT),
    Clause(70, MUST, APPLICATION, (STREAMS,), "Call flush() on wsgi.errors if its text is to be seen at once.", TASTE),
    Clause(71, MUST_NOT, APPLICATION, (STREAMS,), "Use any other method or attribute of the two streams.", DUTY),
    Clause(72, MUST_NOT, APPLICATION, (STREAMS,), "Close the streams.", DUTY),
    Clause(73, MUST, f"{APPLICATION}, {SERVER}", (DETAILS,),
           "What len() says of an iterable is so, and the server may rely on it."),
    Clause(74, MUST, SERVER, (DETAILS,), "Call the iterable's close(), if it has one, when the response ends well;"),
    Clause(75, MUST, SERVER, (DETAILS,), "and when it ends with an error of the application;"),
    Clause(76, MUST, SERVER, (DETAILS,), "and when the client leaves early."),
    Clause(77, MUST_NOT, SERVER, (DETAILS,), "Assume that start_response was called before the iteration begins."),
    Clause(78, MAY, SERVER, (DETAILS,), "Close the iterable without having consumed it.", PERMIT),
    Clause(79, MUST_NOT, SERVER, (DETAILS,),
           "Use another attribute of the iterable, unless it is of the server's own making."),
    Clause(80, MUST, SERVER, (DETAILS, START), "start_response takes two positional arguments and an optional third."),
    Clause(81, MUST, SERVER, (DETAILS, START), "It returns write, a callable that takes one bytestring."),
    Clause(82, MUST, APPLICATION, (START,), "The status is a code, one space and a phrase.", DUTY),
    Clause(83, MUST_NOT, APPLICATION, (START,), "Put control characters into the status."),
    Clause(84, MUST, APPLICATION, (START,), "The headers are a list of (name, value) tuples, exactly.", DUTY),
    Clause(85, MAY, SERVER, (START,), "Change this list as it likes.", PERMIT),
    Clause(86, MUST, APPLICATION, (START,), "The name of a header is a valid field name, without the colon."),
    Clause(87, MUST_NOT, APPLICATION, (START,), "Put control characters into the value of a header."),
    Clause(88, MUST_NOT, BOTH, (START, OTHER), "Use hop-by-hop headers or anything that is about the connection.",
           DUTY),
    Clause(89, SHOULD, SERVER, (START,), "Raise in start_response if the application gives a hop-by-hop header."),
    Clause(90, SHOULD, SERVER, (START,),
           "Look for errors in the headers at the call of start_response, while the application still runs."),
    Clause(91, MUST_NOT, SERVER, (START,), "Send the headers in start_response: they are kept for later."),
    Clause(92, MUST, SERVER, (START,),
           "Send them with the first block that is not empty, the first write(), or at the end."),
    Clause(93, MUST, f"{APPLICATION}, {SERVER}", (START,),
           "A second call of start_response without exc_info is an error, and raises one."),
    Clause(94, MUST, SERVER, (START, SERVER_SIDE), "The same holds if the first call was itself refused."),
    Clause(95, MUST, APPLICATION, (START,), "exc_info is the tuple that sys.exc_info() returns.", DUTY),
    Clause(96, SHOULD, APPLICATION, (START, ERRORS), "Give exc_info in an error handler, and only there.", DUTY),
    Clause(97, SHOULD, SERVER, (START,),
           "With exc_info, and before anything was sent, the new status and headers replace all of the old."),
    Clause(98, MUST, SERVER, (START,), "With exc_info, and after the headers were sent, start_response raises."),
    Clause(99, SHOULD, SERVER, (START,), "What it raises is the application's exception, with its traceback."),
    Clause(100, MUST_NOT, APPLICATION, (START, ERRORS), "Trap what start_response raises when given exc_info.", DUTY),
    Clause(101, SHOULD, f"{SERVER}, {MIDDLEWARE}", (START,), "Keep no reference to exc_info afterwards."),
    Clause(102, SHOULD_NOT, APPLICATION, (DETAILS, WRITE), "Use write() in new code.", PAPER),
    Clause(103, MUST, SERVER, (WRITE,),
           "Treat what is written as if it were yielded: it is sent, or on its way, when write() returns."),
    Clause(104, MUST, SERVER, (WRITE,), "Send what is yielded after a write(), behind all that was written."),
    Clause(105, MUST_NOT, APPLICATION, (WRITE,), "Call write() from within its iterable.", DUTY),
    Clause(106, SHOULD, SERVER, (LENGTH,), "Raise if write() goes beyond the application's Content-Length."),
    Clause(107, MUST_NOT, f"{SERVER}, {MIDDLEWARE}", (BUFFERING,), "Delay a block."),
    Clause(108, MUST, SERVER, (BUFFERING,),
           "Send a block whole, or see to it that sending goes on while the application makes the next."),
    Clause(109, SHOULD_NOT, SERVER, (LENGTH,), "Send more than the application's Content-Length says."),
    Clause(110, SHOULD, SERVER, (LENGTH,), "Stop the iteration once that many bytes have been sent."),
    Clause(111, SHOULD, SERVER, (LENGTH,), "Close the connection if the application gives too few."),
    Clause(112, MAY, SERVER, (LENGTH,),
           "Without a Content-Length, choose: close the connection, compute it from the only block, or use chunks."),
    Clause(113, MUST, SERVER, (LENGTH,), "If it uses chunks, keep to HTTP, and use none where the client has none."),
    Clause(114, MUST_NOT, BOTH, (LENGTH, OTHER), "Apply a transfer coding to the output.", DUTY),
    Clause(115, MUST, SERVER, (EXPECT,), "Serve a client that expects 100 Continue, without the application's help."),
    Clause(116, MUST, SERVER, (EXPECT,), "If the 100 is sent at the first read, that read waits for the body."),
    Clause(117, MAY, SERVER, (EXPECT,), "Do none of this for HTTP/1.0: there the request is served at once."),
    Clause(118, MUST_NOT, APPLICATION, (OTHER,), "Rely on hop-by-hop headers of the request.", DUTY),
    Clause(119, MUST, SERVER, (OTHER,), "Deal with the request's hop-by-hop features itself: decode chunks."),
    Clause(120, MAY, f"{APPLICATION}, {SERVER}", (OTHER,), "Do cache validation; an application SHOULD.", PERMIT),
    Clause(121, MAY, f"{APPLICATION}, {SERVER}", (OTHER,), "Do content coding and ranges; an application SHOULD.",
           PERMIT),
    Clause(122, MAY, f"{APPLICATION}, {SERVER}", (FILES,), "Offer wsgi.file_wrapper, and use it where it is offered.",
           PERMIT),
    Clause(123, MUST, SERVER, (FILES,), "It takes a file-like object and an optional size of blocks."),
    Clause(124, MUST, SERVER, (FILES,), "It returns an iterable, whatever kind of file-like object it is given."),
    Clause(125, MUST_NOT, SERVER, (FILES,), "Send the file before the application has returned this iterable."),
    Clause(126, MUST, APPLICATION, (FILES,), "The file-like object has read() with an optional size.", DUTY),
    Clause(127, MUST, SERVER, (FILES,), "If the object has close(), the iterable's close() calls it."),
    Clause(128, MAY, SERVER, (FILES,), "Take fileno() and the like for what they mean of files.", PERMIT),
    Clause(129, SHOULD, SERVER, (FILES,), "Send the file from where it stands, to its end or to the Content-Length."),
    Clause(130, MAY, SERVER, (FILES,), "Make a Content-Length from the file.", PERMIT),
    Clause(131, SHOULD, SERVER, (URL,), "Give variables from which the URL of the request can be put together again."),
    Clause(132, MUST, ALL, (STRINGS, UNICODE), "Native strings have characters up to U+00FF, each for one byte."),
    Clause(133, MUST, APPLICATION, (UNICODE,), "Give strings with no other characters: anything else is fatal."),
    Clause(134, MUST, ALL, (STRINGS, UNICODE), "Bytestrings, read, written or yielded, are bytes."),
    Clause(135, MUST, APPLICATION, (UNICODE,), "Status and headers are encoded as HTTP wants them.", DUTY),
    Clause(136, SHOULD, SERVER, (THREADS,), "A server with threads can also be run without.", PAPER),
    Clause(137, MUST, SERVER, (EXTENSIONS,), "An extension that replaces a part of WSGI is reached through that part.",
           PAPER),
    Clause(138, MUST, SERVER, (EXTENSIONS,), "An extension for headers needs the current environ, or refuses.", PAPER),
    Clause(139, MUST, SERVER, (EXTENSIONS,), "An extension for output needs the server's own start_response.", PAPER),
)}


def group_of(number: int) -> str:
    """Return the name of the group that a clause is in."""
    return [name for name, first in GROUPS.items() if first <= number][-1]
