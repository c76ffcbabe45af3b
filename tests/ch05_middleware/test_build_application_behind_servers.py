"""Step 5.10 · build_application"""
import pytest

from tests.ch05_middleware.common import VISITS, blamed
from workshop.checking.diagnosis import expect_same, expect_that
from workshop.checking.serving import COMPARED


@pytest.mark.program
@pytest.mark.step("5.10")
@pytest.mark.parametrize("answers", COMPARED, indirect=True)
@pytest.mark.parametrize("visit", VISITS)
class TestBuildApplicationBehindServers:
    WHY = 'An application is the same behind every server: that is what WSGI is for (PEP 3333, "Rationale and Goals").'

    def test_the_answer_is_the_application_s_own(self, answers, expected, visit, request):
        server = request.node.callspec.params["answers"]
        came_back, own = answers[visit], expected[visit]
        rows = {"sent": " ".join(VISITS[visit][:2]), **blamed(server)}
        expect_same(came_back.status, own.status, self.WHY, problem=f"{server} answers with another status", **rows)
        expect_same(came_back.without_length(), own.without_length(), self.WHY,
                    problem=f"{server} answers with other headers", **rows)
        expect_same(came_back.body, own.body, self.WHY, problem=f"{server} answers with another body", **rows)
        expect_that(not own.announced() or came_back.announced() == str(came_back.length),
                    f"{server} answers with another Content-Length", self.WHY, came_back=came_back.announced(),
                    expected=came_back.length, **rows)
