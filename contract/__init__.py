"""One contract, every server: the clauses of PEP 3333, and the checks that a running server is put to."""
