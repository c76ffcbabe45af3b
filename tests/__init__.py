"""The checks: one file for each chapter, what they share in `harness/`, and what proves this repository in `repository/`."""
