"""Heads of HTTP messages without secrets. Lines and names that were harmless once are not looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.text import MASKED
from aftercall.masking.names import is_secret_header
from aftercall.masking.redact_url import redact_url
from aftercall.masking.tokens import MIN_TOKEN
from aftercall.pipeline.harmless import Harmless

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.http1.message import Message
    from aftercall.masking.rules import Rules

    Mask = Callable[[str], str]


class HeaderRedactor:
    """`guarded` and `message` mask as they do for the rest of a record."""

    def __init__(self, rules: Rules, *, guarded: Callable[[Mask, str], str], message: Mask) -> None:
        self._rules = rules
        self._guarded = guarded
        self._message = message
        self._harmless = Harmless()
        """Whole lines that are shown as they are."""
        self._plain_names = Harmless()
        """Names that are shown, and so are their values if nothing is found in them."""

    def shown(self, message: Message) -> list[tuple[str, str]]:
        harmless = self._harmless
        return [field if field in harmless else self._header(field) for field in message.headers]

    def _header(self, field: tuple[str, str]) -> tuple[str, str]:
        name, value = field
        if name in self._plain_names:
            shown = (name, self._shown_value(value))
        else:
            shown = (self._own(name), self._shown_header(name, value))
        if shown == field:
            self._harmless.note(field, len(name) + len(value))
        return shown

    def _shown_header(self, name: str, value: str) -> str:
        if self._rules.withholds("error"):
            return self._message(value)
        if _is_cookie(name):
            return self._own(self._guarded(_redact_cookie, value))
        if self._rules.is_key(name) or (is_secret_header(name) and not self._rules.allows(name)):
            return MASKED if self._rules.is_key(name) or self._rules.may_find(value) else _shown_secret(name, value)
        if not self._rules.may_find(name):
            self._plain_names.note(name, len(name))
        return self._shown_value(value)

    def _shown_value(self, value: str) -> str:
        if len(value) < MIN_TOKEN and value.isalnum():  # too short for a name with its value, and for a token
            return self._own(value)
        return self._message(redact_url(value) if "://" in value else value)

    def _own(self, text: str) -> str:
        """A text that the built-in rules let pass, masked by the function's own rules."""
        return self._message(text) if self._rules.may_find(text) else text


def _shown_secret(name: str, value: str) -> str:
    """Of a header with a secret's name: `Access-Control-Allow-Credentials: true`, or what tells how it was signed."""
    from aftercall.masking.credentials import redact_credentials  # noqa: PLC0415 - few messages have such a header
    from aftercall.masking.under_name import is_harmless  # noqa: PLC0415

    return value if is_harmless(name, value, quoted=True) else redact_credentials(name, value)


def _is_cookie(name: str) -> bool:
    return name.lower() in {"cookie", "set-cookie", "cookie2"}


def _redact_cookie(value: str) -> str:
    """The names stay: they say which cookies were sent."""
    from aftercall.masking.redact_text import redact_cookie  # noqa: PLC0415 - as in _redact_text

    return redact_cookie(value)
