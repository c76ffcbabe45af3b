"""Step 1.2 · read_head: what recv raises, one call after the other, and bytes that are left as they are"""
import pytest

from tests.ch01_socket.common import HEAD, OnlyRecv, ch01, read
from tests.expect import each_family, expect_let_out
from workshop.checking.diagnosis import expect_same
from workshop.checking.transport import DELIVERIES
from wsgi_contract.answer import BLANK_LINE


@pytest.mark.step("1.2")
class TestReadHead:
    @pytest.mark.parametrize("blocks", [[], [b"GET / HT"], [HEAD + b"\r\n"]],
                             ids=["at once", "in the first line", "half-way in the blank line"])
    @each_family(ours="ch01_socket")
    def test_what_recv_raises_reaches_the_caller(self, kind, blocks):
        client = OnlyRecv([*blocks, kind("raised by recv")])
        error = client.blocks[-1]
        expect_let_out(error, lambda: ch01.read_head(client), f"{kind.__name__}, raised by recv, does not come out",
                       "Only b'' means that the client has hung up. What to do about an error is for your caller to "
                       "decide, who has to know which one it was.")

    def test_each_client_has_a_head_of_its_own(self):
        with pytest.raises(ch01.ClientGone):
            ch01.read_head(OnlyRecv([b"GET /half HT"]))
        first, second = b"GET /first HTTP/1.1", b"GET /second HTTP/1.1"
        came_back = [read(head + BLANK_LINE)[0] for head in (first, second)]
        expect_same(came_back, [first, second],
                    problem="bytes of one client are found in the head of the next",
                    called="read_head, for a client that hangs up half-way, and for two more",
                    why="What is received belongs to one call: keep it in a variable of the function.")

    @pytest.mark.parametrize("head", [b"\r\n" + HEAD, HEAD + b" \t", b" " + HEAD + b"\r"],
                             ids=["a line end in front", "spaces after it", "a CR after it"])
    def test_the_head_comes_back_as_it_was_sent(self, head):
        came_back, _, _ = read(head + BLANK_LINE + b"body")
        expect_same(came_back, head, problem="the head has lost bytes at one of its ends",
                    why="Which bytes may stand there is the parser's question, in chapter 2: it refuses what two "
                        "programs could read in two ways (RFC 9112 section 2.2).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_bytes_above_127_come_back_as_they_were_sent(self, delivery):
        head, body = b"GET / HTTP/1.1\r\nX: caf\xe9 \xff", bytes(range(256))
        came_back, rest, not_received = read(head + BLANK_LINE + body, delivery=delivery)
        expect_same((came_back, rest + not_received), (head, body),
                    problem="bytes above 127 do not come back as they were sent",
                    why="They may be UTF-8, latin-1 or a part of a picture: nothing is decoded here, not even for a "
                        "moment.")
