"""The clients of the notebooks: what they send, in which pieces, and what comes back."""
import socket
import threading

import pytest

from workshop.lesson.conversations import exchange


@pytest.mark.parametrize("data, pieces", [(b"", None), (b"", 3), (b"hello", None), (b"hello", 2), (b"hello", 99)])
def test_all_data_is_sent_and_all_that_comes_back_is_returned(data, pieces):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=[listener, len(data)])
        thread.start()
        assert exchange(listener.getsockname()[1], data, pieces, pause=0) == b"heard: " + data
        thread.join(10)


def answer(listener, size):
    """Receive so many bytes from one client, and send them back."""
    connection, _ = listener.accept()
    with connection:
        heard = b""
        while len(heard) < size:
            heard += connection.recv(100)
        connection.sendall(b"heard: " + heard)
