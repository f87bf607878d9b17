"""Engross: a group writes its charter together and keeps an exact record of it."""

__version__ = "0.1.0"
