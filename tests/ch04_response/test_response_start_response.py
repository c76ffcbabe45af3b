"""Step 4.4 · Response.start_response"""
import pytest

from tests.ch04_response.common import NEW, OLD, WRONG_CALLS, fresh_response, state_of
from tests.expect import expect_raised, which_differ
from workshop.checking.diagnosis import expect_same, expect_that

NAMES = ("self.status", "self.headers")


@pytest.mark.step("4.4")
class TestStartResponse:
    @pytest.mark.clause(81)
    def test_it_returns_the_write_callable(self):
        response, written = fresh_response(), []
        response.write = written.append
        write = response.start_response(*NEW)
        expect_that(callable(write), "start_response does not return write", came_back=repr(write),
                    expected="self.write",
                    why="Old applications send their body by calling what start_response returns (PEP 3333, The "
                        "write() Callable).")
        write(b"hello")
        expect_same(written, [b"hello"], problem="what start_response returns is not self.write",
                    why="Bytes given to it are sent as if they were yielded (PEP 3333, The write() Callable).")

    def test_each_response_has_a_write_of_its_own(self):
        writes, written = [], ([], [])
        for blocks in written:
            response = fresh_response()
            response.write = blocks.append
            writes.append(response.start_response(*NEW))
        writes[1](b"hello")
        expect_same(written, ([], [b"hello"]), problem="the write of one response writes into another",
                    called="start_response of two responses; then the second write, with b'hello'",
                    why="Each client gets its own response: return the write of self, and keep none elsewhere.")

    @pytest.mark.clause(80, 91)
    def test_status_and_headers_are_kept(self):
        response = fresh_response()
        response.start_response(*OLD)
        expect_same(state_of(response), OLD, of="self.status, self.headers",
                    problem=f"{which_differ(state_of(response), OLD, NAMES)} is not what the application gave",
                    why="They are sent later, with the first block (PEP 3333, The start_response() Callable).")

    @pytest.mark.clause(91)
    def test_nothing_is_sent(self):
        response = fresh_response()
        response.start_response(*NEW)
        expect_same(response.connection.sent, b"", of="sent to the client",
                    problem="start_response sends the head at once",
                    why="The application may still fail and start an error page instead (PEP 3333, The "
                        "start_response() Callable).")
        expect_that(not response.head_sent, "start_response says that the head was sent",
                    why="The head goes with the first block that is not empty.")

    @pytest.mark.parametrize("headers", [[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], [("X-A", "1")] * 2, []],
                             ids=["of one name", "that are equal", "none"])
    def test_headers_are_kept_one_by_one(self, headers):
        response = fresh_response()
        response.start_response("200 OK", headers)
        expect_same(response.headers, headers, problem="self.headers is not the list that the application gave",
                    why="Each pair is sent as a header of its own, also if its name comes twice: keep the list that "
                        "`self.checked` returns (RFC 9110 section 5.3).")

    @pytest.mark.parametrize("before", [[("Content-Type", "text/plain")], []], ids=["a header", "no header"])
    @pytest.mark.clause(87)
    def test_the_application_cannot_add_headers_behind_your_back(self, before):
        response, headers = fresh_response(), list(before)
        response.start_response("200 OK", headers)
        headers.append(("X-Late", "1\r\nSet-Cookie: role=admin"))
        expect_same(response.headers, before, of="self.headers",
                    problem="self.headers is the application's own list, and no copy",
                    why="What is added to that list after the call was checked by nobody; `self.checked` returns a "
                        "copy.")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(82, 84, 87, 89, 90)
    def test_what_is_wrong_is_raised_at_once(self, what):
        error, status, headers = WRONG_CALLS[what]
        expect_raised(error, lambda: fresh_response().start_response(status, headers),
                      problem=f"start_response accepts {what}",
                      why="Raised here, it points at the line of the application that made the mistake (PEP 3333, "
                          "The start_response() Callable).")

    @pytest.mark.parametrize("what", WRONG_CALLS)
    @pytest.mark.clause(90)
    def test_a_call_that_is_refused_keeps_nothing(self, what):
        response, (error, status, headers) = fresh_response(), WRONG_CALLS[what]
        expect_raised(error, lambda: response.start_response(status, headers),
                      problem="a wrong call is accepted", why="All is checked before anything is kept.")
        expect_same(state_of(response), (None, []), of="self.status, self.headers",
                    problem="something is kept of a call that was refused",
                    why="If the application carries on all the same, half a head would be sent: keep both when both "
                        "have been found right, whatever may be wrong.")
