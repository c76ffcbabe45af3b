"""How much memory and how large a file a process that runs a learner's code may have.

Here are its limits on systems that have the module resource; on Windows the MEMORY is the limit of a Job Object (see
windows_jobs.py). How much of what it prints is kept is said in containment.py, and how long it may run in deadline.py.
"""
import contextlib

MEMORY = 900 << 20  # bytes: of each process; on Windows, of all processes of a job together
LIMITS = {  # of the process and each that it starts, by their names in the module resource
    "RLIMIT_DATA": MEMORY,  # stacks of threads included
    "RLIMIT_AS": 4 << 30,  # bytes of addresses: much is set aside and never used
    "RLIMIT_FSIZE": 100 << 20,  # bytes of a file that it writes
    "RLIMIT_CORE": 0,
}


def limit_resources() -> None:
    """Limit what this process and those that it starts may take, where the system can."""
    with contextlib.suppress(ImportError):
        import resource

        for name, limit in LIMITS.items():
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (limit, resource.getrlimit(getattr(resource, name))[1]))
