"""Packages as files: which wheels a system and a Python need, fetching them, and an installation from them alone."""
import functools
import hashlib
import http.server
import io
import threading
from pathlib import Path

import pytest

from dev import PROJECT
from dev.tests.test_environment import FakeRun, prepare, root  # noqa: F401
from workshop.machine import package_files
from workshop.machine.package_files import PYTHONS, SYSTEMS, Wheel, bring, fetch, locked, needed, packages_of, uv_beside
from workshop.machine.trouble import Trouble
from workshop.machine.virtual_environment import LEARNER, REPOSITORY, make_ready

LOCK = """\
lock-version = "1.0"

[[packages]]
name = "anyone"
version = "1.0"
wheels = [{ url = "u/anyone-1.0-py3-none-any.whl", size = 1, hashes = { sha256 = "a" } }]

[[packages]]
name = "windows-only"
version = "2.0"
marker = "os_name == 'nt'"
wheels = [{ url = "u/windows_only-2.0-py3-none-any.whl", size = 1, hashes = { sha256 = "a" } }]

[[packages]]
name = "before-a-release"
version = "3.0"
marker = "python_full_version < '3.11.5'"
wheels = [{ url = "u/before_a_release-3.0-py3-none-any.whl", size = 1, hashes = { sha256 = "a" } }]

[[packages]]
name = "compiled"
version = "4.0"
wheels = [
    { url = "u/compiled-4.0-cp312-cp312-manylinux2014_x86_64.whl", size = 1, hashes = { sha256 = "a" } },
    { url = "u/compiled-4.0-cp311-abi3-macosx_11_0_arm64.whl", size = 1, hashes = { sha256 = "a" } },
    { url = "u/compiled-4.0-cp312-cp312-win_amd64.whl", size = 1, hashes = { sha256 = "a" } },
    { url = "u/compiled-4.0-cp312-cp312-musllinux_1_1_x86_64.whl", size = 1, hashes = { sha256 = "a" } },
]
"""


@pytest.mark.parametrize("system, python, expected, missing", [
    ("linux", "3.12", ["anyone-1.0-py3-none-any", "compiled-4.0-cp312-cp312-manylinux2014_x86_64"], 0),
    ("windows", "3.12", ["anyone-1.0-py3-none-any", "windows_only-2.0-py3-none-any",
                         "compiled-4.0-cp312-cp312-win_amd64"], 0),
    ("macos", "3.13", ["anyone-1.0-py3-none-any", "compiled-4.0-cp311-abi3-macosx_11_0_arm64"], 0),
    ("macos", "3.10", ["anyone-1.0-py3-none-any", "before_a_release-3.0-py3-none-any"], 1),
    ("macos-intel", "3.12", ["anyone-1.0-py3-none-any"], 1),
    ("linux-arm", "3.11", ["anyone-1.0-py3-none-any", "before_a_release-3.0-py3-none-any"], 1),
])
def test_a_machine_gets_the_wheels_that_it_can_install(system, python, expected, missing):
    found, sentences = needed(packages_of(LOCK), [system], [python])
    assert [wheel.name.removesuffix(".whl") for wheel in found] == expected
    assert len(sentences) == missing and all("compiled 4.0 for" in sentence for sentence in sentences)


def test_a_wheel_for_many_is_there_once():
    found, _ = needed(packages_of(LOCK), SYSTEMS, PYTHONS)
    assert len(found) == len({wheel.name for wheel in found}) == 6


def index(folder, port):
    """Return the wheels of a folder, as an index on a port has them."""
    return [Wheel(f"http://127.0.0.1:{port}/{path.name}", path.stat().st_size,
                  hashlib.sha256(path.read_bytes()).hexdigest()) for path in sorted(folder.iterdir())]


@pytest.fixture
def served(tmp_path):
    """Two files, as wheels of an index on this machine, and the requests that came."""
    folder, seen = tmp_path / "index", []
    folder.mkdir()
    for name in ("one-1.0-py3-none-any.whl", "two-1.0-py3-none-any.whl"):
        (folder / name).write_bytes(name.encode() * 1000)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, form, *arguments):
            seen.append(arguments[0])

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield index(folder, server.server_port), seen
        server.shutdown()


def test_what_is_there_already_is_not_fetched_again(served, tmp_path):
    found, seen = served
    stick = tmp_path / "a stick" / "wheels"
    assert {wheel.name for wheel in fetch(found, stick)} == {path.name for path in stick.iterdir()}
    (stick / found[0].name).write_bytes(b"half")
    assert len(list(fetch(found, stick))) == 2 and len(seen) == 3
    assert all(wheel.is_in(stick) for wheel in found)


def test_other_bytes_than_the_index_promises_are_refused(served, tmp_path):
    wheel = served[0][0]
    with pytest.raises(Trouble, match="other bytes"):
        bring(Wheel(wheel.url, wheel.size, "0" * 64), tmp_path)
    assert not (tmp_path / wheel.name).exists()


def test_without_a_network_it_says_so_after_some_attempts(tmp_path, monkeypatch):
    asked = []

    def refuse(url):
        asked.append(url)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(package_files, "download", refuse)
    with pytest.raises(Trouble, match="could not be reached"):
        list(fetch([Wheel("u/one-1.0-py3-none-any.whl", 1, "a")], tmp_path))
    assert len(asked) == package_files.ATTEMPTS


@pytest.mark.parametrize("requirements", [LEARNER, REPOSITORY], ids=["for lab", "for test"])
def test_each_locked_package_has_a_wheel_for_each_usual_system_and_python(requirements):
    packages = locked(requirements, PROJECT.root, uv_beside(PROJECT.root / ".venv"))
    found, missing = needed(packages, package_files.USUAL, PYTHONS)
    assert not missing and {"uv", "pip"} <= {package["name"] for package in packages}
    assert any(wheel.name.startswith("pywinpty") for wheel in found)


def test_an_installation_from_a_folder_asks_no_index(root, tmp_path):  # noqa: F811
    stick = tmp_path / "my stick, 你好"
    stick.mkdir()
    with pytest.raises(Trouble, match="has no wheels in it"):
        make_ready(LEARNER, root, io.StringIO(), FakeRun(root), wheels=stick)
    (stick / "one-1.0-py3-none-any.whl").touch()
    run = FakeRun(root)
    make_ready(LEARNER, root, io.StringIO(), run, wheels=stick)
    for settings in run.settings:
        named = settings["env"]["PIP_FIND_LINKS"]
        assert " " not in named and Path(stick).as_uri() == named == settings["env"]["UV_FIND_LINKS"]
        assert settings["env"]["PIP_NO_INDEX"] == settings["env"]["UV_NO_INDEX"] == "1"


def test_other_installations_may_ask_the_index(root):  # noqa: F811
    assert all("PIP_NO_INDEX" not in settings["env"] for settings in prepare(root).settings)
