"""Serves an application with what a chapter's make_handle returns, on a free port.

    python notebooks/examples/served_by.py ch03_environ examples.bodies:one_block
    python notebooks/examples/served_by.py ch04_response examples.bodies:one_block 0.5

The last argument is the chapter's REQUEST_SECONDS.
"""
import importlib
import sys

import ch01_socket

stem, application, *seconds = sys.argv[1:]
chapter = importlib.import_module(stem)
for limit in seconds:
    chapter.REQUEST_SECONDS = float(limit)
module, _, name = application.partition(":")
app = getattr(importlib.import_module(module), name)
ch01_socket.refuse_unwritten(chapter.make_handle)
ch01_socket.run(chapter.make_handle(app), ("127.0.0.1", 0))
