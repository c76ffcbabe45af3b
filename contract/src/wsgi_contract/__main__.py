"""`python -m wsgi_contract` is the command wsgi-contract."""
import sys

from wsgi_contract.command_line import main

sys.exit(main())
