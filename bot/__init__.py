"""Sprung: the friend who springs the question on you."""

__version__ = "0.1.0"
