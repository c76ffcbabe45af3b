"""Step 3.3 · wsgi_variables: ways to read wsgi.input"""
import pytest

from tests.ch03_environ.common import input_with
from tests.expect import blaming, expect_value

SIZE = 'read takes the number of bytes that the application wants (PEP 3333, section "Input and Error Streams").'


@pytest.mark.step("3.3")
class TestWsgiVariables:
    @pytest.mark.clause(64, 67)
    def test_reading_on_gives_the_end_of_file(self):
        stream = input_with(b"hello")
        with blaming("wsgi.input can't be read with read(100)", SIZE):
            came_back = [stream.read(100), stream.read(100), stream.read(), stream.readline()]
        expect_value(came_back, [b"hello", b"", b"", b""], problem="wsgi.input does not end where the body ends",
                     why="An application that reads too much gets the end of the file; it must not wait for bytes that "
                         'never come (PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(62)
    def test_reading_bit_by_bit_gives_the_body_once(self):
        stream = input_with(b"hello")
        with blaming("wsgi.input can't be read with read(2)", SIZE):
            came_back = [stream.read(2), stream.read(2), stream.read(2), stream.read(2)]
        expect_value(came_back, [b"he", b"ll", b"o", b""], problem="read(2) again and again does not give the body",
                     why='Large bodies are read bit by bit (PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(62)
    @pytest.mark.parametrize("read", [
        pytest.param(lambda stream: [stream.readline(), stream.readline(), stream.readline()], id="readline"),
        pytest.param(lambda stream: [*stream.readlines(), b""], id="readlines"),
        pytest.param(lambda stream: [*stream, b""], id="iteration"),
    ])
    def test_the_body_can_be_read_by_lines(self, read):
        expect_value(read(input_with(b"one\r\nt\rwo")), [b"one\r\n", b"t\rwo", b""],
                     problem="wsgi.input does not give lines as a binary file does",
                     why="A line keeps its end, and only `\\n` ends one (PEP 3333, section \"Input and Error "
                         'Streams").')

    @pytest.mark.clause(62)
    def test_each_way_of_reading_goes_on_where_the_last_one_stopped(self):
        stream = input_with(b"one\ntwo\nthree\nfour")
        came_back = [stream.read(1), stream.readline(), next(iter(stream)), stream.readlines()]
        expect_value(came_back, [b"o", b"ne\n", b"two\n", [b"three\n", b"four"]],
                     problem="read, readline, iteration and readlines do not go on where the last one stopped",
                     why="All of them read one stream, as they do of a file; a body is often read in two ways "
                         '(PEP 3333, section "Input and Error Streams").')

    @pytest.mark.clause(62)
    def test_readlines_takes_a_hint(self):
        stream = input_with(b"one\ntwo\n")
        with blaming("readlines of wsgi.input does not take a hint", called="readlines(100)",
                     why="Applications may say how many bytes they want, more or less (PEP 3333, section \"Input and "
                         'Error Streams").'):
            stream.readlines(100)
