"""Why a value under a name with a secret's words is shown: by the name, by a rule of the user's, or by the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.masking import NONE
from aftercall.masking import secret_words as words
from aftercall.masking.cookie_names import ATTRIBUTES, is_secret_cookie
from aftercall.masking.name_strength import is_file
from aftercall.masking.name_words import words_of
from aftercall.masking.names import PARAMETERS, strength_of
from aftercall.masking.under_name import why_harmless
from aftercall.masking.url_fields import is_secret_field

if TYPE_CHECKING:
    from aftercall.masking.rules import Rules

_SECRETS = (words.ANYWHERE | words.LAST | words.LAST_OF_ANY | {"token", "tokens"}) - words.NOT_ALONE
"""A name with one of these is one that people look at twice."""


def why_shown(name: str, value: str, rules: Rules, *, quoted: bool, is_parameter: bool = False) -> str:
    """In words; empty if the name has no secret's words, or if nothing tells why the value is shown."""
    if strength_of(name) == NONE:
        if is_parameter and name.lower() in PARAMETERS:
            return "" if is_secret_field(name, value) else "a parameter is secret under this name only if it looks so"
        return _why_no_secret(name)
    if rules.allows(name):
        return "your rules allow this name"
    return why_harmless(name, value, quoted=quoted)


def why_shown_cookie(name: str, value: str) -> str:
    is_told = name.lower() not in ATTRIBUTES and not is_secret_cookie(name, value)
    return "what a cookie tells: a choice, a number, or who visits" if is_told else ""


def _why_no_secret(name: str) -> str:
    found = words_of(name)
    if _SECRETS.isdisjoint(found):
        return ""
    if is_file(name.lower()):
        return "the name of a file"
    if found[0] in words.NOT_FIRST:
        return f"a name that begins with {found[0]!r} tells about a secret"
    if found[-1] in words.ABOUT:
        return f"a name that ends with {found[-1]!r} tells about a secret"
    return _why_no_token(found[-1], set(found[:-1])) or "its words together name no secret"


def _why_no_token(last: str, before: set[str]) -> str:
    if last == "token" and before & (words.CURSORS | words.OF_LISTS):
        return "a place in a list or in a language, by the word before 'token'"
    if last == "tokens" and before & words.COUNTED:
        return "a number of tokens, by the word before 'tokens'"
    return ""
