"""What validators say about a field: `is too short`, `must be at least 8 characters`, `Field required`.

Such a message stands where the secret would. It is one only if it says so in the words of validators and all its words
are plain: a passphrase has no `must be`, and `is hunter2-Zx81` no plain word.
"""

from __future__ import annotations

_SURE = frozenset(
    """
    required invalid missing expired incorrect mismatch forbidden denied cannot can't couldn't doesn't isn't mustn't
    failed muss darf erforderlich ungültig obligatoire requis invalide requerido obligatorio inválido obrigatório
    unauthorized characters unrecognized malformed unsupported mandatory
    """.split()
)
"""A message with one of these is a validator's."""

_PAIRS = frozenset(
    """
    is too|is not|was not|must be|must have|must contain|must not|must match|must include|should be|should have
    |should contain|should not|should match|may not|at least|at most|not be|not allowed|not valid|not match|not found
    |not provided|not set|not empty|has not|is empty|is blank|is wrong|is weak|too short|too long|too weak|too common
    |length is|is entirely|entirely numeric
    |too similar|no match|please enter|please provide|please choose|failed to|expected string|input should|are not
    |can not|has been|is already|was already
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_MAX_WORDS, _MAX_BESIDE_PHRASES = 40, 10
_MAX_WORD = 20
_AROUND = ".,;:!?()[]'\"`{}<>=*"


def is_message(text: str, *, strictly: bool = False) -> bool:
    """`strictly`: the secret itself would be several words, twelve or more where they are drawn from a list."""
    words = [word.strip(_AROUND) for word in text.replace("(s)", "s").split()]
    words = [word for word in words if word]
    if not 2 <= len(words) <= (_MAX_BESIDE_PHRASES if strictly else _MAX_WORDS) or not all(map(_is_plain, words)):
        return False
    lower = [word.lower() for word in words]
    if not strictly and not _SURE.isdisjoint(lower):
        return True
    return any(f"{lower[at]} {lower[at + 1]}" in _PAIRS for at in range(len(lower) - 1))


def _is_plain(word: str) -> bool:
    """Of letters, one case but for the first, perhaps with dashes or underscores; or a small number."""
    if word.isascii() and word.isdigit():
        return len(word) < 4
    letters = word.replace("-", "").replace("_", "").replace("'", "").replace("\u2019", "")
    if not letters.isalpha() or len(word) > _MAX_WORD:
        return False
    return letters.islower() or letters.isupper() or letters.istitle()
