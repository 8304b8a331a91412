"""Cuts names into their words, in any spelling: `dbPassword`, `DB_PASSWORD`, `user[db-password]`, `dbpassword`.

Boundaries are changes of case, digits and punctuation. A word without any, such as `csrfmiddlewaretoken`, is cut if
all of it consists of words that names of secrets are made of; so `compass`, `monkey` and `passenger` stay whole. Each
letter is looked at as often as the longest known word has letters, at most.
"""

from __future__ import annotations

from aftercall.masking import secret_words as words

_KNOWN = frozenset().union(
    words.ANYWHERE, words.LAST, words.LAST_OF_ANY, words.KEYS, words.NO_KEYS, words.CODES, words.NUMBERS, words.ABOUT,
    words.NEUTRAL, words.NOT_FIRST, words.CURSORS, words.IDEMPOTENCY, words.COUNTED, words.TOKENS_OF, words.OWNERS,
    words.BESIDE, words.HARMLESS, *words.PAIRS, ("key", "keys", "code", "codes"),
)  # fmt: skip
_PIECES = frozenset(word for word in _KNOWN if len(word) > 2) | words.SHORT
_LONGEST = max(map(len, _PIECES))
_MAX_WORD = 64
_LETTERS_ONLY = "".join([chr(code) if chr(code).isalpha() else " " for code in range(128)])


def words_of(name: str) -> list[str]:
    """`AWSSecretAccessKey2` -> aws, secret, access, key."""
    found: list[str] = []
    for run in _runs(name):
        if run.islower() or run.isupper():
            found += _cut(run.lower())
            continue
        start = 0
        for at in range(1, len(run)):
            if run[at].isupper() and (run[at - 1].islower() or run[at + 1 : at + 2].islower()):
                found += _cut(run[start:at].lower())
                start = at
        found += _cut(run[start:].lower())
    return found


def _runs(name: str) -> list[str]:
    """What is of letters alone."""
    if name.isascii():
        return name.translate(_LETTERS_ONLY).split()
    return "".join([letter if letter.isalpha() else " " for letter in name]).split()


def _cut(word: str) -> list[str]:
    if word in _KNOWN or len(word) > _MAX_WORD:
        return [word]
    return _pieces(word) or _around_part(word)


def _pieces(word: str) -> list[str]:
    """The fewest known words that make up this one; none if there are no such."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(word) + 1):
        shortest = None
        for start in range(max(0, end - _LONGEST), end - 1):
            before = best[start]
            if before is None or word[start:end] not in _PIECES:
                continue
            if shortest is None or len(before) + 1 < len(shortest):
                shortest = [*before, word[start:end]]
        best.append(shortest)
    return best[-1] or []


def _around_part(word: str) -> list[str]:
    for part in words.PARTS:
        before, found, after = word.partition(part)
        if found:
            return [piece for piece in (before, part, after) if piece]
    for end in words.ENDS:
        if word.endswith(end):
            return [word[: -len(end)], end]
    return [word]
