"""Ports on this machine: those that a command names, and whether one can be had."""
import argparse
import errno
import os
import socket
import sys

HOST = "127.0.0.1"
VARIABLE = "WORKSHOP_PORT"  # an environment variable: each of those who share a machine has a port of one's own
FOR_ALL = 1024  # the first port that one needs no rights for
RIGHTS = (errno.EACCES, errno.EPERM, 10013)  # how the systems say that one may not; the last is Windows'
TAKEN = (errno.EADDRINUSE, 10048)


def usual() -> str:
    """Return the port that a server of the learner's has, unless another one is named, as text."""
    return os.environ.get(VARIABLE) or "8000"


def is_free(port: int) -> bool:
    """Tell whether a server can listen on a port now; port 0 always is."""
    return not obstacle(port)


def obstacle(port: int) -> str:
    """Return a sentence's end on why a server cannot listen on a port now, and what to do; "" if it can."""
    with socket.socket() as listener:
        if sys.platform == "win32":  # SO_REUSEADDR would let two servers share a port there
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            return why_not(port, error)
    return ""


def why_not(port: int, error: OSError) -> str:
    """Return what an error in listening on a port means, as obstacle does."""
    if error.errno in RIGHTS and port < FOR_ALL:
        return f"needs rights that you do not have: choose one above {FOR_ALL - 1}"
    if error.errno in RIGHTS:
        return "is kept by the system or by another program: choose another port"
    if error.errno in TAKEN:
        return "is taken: stop the other server, or choose another port"
    return f"cannot be had ({error.strerror}): choose another port"


def port_number(text: str) -> int:
    """Return the port number that a text gives. Raises ArgumentTypeError when it is not one."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")
