"""What a line about a setting that cannot be used may show of its value, in which a password or a token may stand."""

from __future__ import annotations

from aftercall.formats.text import MASKED
from aftercall.masking.redact_url import redact_url
from aftercall.masking.rules import STRICT, Rules

MAX_CHARS = 100


def shown_value(value: str, length: int = MAX_CHARS) -> str:
    """Quoted, and no longer than that."""
    shown = shown_text(value)
    return repr(shown if len(shown) <= length else shown[: length - 1] + "…")


def shown_text(value: str) -> str:
    """As it is written."""
    from aftercall.masking.redact_text import redact_text  # noqa: PLC0415 - only where something is wrong

    rules = Rules()
    rules.level = STRICT
    if "@" in value:  # without its scheme, or with a wrong one, a URL may still hold a password
        before, _, host = value.rpartition("@")
        scheme, separator, _ = before.partition("://")
        value = f"{scheme}{separator}{MASKED}@{host}" if separator else f"{MASKED}@{host}"
    return redact_text(redact_url(value), rules)
