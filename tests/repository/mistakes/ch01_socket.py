"""Mistakes of chapter 1."""
from tests.repository.versions import mistake


@mistake("1.2", "recv was called")
def loops_for_ever_when_the_client_hangs_up(connection, limit):
    """recv waits until there is something; so there is no need to look at what it returns."""
    received = b""
    while BLANK_LINE not in received:
        received += connection.recv(RECV_SIZE)
    head, _, rest = received.partition(BLANK_LINE)
    return head, rest
