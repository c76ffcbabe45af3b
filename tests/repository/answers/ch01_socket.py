"""Right answers for chapter 1."""
from tests.repository.versions import answer


@answer("1.2")
def collects_in_a_bytearray_and_looks_for_the_position(connection, limit):
    """find tells where the blank line is; a bytearray grows in place."""
    received = bytearray()
    while (end := received.find(b"\r\n\r\n")) < 0:
        if len(received) >= limit + 4:
            raise HeadTooLarge
        block = connection.recv(RECV_SIZE)
        if block == b"":
            raise ClientGone
        received.extend(block)
    if end > limit:
        raise HeadTooLarge
    return bytes(received[:end]), bytes(received[end + 4:])
