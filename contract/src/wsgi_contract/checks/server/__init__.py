"""Checks of a running server: a client on a raw socket on one side of it, the probe application on the other."""
