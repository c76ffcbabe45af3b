"""Chapter 1 · What does a web server actually send?"""
import pytest

from tests.harness.diagnosis import expect_raises, expect_same
from tests.harness.transport import DELIVERIES, Connection
from tests.harness.tree import Chapter

ch01 = Chapter("ch01_socket")


@pytest.mark.step("1.2")
class TestReadHead:
    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_the_head_is_found_however_its_bytes_arrive(self, delivery):
        connection = Connection(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nbody", delivery=delivery)
        head, rest = ch01.read_head(connection)
        expect_same(head, b"GET / HTTP/1.1\r\nHost: a", sent=connection, why="x (RFC 9112 section 2.1).")

    def test_a_client_that_hangs_up_ends_the_reading(self):
        expect_raises(ch01.ClientGone, lambda: ch01.read_head(Connection(b"GET / HT")), "x (RFC 9112 section 8).")
