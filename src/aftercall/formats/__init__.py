"""Formats of the world outside: JSON, dates, URLs, text in bytes. Imports nothing of ours; no I/O."""
