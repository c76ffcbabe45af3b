"""Job Objects of Windows: what is in a job ends with the process that has made the job, even if that is killed.

It is a process alone, or one with all that it starts, also with what leaves its group, and with a limit of memory.
Other systems have no such thing, and need none: see containment.py.
"""
import ctypes
import subprocess
import sys
from typing import Any

from workshop.machine.resource_limits import MEMORY

KILL_ON_CLOSE, LEAVE_CHILDREN_OUT, LIMIT_MEMORY = 0x2000, 0x1000, 0x0200  # of JOBOBJECT_BASIC_LIMIT_INFORMATION
EXTENDED_LIMITS = 9  # the kind of limits that ExtendedLimits are

# What is in a job.
CONTAINED = KILL_ON_CLOSE | LIMIT_MEMORY  # a process and all that it starts
ALONE = KILL_ON_CLOSE | LEAVE_CHILDREN_OUT  # a process and nothing that it starts, such as a browser


class BasicLimits(ctypes.Structure):
    _fields_ = [("PerProcessUserTimeLimit", ctypes.c_int64), ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", ctypes.c_uint32), ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t), ("ActiveProcessLimit", ctypes.c_uint32),
                ("Affinity", ctypes.c_size_t), ("PriorityClass", ctypes.c_uint32), ("SchedulingClass", ctypes.c_uint32)]


class ExtendedLimits(ctypes.Structure):
    _fields_ = [("Basic", BasicLimits), ("Io", ctypes.c_uint64 * 6), ("ProcessMemoryLimit", ctypes.c_size_t),
                ("JobMemoryLimit", ctypes.c_size_t), ("PeakProcessMemoryUsed", ctypes.c_size_t),
                ("PeakJobMemoryUsed", ctypes.c_size_t)]


class WindowsJob:
    """A job that a process is in, with the flags of its limits. Where there are no jobs, nothing is done."""

    def __init__(self, process: subprocess.Popen[Any], flags: int) -> None:
        self.handle = None
        if sys.platform == "win32":
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = ctypes.c_void_p
            self.handle = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
            limits = ExtendedLimits(BasicLimits(LimitFlags=flags), JobMemoryLimit=MEMORY)
            kernel.SetInformationJobObject(self.handle, EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
            kernel.AssignProcessToJobObject(self.handle, ctypes.c_void_p(int(process._handle)))

    def end(self) -> None:
        """End all processes of the job."""
        if sys.platform == "win32" and self.handle:
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.TerminateJobObject(self.handle, 1)
            kernel.CloseHandle(self.handle)
            self.handle = None
