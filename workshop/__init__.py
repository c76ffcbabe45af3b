"""The command of learners and teachers: `python3 -m workshop`."""
import os
import sys

if sys.argv[:1] == ["-m"] and sys.path[0] == os.path.dirname(__path__[0]):  # while Python looks for what -m names
    sys.path.append(sys.path.pop(0))  # your files beside the README hide no modules of Python's from the command
