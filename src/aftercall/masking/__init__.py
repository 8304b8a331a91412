"""Masks secrets in texts: by name, by form, and by the user's own rules. Plain functions on bytes, no I/O.

Callers use `redact_text` for bodies, headers and messages, `redact_url` for addresses; `rules_source` makes rules.
"""

NONE, FAINT, WEAK, STRONG = 0, 1, 2, 3
"""How sure a name is that of a secret. FAINT: a random value under it is one. WEAK: all but plain words, small
numbers, prose. STRONG: nearly all."""
