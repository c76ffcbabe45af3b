"""The probe: the application that a server is checked with. wsgi_probe.py is one file that needs nothing else."""
from wsgi_contract.probe.wsgi_probe import application

__all__ = ["application"]
