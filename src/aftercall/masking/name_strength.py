"""How sure a name is that of a secret: from its words, by what stands last, before it and behind it.

The last word decides: what tells about a secret (`token_type`) is none, and what is neutral (`password_hash`) changes
nothing. Then the words are looked at from the last to the first.
"""

from __future__ import annotations

from aftercall.masking import FAINT, NONE, STRONG, WEAK
from aftercall.masking import secret_words as words
from aftercall.masking.name_words import words_of


def judge(name: str) -> int:
    """For names that hold a stem, or a letter beyond ASCII's."""
    lower = name.lower()
    if not name.isascii() and _is_foreign(lower):
        return STRONG
    if is_file(lower):
        return NONE
    if lower.replace("_", "") in words.FAINT_NAMES:
        return FAINT
    at = lower.find("2fa")
    if at >= 0 and not name[at + 3 : at + 4].islower():
        name = f"{name[:at]}_twofa_{name[at + 3 :]}"
    return of_words(words_of(name))


def _is_foreign(lower: str) -> bool:
    spaced = lower.replace("_", " ").replace("-", " ")
    return any(foreign in spaced for foreign in words.FOREIGN)


def is_file(lower: str) -> bool:
    """`password.go`."""
    before, dot, end = lower.rpartition(".")
    return bool(dot and before) and end in words.FILES


def of_words(found: list[str]) -> int:
    """Of a name that was cut into these words, all lower case."""
    if found[:1] == ["x"]:
        return _of_header(found[1:])
    if not found:
        return NONE
    if len(found) > 1 and (found[0] in words.NOT_FIRST or _is_of_public_key(found)):
        return NONE
    if tuple(found[-2:]) in words.PAIRS or _is_whole(found):
        return STRONG
    if len(found) > 1 and found[-1] in words.ABOUT:
        return NONE
    end = len(found)
    while end > 1 and found[end - 1] in words.NEUTRAL:
        end -= 1
    core = found[:end]
    if not words.LINKS.isdisjoint(core):
        core = [word for word in core if word not in words.LINKS] or core
    return max(_of_last(core), _of_any(core))


def _of_header(found: list[str]) -> int:
    """`X-Acme-Key`: a vendor's own key is surer in a header than in a document."""
    if found == ["key"]:
        return FAINT
    strength = of_words(found)
    return WEAK if strength == FAINT and found[-1:] == ["key"] else strength


def _is_of_public_key(found: list[str]) -> bool:
    """`publicKeyMaterial`; but `public_key_password` is a secret."""
    at = found.index("public") if "public" in found else -1
    return at >= 0 and found[at + 1 : at + 2] in (["key"], ["keys"]) and words.ANYWHERE.isdisjoint(found)


def _is_whole(found: list[str]) -> bool:
    return "".join(found[-2:]) in words.WHOLE or "".join(found[-3:]) in words.WHOLE


def _of_last(core: list[str]) -> int:
    """By the word that names the value, and the one before it."""
    last, before = core[-1], core[-2] if len(core) > 1 else ""
    if (before, last) in words.PAIRS or last in words.ANYWHERE:
        return STRONG
    if last in _BY_WORD_BEFORE:
        return STRONG if before in _BY_WORD_BEFORE[last] else NONE
    if last == "key":
        return _of_key(core, before)
    if last in {"token", "tokens"}:
        return _of_token(core, before) if last == "token" else _of_tokens(before)
    if last == "pass":
        return STRONG if before in words.OWNERS else WEAK
    return _of_single(last, before)


_BY_WORD_BEFORE = {
    "keys": words.KEYS, "code": words.CODES, "codes": words.CODES, "number": words.NUMBERS,
}  # fmt: skip


def _of_single(last: str, before: str) -> int:
    if last in words.LAST:
        return STRONG
    if last in words.NOT_ALONE and not before:
        return FAINT
    return WEAK if last in words.LAST_OF_ANY else NONE


def _of_any(core: list[str]) -> int:
    """By the words before the last: a secret of many, or a part of one."""
    for at in range(len(core) - 1):
        word, following = core[at], core[at + 1]
        if word in words.ANYWHERE or (word, following) in words.PAIRS:
            return WEAK
        if following == "key" and word in words.KEYS and at < len(core) - 2:
            return WEAK
        if word == "token" and (at == 0 or core[at - 1] not in words.CURSORS):
            return FAINT
    return NONE


def _of_token(core: list[str], before: str) -> int:
    if before in words.CURSORS or not words.OF_LISTS.isdisjoint(core) or core[-3:-1] == ["client", "request"]:
        return NONE
    if before in words.IDEMPOTENCY:
        return FAINT
    return STRONG if before else WEAK


def _of_tokens(before: str) -> int:
    if before in words.TOKENS_OF:
        return STRONG
    if before in words.COUNTED:
        return NONE
    return FAINT if before else WEAK


def _of_key(core: list[str], before: str) -> int:
    if len(before) < 2 or core[0] in {"public", "publishable"} or before in words.NO_KEYS:
        return NONE
    return STRONG if before in words.KEYS else FAINT
