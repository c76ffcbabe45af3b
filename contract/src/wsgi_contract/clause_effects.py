"""What is looked at for each clause that has checks, and what an application or its users suffer where it is not kept.

The sentences of `looked_at` say what the checks do, those of `effect` what can go wrong. A report is a public thread
of a real project in which it has gone wrong; a clause of which none is known here has none.
"""
import re
from dataclasses import dataclass

GITHUB = "https://github.com"
THREAD = re.compile(rf"{GITHUB}/[\w.-]+/([\w.-]+)/(?:issues|pull)/(\d+)")


@dataclass(frozen=True)
class PublicReport:
    """A public thread in which a departure was reported."""

    text: str  # what happened, in a sentence
    thread: str  # its address below GITHUB

    @property
    def address(self) -> str:
        """Its whole address."""
        return f"{GITHUB}/{self.thread}"

    @property
    def label(self) -> str:
        """Its name in a link, such as waitress 236."""
        found = THREAD.fullmatch(self.address)
        return " ".join(found.groups()) if found else self.address


@dataclass(frozen=True)
class Effect:
    """How a clause is looked at, and what a departure does."""

    looked_at: str
    effect: str
    report: PublicReport | None = None


# A server is looked at from both sides: a client on a raw socket, and the probe, which is the application.

EFFECTS = {
    # The call.
    1: Effect(
        "An application is called with environ and start_response, by position, as a server calls it.",
        "A callable that does not take the two arguments fails with a TypeError at each request."),
    2: Effect(
        "A server is asked for three pages one after the other; an application is called twice, and each middleware "
        "also for two requests that overlap.",
        "The first page works, and the second is empty or shows what belongs to another user.",
        PublicReport("Two requests at the same time overwrote what a Django middleware kept on itself.",
                     "omab/python-social-auth/issues/221")),
    3: Effect(
        "An application is called with a start_response that notes whether an argument comes by name.",
        "On a server whose parameters have other names, the application fails with a TypeError.",
        PublicReport("nanohttp gave the arguments of start_response by name.", "pylover/nanohttp/issues/120")),
    4: Effect(
        "An application is called, and what it returns must be an iterable, and neither str nor bytes.",
        "A page that is one string is sent character by character, or not at all.",
        PublicReport("A middleware returned a string, which a server has to send in pieces of one character.",
                     "HumanSecurity/perimeterx-python-wsgi/issues/1")),
    5: Effect(
        "Blocks are taken from an application, and before the first of them start_response must have been called.",
        "The server has a body and no status: it answers 500, although the page was made."),
    8: Effect(
        "One block is taken from an application, then its iterable is closed and the application is called again.",
        "One visitor who leaves early stops the application for all the others."),
    9: Effect(
        "An application is called with several requests, one of them without the variables that may be missing.",
        "The application works on one server, and fails with a KeyError on another.",
        PublicReport("A dashboard took QUERY_STRING for granted and failed under bjoern.",
                     "Bogdanp/dramatiq_dashboard/pull/5")),
    10: Effect(
        "An application is called with several requests, also for a page that does not exist, and none may make it "
        "raise.",
        "Users see a bare error of the server, or a connection that ends, where a helpful page could be."),
    12: Effect(
        "The probe empties environ, or sets all its values to None, and then answers: the answer must arrive.",
        "A framework or a middleware that changes environ gets a 500 for a page that was made.",
        PublicReport("gunicorn's access log failed because a library had put a key into environ that is no string.",
                     "benoitc/gunicorn/issues/2234")),
    13: Effect(
        "The probe is an object that notes which of its attributes the server asks for: none but the call itself.",
        "An application that is a class or a partial is refused, although it can be called."),
    14: Effect(
        "One request is sent, and the probe counts how often it was called.",
        "An order is placed twice, or a page is counted twice."),
    15: Effect(
        "The probe notes how many arguments came by position, and which came by name.",
        "An application that calls its parameters env and start fails with a TypeError."),
    17: Effect(
        "The probe sends all 256 bytes and line ends of each kind; the client must receive the same bytes.",
        "A picture, a ZIP file or a page with a byte of zero arrives broken.",
        PublicReport("FastWSGI cut the body at a byte of zero.", "jamesroberts/fastwsgi/issues/17")),
    19: Effect(
        "The probe answers without a Date; the response must have one, and only one.",
        "Caches cannot tell how old a page is, and keep it too long or not at all."),
    20: Effect(
        "The probe spells Content-Length, Date and Content-Type in lower, upper and mixed case; each must come as "
        "often as in the usual spelling.",
        "A response gets a second Date, or a second Content-Length that a client refuses."),
    21: Effect(
        "The probe raises at once, after a block, or with sys.exit(): the connection must end, the next request be "
        "answered. An ordinary exception must be in the log.",
        "Nobody finds out why a page fails, or one bad request stops the whole server.",
        PublicReport("CherryPy's server sent nothing and logged nothing when the headers were wrong.",
                     "cherrypy/cherrypy/issues/965")),
    23: Effect(
        "The probe sends status 418, two cookies and other fields, and a 204 with fields: they must arrive as they "
        "are.",
        "A user loses one of two cookies, and is logged out.",
        PublicReport("Of two Set-Cookie headers, tornado sent only the last.", "tornadoweb/tornado/issues/80")),

    # Middleware.
    25: Effect(
        "An application that notes everything stands below the middleware, an observer above it; both sides are "
        "compared.",
        "The application works alone, and loses bodies, cookies or errors as soon as the middleware is there.",
        PublicReport("A middleware that parsed a form left an empty body to the application below.",
                     "Pylons/webob/pull/412")),
    26: Effect(
        "Blocks are taken from the middleware one by one: it may take no more blocks of its application than that.",
        "A page that reports progress stays blank until all the work is done."),
    27: Effect(
        "The application below gives five blocks, three of them empty: at least five must come out.",
        "A server that serves others between two blocks is kept busy until the middleware has enough."),
    28: Effect(
        "The application below gives five blocks: at least five must come out, with gzip too.",
        "The server never gets its turn, and other requests wait."),
    29: Effect(
        "The middleware is called, and no block of its application may have been asked for when it returns.",
        "A download of an hour is made whole, in memory, before the first byte goes out."),
    30: Effect(
        "The observer's write() notes its calls: it must not be called for blocks that were yielded.",
        "Each block keeps a thread of the server waiting, and an asynchronous server stands still."),
    31: Effect(
        "The application below writes two blocks and yields one: only the two may come by write().",
        "The server cannot pause between blocks, so that one slow client holds a thread."),
    32: Effect(
        "Blocks are taken one by one, then seven of eight: something must have come out by then.",
        "Messages that are sent as they happen all arrive together, at the end."),
    35: Effect(
        "Responses end well, early, with an error, and after HEAD: the application's close() must be called once.",
        "Database connections stay open, or are used by the next request in the state they were left in.",
        PublicReport("An error middleware did not pass on an early close(): a session leaked into the next request.",
                     "TurboGears/backlash/pull/19")),

    # The environ.
    36: Effect(
        "The probe reports whether the type of environ is dict itself.",
        "A library that insists on a dict, as the validator of wsgiref does, refuses every request.",
        PublicReport("gevent tried a subclass of dict, and WebOb and Pyramid broke.", "gevent/gevent/pull/781")),
    37: Effect(
        "A POST with a body and a type is sent, and the probe lists its variables: none of the CGI ones may be "
        "missing.",
        "The application fails with a KeyError, or does not know its own address.",
        PublicReport("httpx called applications without SERVER_PROTOCOL.", "encode/httpx/pull/2708")),
    38: Effect(
        "GET, POST, DELETE and OPTIONS are sent, and REQUEST_METHOD must be the same word.",
        "A form that is sent is taken for a page that is asked for, or the other way round."),
    39: Effect(
        "A page is asked for from a server without mount points: SCRIPT_NAME must be empty or missing.",
        "All links of the application begin with a prefix that does not exist.",
        PublicReport("CherryPy said / at the root, and an application did not find its pages.",
                     "cherrypy/cherrypy/issues/644")),
    40: Effect(
        "Paths with a space, a plus sign and a doubly encoded letter are sent, with a query: they must arrive "
        "decoded once, without it.",
        "Pages whose names have a space or an accent are not found.",
        PublicReport("FastWSGI gave the path as it came, with its percent signs.", "jamesroberts/fastwsgi/issues/57")),
    41: Effect(
        "A query with encoded characters and a second question mark is sent, and must arrive as it is; without a "
        "query there must be none.",
        "A search for `C&A`, or any text with an encoded character, is cut or changed."),
    42: Effect(
        "A POST with a Content-Type is sent, and one request without: CONTENT_TYPE must be the field, or nothing.",
        "The application parses a body by a type that the client never named.",
        PublicReport("wsgiref says text/plain where the client named no type.", "kevin1024/pytest-httpbin/issues/5")),
    43: Effect(
        "A body of five bytes is sent, and a request without one: CONTENT_LENGTH must be 5, or nothing.",
        "Forms and uploads arrive empty, because the application reads no bytes."),
    44: Effect(
        "A request in HTTP/1.0 is sent: SERVER_NAME and SERVER_PORT must be strings with something in them; the port "
        "must be the right one.",
        "Redirects lead to another port, or the application fails while it makes one.",
        PublicReport("In aiohttp, SERVER_NAME and SERVER_PORT had to be mended.", "aio-libs/aiohttp/pull/573")),
    45: Effect(
        "A request in HTTP/1.0 and one in HTTP/1.1 are sent, and SERVER_PROTOCOL must be the version of each.",
        "The application sends what an old client cannot read, or never uses what a new one can.",
        PublicReport("gevent said HTTP/1.0 for every request.", "gevent/gevent/pull/296")),
    46: Effect(
        "Fields in odd case and with an empty value are sent: they must be there as HTTP_ variables, and no others.",
        "Logins, cookies and languages are ignored, because the application looks for a variable that is not there.",
        PublicReport("waitress gave the Connection field another name than HTTP_CONNECTION.",
                     "Pylons/waitress/issues/13")),
    47: Effect(
        "A request is sent, and REMOTE_ADDR must be the address that the client has connected from.",
        "A log, or a limit for each visitor, takes all visitors for one.",
        PublicReport("In aiohttp, REMOTE_ADDR had to be mended.", "aio-libs/aiohttp/pull/573")),
    50: Effect(
        "A request without a login is sent: REMOTE_USER, AUTH_TYPE and REMOTE_IDENT must be missing.",
        "An application that only looks whether REMOTE_USER is there takes a stranger for a user."),
    51: Effect(
        "A POST with several fields is sent, and the probe reports the type of each CGI variable: all must be str.",
        "Code that joins a host and a port fails with a TypeError.",
        PublicReport("gunicorn gave SERVER_PORT as an int, and every Flask application that made a URL failed.",
                     "benoitc/gunicorn/issues/271")),
    53: Effect(
        "The probe reports type and value of wsgi.version: the tuple (1, 0).",
        "A library that looks at the version refuses to run, or takes the wrong road."),
    54: Effect(
        "A request without TLS is sent, and wsgi.url_scheme must be http.",
        "Links and redirects begin with the wrong scheme, and a redirect to https may never end.",
        PublicReport("NGINX Unit always said http, so that applications behind TLS had to correct it.",
                     "nginx/unit/issues/223")),
    55: Effect(
        "Bodies are sent at once, late, byte by byte and big, by length and in chunks: wsgi.input must give the "
        "same bytes.",
        "Uploads arrive cut off or empty, and nobody is told.",
        PublicReport("Under Twisted the application got an empty body where a form was sent.",
                     "twisted/twisted/issues/3585")),
    56: Effect(
        "A request is sent, and wsgi.errors must be among the variables.",
        "The application fails while it wants to report another error, which is lost.",
        PublicReport("In asgiref, wsgi.errors took bytes and no text, so that Flask could not log.",
                     "django/asgiref/pull/530")),
    57: Effect(
        "The probe writes Chinese characters, a symbol and control characters to wsgi.errors: nothing may be raised.",
        "A log message with an accent in it becomes a 500 for the user.",
        PublicReport("Under uWSGI the log message École ended the request with a 500.", "unbit/uwsgi/issues/2509")),
    58: Effect(
        "Where multithread is false, one call is made to wait and a second request is sent: no other thread may "
        "call.",
        "An application that trusts the flag mixes up the data of two users.",
        PublicReport("gunicorn said false, also with workers that serve many requests at the same time.",
                     "benoitc/gunicorn/issues/486")),
    59: Effect(
        "Three requests are sent, and where multiprocess is false, all must be served by the same process.",
        "A counter or a session in memory changes from request to request.",
        PublicReport("twisted.web2 said true with a single process, and a debugging tool switched itself off.",
                     "twisted/twisted/issues/1782")),
    60: Effect(
        "Two requests are sent, and where run_once is true, they must not be served by the same process.",
        "An application that trusts the flag loads everything anew for each request, and is slow."),
    61: Effect(
        "The names of all variables are looked at: those of the server's own must be in lower case, behind a prefix.",
        "A variable of the server overwrites one of the application or of a middleware."),

    # Streams.
    62: Effect(
        "The probe reads a body of three lines with read(size), readline(), readlines(hint) and a loop, and no "
        "bytes with read(0).",
        "A form parser fails with an AttributeError, or gets the wrong part of the body.",
        PublicReport("CherryPy's wsgi.input had no readlines().", "cherrypy/cherrypy/issues/456")),
    63: Effect(
        "The probe calls write(), writelines() and flush() of wsgi.errors: none may raise.",
        "The application's log is lost, and the attempt to log ends the request."),
    64: Effect(
        "Another request is sent behind the body, and the probe reads on in four ways: it must find the end.",
        "The application waits for bytes that never come, or reads the next request as part of a form.",
        PublicReport("wsgiref's wsgi.input does not end where the body ends.", "python/cpython/pull/148803")),
    65: Effect(
        "An application is called with an input that counts: it must not ask for more than CONTENT_LENGTH.",
        "On some servers the request never ends.",
        PublicReport("A form parser read beyond Content-Length.", "defnull/multipart/issues/58")),
    66: Effect(
        "The probe calls read() and read(-1): both must give the rest of the body, and nothing of what is behind it.",
        "An application that reads its whole body waits for ever.",
        PublicReport("Under CherryPy, read() without a size waited for bytes that did not come.",
                     "cherrypy/cherrypy/issues/966")),
    67: Effect(
        "The probe reads where there is no body, and on after the end: each read must give nothing, at once.",
        "A POST without a body keeps the application waiting until the client gives up.",
        PublicReport("Under wsgiref, a POST without a body made the application wait for ever.",
                     "Pylons/webob/issues/233")),
    68: Effect(
        "The probe calls readline(2) in a line of four bytes: two bytes must come, then the rest of the line.",
        "Form parsers fail with a TypeError, or hold a line of many megabytes in memory.",
        PublicReport("gevent's readline() took no size, and cgi.FieldStorage failed.", "gevent/gevent/issues/19")),
    71: Effect(
        "An application is called with streams that note each other attribute that is looked for.",
        "The application works under one server, and fails with an AttributeError under another.",
        PublicReport("dulwich called seek(), which the wsgi.input of some servers does not have.",
                     "jelmer/dulwich/pull/417")),
    72: Effect(
        "An application is called with streams that note whether close() is looked for.",
        "The server cannot read the next request on this connection, or loses its log."),

    # Iterables and close().
    73: Effect(
        "The probe returns iterables with a length of one and of two: all their blocks must arrive. An application's "
        "len() must be right.",
        "Only the first block of a page arrives, because the server took it for the only one.",
        PublicReport("A tracing middleware gave streams a len(), and waitress answered them with an error.",
                     "DataDog/dd-trace-py/pull/5858")),
    74: Effect(
        "The probe returns iterables that have blocks, have none, or are falsy: close() must be called, once.",
        "Each request leaves a file or a database connection open, until there are none left.",
        PublicReport("granian did not call close() at the end of a response.", "emmett-framework/granian/issues/29")),
    75: Effect(
        "The probe's iterable raises at once, after a block, or when its iteration begins: close() must be called.",
        "Each error leaves a transaction open, so that errors lead to more errors.",
        PublicReport("tornado did not call close() after an exception.", "tornadoweb/tornado/pull/824")),
    76: Effect(
        "The probe sends blocks without end, and the client leaves after 100,000 bytes: close() must be called.",
        "The work for visitors who have left goes on, and takes a thread each.",
        PublicReport("waitress went on with the iteration after the client had left.", "Pylons/waitress/issues/236")),
    77: Effect(
        "The probe is a generator here, and calls start_response when its first block is asked for.",
        "Applications written as generators answer 500, or always with status 200.",
        PublicReport("granian answered 200, whatever status a generator gave.", "emmett-framework/granian/issues/845")),
    79: Effect(
        "The probe's iterable notes which of its attributes are asked for: close is the only one.",
        "An iterable that happens to have an attribute of this name is sent in another way, or fails."),

    # start_response().
    80: Effect(
        "The probe calls start_response with two arguments, and with None as the third: nothing may be raised.",
        "Middleware that passes on all three arguments fails at each request.",
        PublicReport("tornado's start_response took only two arguments.", "tornadoweb/tornado/issues/39")),
    81: Effect(
        "The probe looks at what start_response returns: it can be called, and takes bytes.",
        "Old applications and frameworks fail, because None cannot be called.",
        PublicReport("tornado's start_response returned no write().", "tornadoweb/tornado/issues/80")),
    82: Effect(
        "An application is called, and its status must be three digits, a space and a phrase.",
        "The page works with one server, and is a 500 with another.",
        PublicReport("An application gave the status 403 without a phrase, and the user saw an error of the server.",
                     "UniversitaDellaCalabria/SATOSA-oidcop/issues/54")),
    83: Effect(
        "The probe gives a status with a line end, or with a byte of zero: start_response must raise. An "
        "application's status is looked at.",
        "Whoever chooses the text of an error page adds headers of their own.",
        PublicReport("wsgiref accepted control characters in the status.", "python/cpython/pull/144371")),
    84: Effect(
        "An application is called, and its headers must be a list of tuples of two str.",
        "A Content-Length that is an int is a 500 on some servers.",
        PublicReport("web.py gave a length as an int, and cheroot refused it.", "webpy/webpy/issues/495")),
    86: Effect(
        "The probe gives header names with a colon or a space: start_response must raise. An application's names are "
        "looked at.",
        "Clients drop the whole response, or read one header as another."),
    87: Effect(
        "The probe gives header values with a line end or a byte of zero: start_response must raise. An application's "
        "values are looked at.",
        "Whoever chooses the value, such as the target of a redirect, adds cookies or a page of their own.",
        PublicReport("Bottle passed on header values with line ends in them.", "bottlepy/bottle/issues/573")),
    88: Effect(
        "An application is called, and none of its headers may be about the connection.",
        "The response is a 500 on servers that refuse such headers.",
        PublicReport("A proxy passed on keep-alive, and waitress answered 500.",
                     "camptocamp/c2cgeoportal/issues/1394")),
    89: Effect(
        "The probe gives Connection, Transfer-Encoding and Upgrade to start_response: it must raise.",
        "Server and application decide about the same connection, and the client waits or reads nonsense.",
        PublicReport("gunicorn put its own Transfer-Encoding in the place of the application's, and raised nothing.",
                     "benoitc/gunicorn/issues/2875")),
    90: Effect(
        "The probe gives nine kinds of wrong heads: start_response itself must raise, and not something later.",
        "The application cannot show its error page, and the log does not show which line was wrong."),
    91: Effect(
        "The probe waits after start_response, then replaces its head, or raises: nothing of the first head may have "
        "been sent.",
        "An error right after start_response reaches the user as an empty page with status 200."),
    92: Effect(
        "The probe replaces its head after an empty block, answers without blocks, and writes: each time the right "
        "head must arrive.",
        "An error page comes too late after an empty block, or an empty page never arrives.",
        PublicReport("hypercorn decided about the headers before the first block was there.",
                     "pgjones/hypercorn/issues/320")),
    93: Effect(
        "The probe calls start_response twice without exc_info: the second call must raise. An application must not do "
        "so.",
        "A mistake in the application goes unnoticed, and the user gets the status of the wrong page.",
        PublicReport("hypercorn accepted a second start_response without exc_info.", "pgjones/hypercorn/issues/331")),
    94: Effect(
        "The probe calls start_response with headers that are no list, then properly: the second call must raise.",
        "An application that tries again hides its first error, which nobody ever sees."),

    # exc_info.
    95: Effect(
        "An application is called, and what it gives as exc_info must be a tuple as sys.exc_info() returns it.",
        "The server fails while it wants to raise the error again, and the log shows the wrong one."),
    96: Effect(
        "An application is called, and whenever it gives exc_info, an exception must be being handled.",
        "A page without any error ends the connection, if the head has gone."),
    97: Effect(
        "The probe replaces its head with another one, with and without a length: nothing of the first may be left.",
        "The error page is cut, or has two lengths, or sets the cookie of the page that failed.",
        PublicReport("A bridge kept the old headers beside the new, and responses with two lengths were cut off.",
                     "girder/girder/pull/3823")),
    98: Effect(
        "The probe sends a block, waits until it has arrived, and then gives exc_info: start_response must raise.",
        "The error page is added to the end of a half page, and both look like one good page.",
        PublicReport("hypercorn raised nothing when exc_info came after a block had been sent.",
                     "pgjones/hypercorn/issues/331")),
    99: Effect(
        "The same request: what comes out must be the probe's own exception, with its whole traceback.",
        "The log shows an error of the server, and not the line that failed."),
    100: Effect(
        "An application, or a middleware with one below, is called where the head has gone: the exception must come "
        "out.",
        "The server takes half a page for a whole one, and caches keep it."),
    101: Effect(
        "The probe, or an application below a middleware, gives exc_info, and looks with a weak reference whether its "
        "exception is gone.",
        "Each error keeps all objects of its request in memory for longer than it should."),

    # write().
    103: Effect(
        "The probe writes a block and waits: it must have arrived by then. What is only written must arrive too.",
        "A page that reports progress with write() shows nothing until it is done.",
        PublicReport("gevent-fastcgi sent the headers twice where write() was used.",
                     "momyc/gevent-fastcgi/issues/12")),
    104: Effect(
        "The probe writes two blocks and yields two: all four must arrive in this order.",
        "The end of a page arrives before its beginning, or one of them is lost."),
    105: Effect(
        "Blocks are taken from an application, and meanwhile it must not call write().",
        "The parts of the page arrive in an order that depends on the server."),
    106: Effect(
        "The probe announces 5 bytes and writes 14: write() must raise. It announces 1,000 and writes them: it must "
        "not.",
        "Data is cut off, and the application believes that it was sent."),

    # Blocks and lengths.
    107: Effect(
        "The probe yields a block and waits: the block must have arrived by then. Middleware must let blocks out "
        "before the end.",
        "Progress, chat and live logs arrive all together, at the end.",
        PublicReport("gevent collected the whole response in memory before it sent any of it.",
                     "gevent/gevent/issues/717")),
    108: Effect(
        "The probe yields 4 MB and waits: all of it must arrive meanwhile, and then the block behind it.",
        "The end of a big page stays in a buffer, and the browser shows half a page."),
    109: Effect(
        "The probe announces 5 bytes and yields 50: no more than 5 may arrive.",
        "The client takes the rest for the next response, and a proxy may show it to another user.",
        PublicReport("Twisted sent too many bytes, which a client takes for the next response.",
                     "twisted/twisted/issues/3618")),
    110: Effect(
        "The same request: the iteration must not go on to the end of the ten blocks.",
        "A part of a big file is sent correctly, and yet all of it is read from the disk.",
        PublicReport("asgiref went on to the end of the file where only a range was asked for.",
                     "django/asgiref/issues/195")),
    111: Effect(
        "The probe announces 10 bytes and gives 5: the connection must end, and serve no other request.",
        "The client waits for ever, or takes the next response for the missing bytes.",
        PublicReport("FastWSGI left the connection open after too few bytes.", "jamesroberts/fastwsgi/issues/32")),
    112: Effect(
        "The probe gives no length and one block or several, or writes before them: the client must get all of it.",
        "The client waits at the end of each page, or loses what was written first.",
        PublicReport("In HTTP/1.0, CherryPy kept the connection open without a length, so that nobody knew the end.",
                     "cherrypy/cherrypy/issues/629")),
    113: Effect(
        "The probe gives no length and an empty block between others: chunks must be right, and HTTP/1.0 must have "
        "none.",
        "The page ends at the first empty block, or an old client shows the sizes of chunks as text.",
        PublicReport("CherryPy sent an empty block as the last chunk, and the page ended there.",
                     "cherrypy/cherrypy/issues/635")),
    114: Effect(
        "An application is called, and its headers must not have a Transfer-Encoding.",
        "The body is put into chunks twice, and the client gets their sizes as part of the page.",
        PublicReport("A recipe of web.py set chunked itself, and failed under mod_wsgi.",
                     "webpy/webpy.github.com/issues/58")),

    # Expect: 100-continue.
    115: Effect(
        "A client sends a head with Expect, and its body half a second later or after a 100: it must be served.",
        "curl and other clients wait for a second or more before each big upload, or fail.",
        PublicReport("gevent sent a 100 Continue for every part of a body that was read.", "gevent/gevent/issues/93")),
    116: Effect(
        "After the 100 the client sends its body in two parts: the application must read all of it.",
        "The application reads half an upload, and takes it for the whole."),
    117: Effect(
        "A client that speaks HTTP/1.0 sends Expect and its body at once: it must be served.",
        "An old client is refused, although it has sent a whole request."),

    # Other features of HTTP.
    119: Effect(
        "A body in two chunks is sent, and the probe reads it in two ways: it must get the bytes without the chunks.",
        "Uploads by a program that streams arrive empty, or with the sizes of chunks in them.",
        PublicReport("Under uWSGI, wsgi.input was empty where the body came in chunks.", "unbit/uwsgi/issues/1394")),

    # Files.
    123: Effect(
        "The probe wraps a file, with and without a size of blocks: its ten bytes must arrive.",
        "Every download fails, because frameworks use the wrapper where there is one."),
    124: Effect(
        "The probe wraps a BytesIO and an object that only has read(), and takes the blocks itself: all must arrive.",
        "A picture or a PDF that was made in memory is a 500.",
        PublicReport("gunicorn failed where Flask sent a BytesIO.", "benoitc/gunicorn/issues/595")),
    125: Effect(
        "The probe wraps a file, and returns another body: only that must arrive.",
        "A file is sent that the application has decided not to show."),
    127: Effect(
        "The probe wraps an object with close(), which must have been called when the response has been sent.",
        "Each download leaves a file open, until the system refuses to open more.",
        PublicReport("bjoern did not close the file after it had been sent.", "jonashaag/bjoern/pull/171")),
    129: Effect(
        "The probe wraps files that stand in the middle or at the end, are large, or are longer than Content-Length.",
        "A download that is taken up again begins from the start, and the file is broken.",
        PublicReport("gunicorn sent a file from its beginning, wherever it stood.", "benoitc/gunicorn/issues/2669")),

    # URLs and strings.
    131: Effect(
        "Targets with a space, other characters and a query are asked for: the variables must give the same URL.",
        "Redirects and links lead to pages that do not exist."),
    132: Effect(
        "Paths, fields and a head with bytes beyond ASCII go both ways: each byte must be one character up to U+00FF.",
        "Paths and names with accents become other characters, and pages are not found.",
        PublicReport("Starlette's adapter gave paths as Unicode, and every path beyond ASCII failed.",
                     "Kludex/starlette/issues/997")),
    133: Effect(
        "The probe gives 你好 in a status and in a value: start_response must raise, and nothing of it may be sent.",
        "The response breaks off after the head was begun, and the user sees an empty page.",
        PublicReport("An error message with a subscript came into Bottle's status, and could not be encoded.",
                     "bottlepy/bottle/issues/1187")),
    134: Effect(
        "The probe reads a body, and an application's blocks are taken: all must be bytes.",
        "Text that is sent by one server is refused by another, or encoded in the wrong way.",
        PublicReport("wsgiserver encoded text as ISO-8859-1, which fails for other characters.",
                     "fgallaire/wsgiserver/issues/2")),
    135: Effect(
        "An application is called, and its status and headers may have no characters beyond U+00FF.",
        "A file name or a message in another script is a 500."),
}


def linked(number: int, page: str = "") -> str:
    """Return the number of a clause, as a link to its entry if it has one; page is where the entries are."""
    return f"[{number}]({page}#clause-{number})" if number in EFFECTS else str(number)
