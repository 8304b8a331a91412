"""Formats of the world outside: JSON, dates, URLs, what of bytes is text. Imports nothing of ours; no I/O."""
