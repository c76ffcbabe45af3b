"""Where a session of pytest keeps its run of the contract. It imports nothing, so that other sessions lose no time."""
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wsgi_contract.contract_run import ContractRun

RUN: "pytest.StashKey[ContractRun]" = pytest.StashKey()
