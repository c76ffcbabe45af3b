"""Packages as files, for machines without a network: which wheels a system and a Python need, and fetching them.

uv says what the locked versions are and where their wheels lie; a wheel's tags say which systems and Pythons it is
for. The packages `packaging` and, for Python 3.10, `tomli` must be there: they come with pytest.
"""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.machine.install_remedies import remedy_for
from workshop.machine.trouble import Trouble
from workshop.machine.virtual_environment import CONSTRAINTS, INSTALLERS, PROGRAM, plain_environment

if TYPE_CHECKING:
    from packaging.tags import Tag

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
LATEST = 99  # stands for the last release of a Python, and 0 for the first: markers may tell them apart
MACOS = (14, 0)
GLIBC = range(28, 4, -1)  # glibc 2.28 is in every Linux that is still looked after
OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
AT_ONCE = 8  # downloads
ATTEMPTS = 3
SECONDS = 60  # without a byte


@dataclass(frozen=True)
class System:
    """A kind of machine."""

    name: str
    machine: str
    markers: tuple[str, str, str]  # sys_platform, os_name, platform_system

    def platforms(self) -> list[str]:
        """Return the platforms, as in the names of wheels, whose wheels it can install."""
        from packaging.tags import mac_platforms

        if self.markers[0] == "linux":
            names = [name for minor in GLIBC for name in [f"manylinux_2_{minor}", OLD_NAMES.get(minor)] if name]
            return [f"{name}_{self.machine}" for name in [*names, "linux"]]
        return [f"win_{self.machine}"] if self.markers[0] == "win32" else list(mac_platforms(MACOS, self.machine))

    def tags(self, python: str) -> list[Tag]:
        """Return the tags of the wheels that a Python ("3.12") can install here, the best one first."""
        from packaging.tags import compatible_tags, cpython_tags

        version = tuple(map(int, python.split(".")))
        platforms = self.platforms()
        return [*cpython_tags(version, platforms=platforms),
                *compatible_tags(version, f"cp{python.replace('.', '')}", platforms)]

    def environments(self, python: str) -> list[dict[str, str]]:
        """Return the values of markers for a Python ("3.12") here, in its first release and its last."""
        names = zip(("sys_platform", "os_name", "platform_system"), self.markers, strict=True)
        fixed = {**dict(names), "platform_machine": self.machine, "python_version": python,
                 "implementation_name": "cpython", "platform_python_implementation": "CPython"}
        return [fixed | {"python_full_version": f"{python}.{release}"} for release in (0, LATEST)]


SYSTEMS = {system.name: system for system in (
    System("linux", "x86_64", ("linux", "posix", "Linux")),
    System("linux-arm", "aarch64", ("linux", "posix", "Linux")),
    System("windows", "amd64", ("win32", "nt", "Windows")),
    System("macos", "arm64", ("darwin", "posix", "Darwin")),
    System("macos-intel", "x86_64", ("darwin", "posix", "Darwin")),
)}
USUAL = tuple(name for name in SYSTEMS if name != "linux-arm")


@dataclass(frozen=True)
class Wheel:
    """A file of a package index."""

    url: str
    size: int  # bytes
    sha256: str

    @property
    def name(self) -> str:
        return urllib.parse.unquote(self.url.rpartition("/")[2])

    def is_in(self, folder: Path) -> bool:
        """Tell whether it is in a folder, whole."""
        path = folder / self.name
        return path.is_file() and path.stat().st_size == self.size and self.is_whole(path.read_bytes())

    def is_whole(self, content: bytes) -> bool:
        return hashlib.sha256(content).hexdigest() == self.sha256


def uv_beside(environment: Path) -> str:
    """Return the path of uv: that of a virtual environment, or the machine's. Raises Trouble if there is none."""
    folder = (environment / PROGRAM).parent
    if found := shutil.which("uv", path=str(folder)) or shutil.which("uv"):
        return found
    raise Trouble("wheels looks the packages up with uv, and there is none here: run "
                  f"{environment / PROGRAM} -m pip install uv, then the same command again.")


def locked(requirements: Sequence[str], root: Path, uv: str) -> list[dict[str, Any]]:
    """Return the packages that requirements files ask for, in locked versions, as pylock.toml has them (PEP 751).

    Raises Trouble without a network.
    """
    words = [uv, "pip", "compile", *requirements, "-", "-c", CONSTRAINTS, "--universal", "--python-version", PYTHONS[0],
             "--format", "pylock.toml", "--no-header", "--quiet"]
    ended = subprocess.run(words, input="\n".join(INSTALLERS), capture_output=True, text=True, encoding="utf-8",
                           cwd=root, env=plain_environment(UV_PYTHON_DOWNLOADS="never"))
    if ended.returncode:
        raise Trouble(remedy_for(ended.stderr))
    return packages_of(ended.stdout)


def packages_of(text: str) -> list[dict[str, Any]]:
    """Return the packages of the text of a pylock.toml."""
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10
        import tomli as tomllib  # type: ignore[no-redef,unused-ignore]
    return tomllib.loads(text)["packages"]


def wheel_for(package: dict[str, Any], tags: Sequence[Tag]) -> Wheel | None:
    """Return the wheel of a package that suits tags best, None if none does."""
    from packaging.utils import parse_wheel_filename

    rank = {tag: place for place, tag in enumerate(tags)}
    wheels = [Wheel(wheel["url"], wheel["size"], wheel["hashes"]["sha256"]) for wheel in package.get("wheels", ())]
    ranked = [(min(places), wheel.url, wheel) for wheel in wheels
              if (places := [rank[tag] for tag in parse_wheel_filename(wheel.name)[3] if tag in rank])]
    return min(ranked)[2] if ranked else None


def is_needed(package: dict[str, Any], environments: Iterable[dict[str, str]]) -> bool:
    """Tell whether a package's marker, if it has one, is true in one of some environments."""
    from packaging.markers import Marker

    marker = package.get("marker")
    return not marker or any(Marker(marker).evaluate(one) for one in environments)


def needed(packages: Sequence[dict[str, Any]], systems: Iterable[str],
           pythons: Sequence[str]) -> tuple[list[Wheel], list[str]]:
    """Return the wheels for all systems and Pythons, each once; and a sentence for each that there is none of."""
    wheels: dict[str, Wheel] = {}
    missing = []
    for name in systems:
        for python in pythons:
            tags, environments = SYSTEMS[name].tags(python), SYSTEMS[name].environments(python)
            for package in packages:
                if is_needed(package, environments):
                    if wheel := wheel_for(package, tags):
                        wheels[wheel.name] = wheel
                    else:
                        missing.append(f"There is no wheel of {package['name']} {package['version']} for {name} with "
                                       f"Python {python}.")
    return list(wheels.values()), missing


def fetch(wheels: Sequence[Wheel], folder: Path) -> Iterator[Wheel]:
    """Bring wheels into a folder, some at a time; yield each when it is there. Raises Trouble, and OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(bring, wheel, folder) for wheel in wheels]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def bring(wheel: Wheel, folder: Path) -> Wheel:
    """Bring a wheel into a folder, unless it is there, and return it. Raises Trouble, and OSError."""
    if not wheel.is_in(folder):
        content = attempted(lambda: download(wheel.url))
        if not wheel.is_whole(content):
            raise Trouble(f"{wheel.name} has come with other bytes than the index promises: something on this network "
                          "changes files. Use another network, and run the same command again.")
        half = folder / f"{wheel.name}.part"  # a name that no installer takes for a wheel
        half.write_bytes(content)
        os.replace(half, folder / wheel.name)
    return wheel


def attempted(action: Callable[[], bytes]) -> bytes:
    """Return what an action returns at one of some attempts. Raises Trouble if each ends with an OSError."""
    for left in reversed(range(ATTEMPTS)):
        try:
            return action()
        except OSError as error:
            if not left:
                raise Trouble(remedy_for(f"timed out: {error}"))
    raise AssertionError("not reached")


def download(url: str) -> bytes:
    """Return what is at a URL. Raises OSError."""
    with urllib.request.urlopen(url, timeout=SECONDS) as response:
        return response.read()
