"""What a line about an unusable setting may show of its value, which may hold a password or a token."""

from __future__ import annotations

from aftercall.formats.text import MASKED
from aftercall.masking.redact_url import redact_url
from aftercall.masking.rules import STRICT, Rules

MAX_CHARS = 100


def shown_value(value: str, length: int = MAX_CHARS) -> str:
    """Masked, quoted, and no longer than `length`."""
    shown = shown_text(value)
    return repr(shown if len(shown) <= length else shown[: length - 1] + "…")


def shown_text(value: str) -> str:
    """Masked."""
    from aftercall.masking.redact_text import redact_text  # noqa: PLC0415 - only where something is wrong

    rules = Rules()
    rules.level = STRICT
    if "@" in value:  # without its scheme, or with a wrong one, a URL may still hold a password
        before, _, host = value.rpartition("@")
        scheme, separator, _ = before.partition("://")
        value = f"{scheme}{separator}{MASKED}@{host}" if separator else f"{MASKED}@{host}"
    return redact_text(redact_url(value), rules)
