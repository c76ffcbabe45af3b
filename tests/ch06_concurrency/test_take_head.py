"""Step 6.1 · take_head"""
import pytest

from tests.ch06_concurrency.taking import FOLLOWS, WAITS, Taking, ch06
from tests.expect import a_value, blaming, expect_raised, expect_type, shown_value
from workshop.checking.diagnosis import expect_same, expect_unchanged
from workshop.checking.transport import DELIVERIES
from wsgi_contract.answer import BLANK_LINE

HEAD = b"GET / HTTP/1.1\r\nHost: a"
REQUEST = HEAD + BLANK_LINE
EMPTY = "A blank line that comes first ends a head of 0 bytes. What an empty head means is for parse_head to say."
TOO_LONG = ("Without a limit that holds, a client decides how much of your memory it takes: in this chapter there are "
            "thousands of them (RFC 6585 section 5).")
STAYS = ("Whoever refuses the request looks at received, to know how much of the head has come (see "
         "`take_request`).")


def head_with(size):
    """Return a head that is size bytes long, without its blank line."""
    return b"GET / HTTP/1.1\r\nX: ".ljust(size, b"a")


def expect_head_taken(blocks, head=HEAD, left=b"", *, refused, problem="the head is another one", why=FOLLOWS):
    """Fail unless take_head returns head when blocks come one after the other, and leaves the bytes left."""
    taking = Taking("take_head", blocks)
    with a_value(shown_value(head), why, refused=refused, **taking.rows):
        came_back = taking.run(refused=refused, why=why)
    expect_type(came_back, bytes, "the head is", "The functions of chapter 2 take it apart as bytes: `return` gives "
                "it to who has called you, and bytes(…) makes bytes of a part of a bytearray.", **taking.rows,
                expected=shown_value(head))
    expect_same(came_back, head, why, problem=problem, **taking.rows)
    taking.expect_left(left, what="the head and its blank line")


def expect_head_too_large(blocks, problem):
    """Fail with problem unless take_head raises HeadTooLarge when blocks have come, and leaves received as it is."""
    taking = Taking("take_head", blocks)
    expect_raised(ch06.HeadTooLarge, taking.last, problem, TOO_LONG, **taking.rows)
    expect_unchanged("received", bytes(taking.received), taking.came, STAYS, **taking.rows,
                     problem="HeadTooLarge is raised, and received is not as it was")


@pytest.mark.step("6.1")
class TestTakeHead:
    def test_a_head_that_has_come_is_returned_without_a_pause(self):
        expect_head_taken([REQUEST], refused="a head that has come is not taken",
                          why="All before the blank line is the head.")

    @pytest.mark.parametrize("there", [b"", HEAD, HEAD + b"\r\n", REQUEST[:-1]])
    def test_it_pauses_while_the_blank_line_has_not_come(self, there):
        taking = Taking("take_head", [there])
        taking.expect_paused("it ends before the blank line has come", "Only a blank line ends a head. Until it has "
                             "come whole, pause with `yield`, in a loop: the loop of the server serves others "
                             "meanwhile (RFC 9112 section 2.1).")

    @pytest.mark.parametrize("delivery", DELIVERIES)
    def test_a_head_comes_back_whole_however_it_arrives(self, delivery):
        expect_head_taken(DELIVERIES[delivery](REQUEST), refused=f"the head is not taken ({delivery})",
                          why="A block ends anywhere. received has all that has come: nothing need be kept beside it.")

    @pytest.mark.parametrize("cut", [1, 2, 3], ids="after its byte {}".format)
    def test_the_blank_line_may_be_split(self, cut):
        begin = HEAD + BLANK_LINE[:cut]
        expect_head_taken([begin, BLANK_LINE[cut:] + b"next"], left=b"next",
                          refused="a blank line in two blocks is not seen",
                          why="A block ends anywhere, in the blank line too: look for it in all that has come.")

    @pytest.mark.parametrize("follows", [b"name=value", b"\r\n", REQUEST, b"a\r\n\r\nb", b"b" * 70_000], ids=[
        "a body", "a line end", "another request", "a body with a blank line", "a body longer than MAX_HEAD"])
    def test_what_follows_the_blank_line_stays(self, follows):
        expect_head_taken([REQUEST + follows], left=follows, problem="the head does not end at the first blank line",
                          refused="what follows the head counts as the head",
                          why="The first blank line ends the head: what follows is a body, or the next request, and "
                              "may have a blank line too (RFC 9112 section 9.3.2).")

    def test_one_head_after_the_other_is_taken(self):
        first = Taking("take_head", [REQUEST + b"POST /b HTTP/1.1\r\nHost: b" + BLANK_LINE + b"next"])
        heads = [first.run()]
        second = Taking("take_head", [bytes(first.received)])
        heads.append(second.run())
        expect_same(heads, [HEAD, b"POST /b HTTP/1.1\r\nHost: b"], problem="two requests in one block have other heads",
                    called="take_head(received), twice", **first.rows,
                    why="A client may send its next request before it has the answer to the first (RFC 9112 section "
                        "9.3.2).")
        second.expect_left(b"next")

    def test_each_of_two_generators_takes_its_own_head(self):
        one = Taking("take_head", [b"GET /one", b" HTTP/1.1\r\n\r\n"])
        other = Taking("take_head", [b"GET /o", b"ther\r\n\r\n"])
        one.begin(), other.begin()
        heads = [one.run(), other.run()]
        expect_same(heads, [b"GET /one HTTP/1.1", b"GET /other"], problem="two clients at once: the heads are mixed up",
                    called="two generators, by turns",
                    sent=f"{one.rows['sent']}; by another client {other.rows['sent']}",
                    why="While one generator pauses, others run. What belongs to one client is in the generator's own "
                        "variables, and in its received: nothing of it is in the module.")

    def test_it_pauses_as_often_as_it_takes(self):
        blocks = [b"GET / HTTP/1.1\r\n", *[b"X: %d\r\n" % number for number in range(50)], b"\r\nnext"]
        head = b"".join(blocks)[:-8]
        expect_head_taken(blocks, head, b"next", refused="a head in many blocks is not taken",
                          why="Pause as often as it takes, in a loop.")

    @pytest.mark.parametrize("head", [b"", b" \t GET \xff \t", b"a\n\nb\r\rc\n\r\nd\r", b"\r\n a"], ids=[
        "an empty one", "spaces, a byte beyond ASCII", "other line ends", "CRLF first"])
    def test_the_bytes_before_the_blank_line_come_back_as_they_are(self, head):
        why = "The head is all bytes before the first b'\\r\\n\\r\\n', and goes on to parse_head as it is."
        expect_head_taken([head + BLANK_LINE + b"next"], head, b"next", why=why if head else EMPTY,
                          refused="a head is not taken" if head else "an empty head is not taken")

    @pytest.mark.parametrize("cuts", [(), (-4,), (-4, -3, -2, -1)], ids=[
        "in one block", "the blank line later", "each byte of the blank line alone"])
    def test_a_head_of_max_head_bytes_is_taken(self, cuts):
        data = head_with(ch06.MAX_HEAD) + BLANK_LINE
        edges = [0, *(cut % len(data) for cut in cuts), len(data)]
        blocks = [data[begin:end] for begin, end in zip(edges, edges[1:], strict=False)]
        expect_head_taken(blocks, data[:-4], refused="a head of MAX_HEAD bytes is refused",
                          why="MAX_HEAD counts the head alone: with its blank line there are four bytes more. While "
                              "that has not come, MAX_HEAD + 3 bytes may be a head and a part of that.")

    @pytest.mark.parametrize("first", [None, 10, -4], ids=["in one block", "in two", "the blank line later"])
    def test_a_head_of_one_byte_more_is_refused(self, first):
        data = head_with(ch06.MAX_HEAD + 1) + BLANK_LINE
        blocks = [data] if first is None else [data[:first], data[first:]]
        expect_head_too_large(blocks, "a head of MAX_HEAD + 1 bytes is accepted")

    @pytest.mark.parametrize("more, blocks", [(4, 1), (4, 2), (70_000, 2)],
                             ids=["in one block", "in two", "in two, far too long"])
    def test_a_head_without_end_is_refused_as_soon_as_it_is_certain(self, more, blocks):
        data = head_with(ch06.MAX_HEAD + more)
        expect_head_too_large([data] if blocks == 1 else [data[:1_000], data[1_000:]],
                              f"MAX_HEAD + {more} bytes without a blank line do not raise HeadTooLarge")

    def test_a_head_that_is_too_large_is_refused_whatever_follows(self):
        expect_head_too_large([head_with(ch06.MAX_HEAD + 1) + BLANK_LINE + REQUEST * 2],
                              "a head of MAX_HEAD + 1 bytes is accepted, where another request follows")

    def test_a_generator_that_pauses_can_be_closed(self):
        taking = Taking("take_head", [b"GET /"])
        taking.expect_paused("it ends before the blank line has come", WAITS)
        with blaming("a generator that pauses cannot be closed", "When the client hangs up, its generator is closed: "
                     "GeneratorExit is raised at the `yield`, and must come out.", **taking.rows,
                     called="next(taking), and then taking.close()", expected="nothing is raised"):
            taking.generator.close()
