"""The checks: a file for each chapter, what they share in `harness/`, what proves this repository in `repository/`."""
