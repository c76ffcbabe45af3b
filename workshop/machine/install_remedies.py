"""What to do when packages cannot be installed: a sentence for each sign of it in what the installer prints."""
import sys

# The first row with a sign in the output of a failed program gives the sentence. Network errors come first,
# for pip follows them up with complaints about what it could not find.
REMEDIES = (
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLCertVerificationError"),
        "pip could not make sure that it talks to the real package index: something on this network reads encrypted "
        "connections. Use another network, or ask its administrator for the certificate file and put its path "
        "into the environment variable PIP_CERT; then run the same command again.",
    ),
    (
        (
            "NewConnectionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "NameResolutionError",
            "ProxyError",
            "Max retries exceeded",
            "Connection refused",
            "Connection reset",
            "Connection aborted",
            "connection broken",
            "timed out",
        ),
        "The internet, where the packages come from, could not be reached: check your connection and run the same "
        "command again. What is there so far is kept. Or install from a folder that somebody with a network has filled "
        "(`wheels DIR`): add `--wheels DIR` to the command.",
    ),
    (
        ("[Errno 28]", "[Errno 122]", "[WinError 112]", "No space left on device"),
        "The disk is full: free about 500 MB and run the same command again. What is installed so far is kept.",
    ),
    (
        ("[WinError 32]",),
        "A file in .venv is in use: stop JupyterLab and whatever else runs from .venv, and run the same command again.",
    ),
    (
        ("[Errno 13]", "[Errno 30]", "[WinError 5]", "Permission denied", "Read-only file system"),
        "Nothing can be written into this folder: move the workshop to a folder of your own, for example in your "
        "home folder, and run the same command there.",
    ),
    (
        ("[Errno 1] Operation not permitted", "[Errno 45]", "[Errno 95]", "Operation not supported"),
        "This disk cannot hold the links that .venv needs, as most memory sticks (exFAT, FAT32) cannot: move the "
        "workshop to a folder on the computer's own disk, and run the same command there.",
    ),
    (
        ("No module named ensurepip", "No module named venv", "ensurepip is disabled"),
        "This Python cannot make virtual environments yet: run `sudo apt install python{version}-venv` (on Debian "
        "and Ubuntu; elsewhere, install Python from https://www.python.org/downloads/), then run the same command "
        "again.",
    ),
    (
        ("Failed to build", "Failed building wheel", "subprocess-exited-with-error", "No matching distribution found"),
        "pip found a package that it cannot install for Python {version} on this computer: use another Python, for "
        "example: {other} -m workshop lab (pip said: {last_line})",
    ),
)

WELL_SUPPLIED = ("3.12", "3.13")  # versions of Python

UNKNOWN = (
    "The installation stopped with: {last_line}\nRun the same command again; if that does not help, delete the folder "
    ".venv and run it once more."
)


def remedy_for(output: str) -> str:
    """Return the sentence that says what to do after a program failed with this output."""
    last_line = (output.strip().splitlines() or ["no message"])[-1].strip()
    fitting = (sentence for signs, sentence in REMEDIES if any(sign in output for sign in signs))
    return next(fitting, UNKNOWN).format(version=python_version(), last_line=last_line, other=another_python())


def another_python(platform: str = sys.platform) -> str:
    """Return how one starts a Python of another version than this one, for which there are all packages."""
    version = next(version for version in WELL_SUPPLIED if version != python_version())
    return f"py -{version}" if platform == "win32" else f"python{version}"


def python_version() -> str:
    """Return the version of the running Python as people name it: "3.12"."""
    return "{}.{}".format(*sys.version_info)
