"""Ports on this machine: those that a command names, and whether one can be had."""
import argparse
import socket
import sys

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether a server can listen on a port now; port 0 always is."""
    with socket.socket() as listener:
        if sys.platform == "win32":  # SO_REUSEADDR would let two servers share a port there
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError:
            return False
    return True


def port_number(text: str) -> int:
    """Return the port number that a text gives. Raises ArgumentTypeError when it is not one."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")
