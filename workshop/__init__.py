"""The command of learners and teachers: `python3 -m workshop`."""
import os
import sys

ROOT = os.path.dirname(__path__[0])
CONTRACT = os.path.join(ROOT, "contract", "src")  # the package wsgi_contract, which all of this builds on

if sys.argv[:1] == ["-m"] and sys.path[0] == ROOT:  # while Python looks for what -m names
    sys.path.append(sys.path.pop(0))  # your files beside the README hide no modules of Python's from the command
if CONTRACT not in sys.path:
    sys.path.append(CONTRACT)
