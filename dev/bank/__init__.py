"""The bank of versions: mistakes and right answers for every step."""
