"""Whether a port on this machine can be had."""
import os
import socket

HOST = "127.0.0.1"


def is_free(port):
    """Tell whether a server can listen on a port (int) now; port 0 always is."""
    with socket.socket() as listener:
        if os.name == "nt":  # SO_REUSEADDR would let two servers share a port there
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError:
            return False
    return True
