"""Serves an application with the server of chapter 3, on a free port.

    python notebooks/examples/under_your_server.py examples.flask_shop:shop
"""
import importlib
import sys

import ch01_socket
import ch03_environ

module, _, name = sys.argv[1].partition(":")
app = getattr(importlib.import_module(module), name)
ch01_socket.refuse_unwritten(ch03_environ.make_handle)
ch01_socket.run(ch03_environ.make_handle(app), ("127.0.0.1", 0))
