"""Reads: a session in, values or loaded rows out; nothing is changed here."""
