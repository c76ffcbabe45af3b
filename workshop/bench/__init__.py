"""Measuring what a server costs."""
