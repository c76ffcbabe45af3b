"""Right versions of the steps, written differently from the reference."""
