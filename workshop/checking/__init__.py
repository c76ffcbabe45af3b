"""Checking steps: the run of their checks, what the checks share, and the verdicts that come of them."""
