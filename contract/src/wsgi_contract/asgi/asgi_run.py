"""The run of a server of ASGI: that of a server, with other servers, another probe and other records."""
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wsgi_contract.asgi.asgi_programs import ASGI_SERVERS
from wsgi_contract.contract_run import ServerRun, merged
from wsgi_contract.pytest_options import ASGI
from wsgi_contract.server_records import path_of_record
from wsgi_contract.under_test import OwnServer, installed

ASGI_RECORDS = Path(__file__).parent / "records"


class AsgiRun(ServerRun):
    """The run of a server of ASGI."""

    kind = verb = ASGI
    standard = "ASGI"
    application = "coroutine_probe:application"
    real_servers = ASGI_SERVERS
    records = ASGI_RECORDS

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        if program := getattr(self.real, "mounted", None):
            self.under_test.start_mounted = partial(installed, program, self.application)

    @property
    def has_record(self) -> bool:
        """Whether the suite has a record of the server, which may be a plugin's, or a place for one."""
        return super().has_record or self.name in self.own and path_of_record(self.name, folder=self.records).exists()

    def own_servers(self, hook: Any) -> dict[str, OwnServer]:
        """Return the servers of ASGI that plugins add."""
        return merged(hook.pytest_contract_asgi_servers())

    def default_server(self) -> str | None:
        """Return the name of the server of ASGI to check where none is named."""
        return self.config.hook.pytest_contract_default_asgi_server()
