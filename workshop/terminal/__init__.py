"""The terminal: what it can show, and the keys that are pressed in it."""
