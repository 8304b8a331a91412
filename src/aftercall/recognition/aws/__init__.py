"""Calls of AWS: what service, what operation, on what, with what outcome."""
