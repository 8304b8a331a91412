"""What of a text may leave: secrets by name, by form and by the user's own rules. Plain functions on bytes, no I/O.

`redact_text` is the way in for bodies, headers and messages, `redact_url` for addresses; `rules_source` makes rules.
"""
