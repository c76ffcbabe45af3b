"""Checks of duties: middleware and applications are called as a server calls them."""
