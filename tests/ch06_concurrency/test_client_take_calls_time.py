"""Step 6.6 · Client.take_calls: how long a client may take"""
import pytest

from tests.ch06_concurrency.arrivals import (
    GET,
    arriving,
    ch06,
    each_body,
    expect_next_call,
    expect_no_call,
    expect_waiting,
    resume,
)

IDLE = ("Between two requests a client may be silent for KEEP_ALIVE_SECONDS, from when the next one is asked for: "
        "self.wait(KEEP_ALIVE_SECONDS, idle=True), once for each request. Then pause while nothing has come; "
        "self.wait(REQUEST_SECONDS) comes after that.")
BEGUN = ("With its first bytes the request has begun, and the client is idle no longer: self.wait(REQUEST_SECONDS), "
         "once for each head. Whoever begins anew with each part of it is held by a client that sends a byte now and "
         "then (RFC 9110 section 15.5.9).")
ANSWERED = ("The client is idle when next() is called again, and not before: a server that is stopped drops the idle "
            "ones, and this one waits for its answer.")


@pytest.mark.step("6.6")
class TestTakeCalls:
    def test_a_client_that_is_silent_is_idle(self, clock):
        client = arriving()
        clock.now += 3
        expect_no_call(client)
        expect_waiting(client, clock, ch06.KEEP_ALIVE_SECONDS, True, "while nothing has come", IDLE)

    def test_a_client_that_is_silent_gets_no_more_time(self, clock):
        client = arriving()
        expect_no_call(client)
        for seconds in (5, 6):
            clock.now = 50 + seconds
            expect_no_call(client)
            expect_waiting(client, clock, ch06.KEEP_ALIVE_SECONDS - seconds, True,
                           f"it has been silent for {seconds} seconds", IDLE)

    @pytest.mark.parametrize("waits", [True, False], ids=["after a pause", "at once"])
    def test_a_request_begins_with_its_first_bytes(self, clock, waits):
        client = arriving()
        if waits:
            expect_no_call(client)
        clock.now += 7
        expect_no_call(client, b"G")
        expect_waiting(client, clock, ch06.REQUEST_SECONDS, False, "after the first byte of its head", BEGUN)

    def test_the_head_has_one_time_limit(self, clock):
        client = arriving()
        for seconds in range(5):
            expect_no_call(client, GET[seconds:seconds + 1])
            expect_waiting(client, clock, ch06.REQUEST_SECONDS - seconds, False,
                           f"{seconds} s after the first byte of its head", BEGUN)
            clock.now += 1

    @each_body
    def test_a_body_has_time_as_long_as_it_comes(self, clock, data):
        client, end = arriving(), data.index(b"\r\n\r\n") + 4
        for byte in [data[:end], *(data[place:place + 1] for place in range(end, len(data) - 1))]:
            clock.now += 9
            expect_no_call(client, byte)
            expect_waiting(client, clock, ch06.REQUEST_SECONDS, False, "after a part of the body",
                           "self.take_call sees to it: a large body may take long, as long as some of it comes.")

    def test_after_a_call_the_client_is_idle_again(self, clock):
        client = arriving()
        expect_next_call(client, GET)
        expect_waiting(client, clock, ch06.REQUEST_SECONDS, False, "while its request is answered", ANSWERED)
        clock.now += 40
        expect_no_call(client)
        expect_waiting(client, clock, ch06.KEEP_ALIVE_SECONDS, True, "after a Call, whose answer took 40 seconds", IDLE)
        clock.now += 2
        expect_no_call(client, b"GET /b")
        expect_waiting(client, clock, ch06.REQUEST_SECONDS, False, "after the first bytes of a second head", BEGUN)

    @pytest.mark.parametrize("second", [GET, GET[:9]], ids=["whole", "begun"])
    def test_what_has_come_with_the_request_before_has_begun(self, clock, second):
        client = arriving()
        expect_next_call(client, GET + second)
        clock.now += 40
        resume(client)
        expect_waiting(client, clock, ch06.REQUEST_SECONDS, False, "after a Call, when bytes of the next request have "
                                                                   "come with it", BEGUN)
